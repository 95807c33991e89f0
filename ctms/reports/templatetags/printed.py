"""How values are printed, where a page's way of showing them is not enough."""

from datetime import UTC, date

from django import template
from django.utils import timezone

from ctms.pages.columns import as_text
from ctms.pages.columns import instant as shown_instant

register = template.Library()


@register.filter
def printed_instant(value):
    """Return such as `17 Mar 2026 14:05 CET (13:05 UTC)`: no reader has to know the zone (21 CFR 11.50(a)(2))."""
    local = shown_instant(value)
    if timezone.localtime(value).utcoffset():
        return f"{local} ({value.astimezone(UTC):%H:%M} UTC)"
    return local


@register.filter
def printed_day(value):
    """Return a day of a snapshot, `2026-03-17`, as `17 Mar 2026`."""
    return as_text(date.fromisoformat(value) if value else None)
