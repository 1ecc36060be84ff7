"""{% icon "pen" %}: one drawing of the sprite, silent for screen readers (the word stands beside it)."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
ICON = '<svg class="i" aria-hidden="true"><use href="{}#{}"></use></svg>'


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(ICON, static("icons.svg"), name)
