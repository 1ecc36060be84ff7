"""{% icon "pen" %}: one drawing of the sprite, silent for screen readers (the word stands beside it)."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = ""):
    extra = f" {classes}" if classes else ""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"></use></svg>', extra, static("icons.svg"), name
    )
