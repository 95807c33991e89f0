"""On which days a report comes round. Values only."""

from datetime import timedelta

from django.utils.translation import gettext as _

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def last_due(rhythm, weekday, month_day, on):
    """Return the latest day up to `on` on which the report is due."""
    if rhythm == "WEEKLY":
        return on - timedelta(days=(on.weekday() - weekday) % 7)
    this_month = on.replace(day=month_day)
    if this_month <= on:
        return this_month
    return (on.replace(day=1) - timedelta(days=1)).replace(day=month_day)


def in_words(rhythm, weekday, month_day):
    """Return such as `every Thursday` or `every month on day 5`."""
    if rhythm == "WEEKLY":
        return _("every %(day)s") % {"day": _(WEEKDAYS[weekday])}
    return _("every month on day %(day)d") % {"day": month_day}
