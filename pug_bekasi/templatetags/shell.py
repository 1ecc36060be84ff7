"""{% icon "pen" %}: one drawing of the sprite, silent for screen readers (the word stands beside it)."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.states import Completion, WorkState

register = template.Library()
ICON = '<svg class="i" aria-hidden="true"><use href="{}#{}"></use></svg>'


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(ICON, static("icons.svg"), name)


CHIP = """<span class="st st-{}">{}{}</span>"""
CHIPS: dict[str, tuple[str, str]] = {
    WorkState.DRAFT: ("neutral", "file"),
    WorkState.SUBMITTED: ("signed", "upload"),
    WorkState.NEEDS_WORK: ("returned", "return"),
    WorkState.ACCEPTED: ("accepted", "check-circle"),
    Completion.NONE: ("neutral", "circle"),
    Completion.NOT_STARTED: ("neutral", "circle"),
    Completion.LIMITED: ("signed", "play"),
    Completion.SUBSTANTIAL: ("signed", "play"),
    Completion.COMPLETE: ("accepted", "check-circle"),
}


@register.simple_tag
def chip(state: str, label: str) -> SafeString:
    """How a report or a piece of evidence stands, or how far an action is: word, drawing and colour."""
    colour, drawing = CHIPS[state]
    return format_html(CHIP, colour, icon(drawing), label)
