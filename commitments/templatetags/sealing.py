"""What is the matter with the seal and the papers, on the pages of administrators."""

from django import template

from commitments import outbox
from commitments.documents import checks
from commitments.permissions import may

register = template.Library()


@register.inclusion_tag("commitments/_seal_note.html", takes_context=True)
def seal_note(context):
    """Nothing for everybody else, and nothing when all is well."""
    user = getattr(context.get("request"), "user", None)
    shown = user is not None and may(user, "publish")
    return {"troubles": [sentence for _, sentence in checks.troubles()] if shown else []}


@register.inclusion_tag("admin/commitments/_notes.html")
def admin_notes():
    from commitments.printing import jobs  # knows paper, and so takes seconds to import

    troubles = [sentence for _, sentence in checks.troubles()]
    held = jobs.held().select_related("declaration")
    return {"troubles": troubles, "jobs": held, "mails": outbox.held()}
