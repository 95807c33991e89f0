"""How values are shown: one way in the whole product."""

from datetime import UTC, date

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from ctms.access.scoping import Scoped
from ctms.money.amounts import rounded
from ctms.pages.columns import as_text, units_text
from ctms.pages.columns import instant as as_instant
from ctms.pages.frame import overview_url
from ctms.pages.keyboard import keys_as_json, keys_for
from ctms.pages.record import record_for, url_of
from ctms.pages.rows import state_badge
from ctms.workflow.declare import flows_of

register = template.Library()


@register.filter
def words(value):
    """Show any value in words."""
    return as_text(value)


@register.filter
def instant(value):
    return as_instant(value) if value else as_text(None)


@register.filter
def instant_with_utc(value):
    """Show such as `17 Mar 2026 14:05 CET (13:05 UTC)`: for what is printed and leaves the house."""
    return f"{as_instant(value)} ({value.astimezone(UTC):%H:%M} UTC)"


@register.filter
def in_units(number):
    """Show a count with parts without idle zeros."""
    return as_text(None) if number in (None, "") else units_text(number)


@register.filter
def in_currency(amount, currency):
    """Show an amount with the decimals of its currency, which stands in the head of its column."""
    return as_text(None) if amount in (None, "") else f"{rounded(amount, currency):,}"


@register.filter
def iso_day(value):
    """Show a day that was kept as ISO text in a snapshot."""
    return as_text(date.fromisoformat(value)) if value else as_text(None)


@register.simple_tag
def text_of(column, record):
    return column.text(record)


@register.simple_tag
def tone_of(column, record):
    return column.tone(record)


@register.simple_tag(takes_context=True)
def fact(context, column, record):
    """Show a fact of a record: a state as a badge, another record as a link if the person may open it."""
    value = column.value(record)
    text = column.text(record)
    if tone := column.tone(record):
        return state_badge(tone, text)
    if hasattr(value, "_meta") and may_open(context["request"].user, value):
        return format_html('<a href="{}">{}</a>', url_of(value), text)
    if (place := column.opens(record)) and may_open(context["request"].user, place[0]):
        return format_html('<a href="{}#{}">{}</a>', url_of(place[0]), place[1], text)
    return text


def may_open(user, record):
    """True if the record has a page this person sees."""
    declaration = record_for(record)
    if declaration is None or declaration.api_only:
        return False
    return user.has_perm(declaration.view_permission(), record if isinstance(record, Scoped) else None)


register.simple_tag(state_badge)


@register.simple_tag
def record_state(record):
    """Show the badge of every life cycle of a record."""
    badges = [
        state_badge(flow.tone(getattr(record, flow.field)), flow.state_label(getattr(record, flow.field)))
        for flow in flows_of(record)
        if not (flow.field != "status" and getattr(record, flow.field) == flow.first)
    ]
    return mark_safe(" ".join(badges))


@register.simple_tag
def url_for(record, page=""):
    declaration = record_for(record)
    return declaration.url(record, page) if declaration else ""


@register.simple_tag(takes_context=True)
def study_url(context, study):
    """Return the first page a study has for the person who reads: its overview, or a sponsor's portal."""
    return overview_url(context["request"].user, study)


@register.simple_tag(takes_context=True)
def keyboard_keys(context):
    """Return the keys this person's pages answer to, by section."""
    return keys_for(context["rail"])


@register.simple_tag(takes_context=True)
def keyboard_json(context):
    return keys_as_json(context["rail"])


@register.simple_tag
def transition_url(record, name):
    return f"{record_for(record).url(record)}transitions/{name}/"


@register.simple_tag(takes_context=True)
def query_with(context, **changes):
    """Return the address's query with some parameters changed; None or '' removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


@register.inclusion_tag("pages/_icon.html")
def icon(name):
    return {"name": name}
