"""Filters that write dates, codes and digests the same way everywhere."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from agencies import nip
from agencies.figures import written
from agencies.one_line import one_line
from commitments import dates, failures

register = template.Library()


# The subject of a mail is its first line, whatever the titles in it hold.
register.filter("one_line", one_line)


@register.filter
def breakable(address):
    """A mail address as HTML that wraps behind the @ or before a dot, inside a word only if it must."""
    return format_html_join(
        mark_safe("<wbr>"), "{}", ([part] for part in re.split(r"(?<=@)|(?=\.)", address))
    )


@register.filter
def amount(value):
    """1.284 or 62,5: thousands apart, and no zeros that say nothing."""
    return "" if value is None else written(value)


BAR = """<svg class="bar" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none"><path \
d="M0 0h{}v10H0z"></path></svg>"""


@register.simple_tag
def bar(part, whole):
    """A picture of a share, on paper too. The figures stand beside it as text."""
    share = min(100, round(100 * (part or 0) / whole, 1)) if whole else 0
    return format_html(BAR, share)


@register.filter
def rupiah(value):
    """Rp 1.284.000."""
    return f"Rp {amount(value)}"


@register.filter
def wib_moment(value):
    """27 November 2026 pukul 10.24 WIB."""
    return dates.moment(value) if value else ""


@register.filter
def wib_date(value):
    """11 Mei 2022."""
    return dates.long_date(value) if value else ""


@register.filter
def wib_day_date(value):
    """Rabu, 11 Mei 2022."""
    return dates.day_date(value) if value else ""


@register.filter
def wib_month(value):
    """Mei 2022."""
    return dates.month(value) if value else ""


@register.filter
def wib_weekday(value):
    """Rabu."""
    return dates.weekday(value) if value else ""


@register.filter
def wib_clock(value):
    """10.24 WIB."""
    return dates.clock(value) if value else ""


@register.filter
def days_left(value):
    """3 hari lagi; hari ini; lewat 2 hari."""
    return dates.days_left(value) if value else ""


@register.filter
def wib_iso(value):
    """For <time datetime>: 2026-11-27T10:24:00+07:00."""
    return dates.iso(value) if value else ""


@register.filter
def failure(kind):
    """Why a mail or a paper failed, for people."""
    return failures.in_words(kind)


@register.filter
def digest_groups(value, groups=4):
    """The first digits of a SHA-256 in groups of four, for people to compare."""
    return " ".join(value[i : i + 4] for i in range(0, 4 * int(groups), 4))


@register.filter
def masked_nip(value):
    return nip.masked(value)


@register.filter
def spaced_nip(value):
    """19860926 201505 1 001, as civil servants write it."""
    return nip.spaced(value)
