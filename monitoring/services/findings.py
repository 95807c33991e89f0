"""Raise action items and deviations, inside a report or beside it."""

from contextlib import nullcontext

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.audit.context import acting_as
from ctms.numbering.models import Series
from ctms.workflow.engine import holding
from monitoring.models import ActionItem, Deviation, ReportStatus

PLACE = ("study", "country", "site", "raised_in", "raised_from")


def raise_action_item(
    *, actor, site, text, opened_on, due_on, responsible="SITE", report=None, contact=None, unblinded=False
):
    """
    Write down one thing somebody does by a date; `report` or `contact` name where it came up.

    Raised in an unblinded report or contact, the item is unblinded.
    """
    values = {"text": text, "opened_on": opened_on, "due_on": due_on, "responsible": responsible}
    if contact is not None:
        unblinded = contact.unblinded
        values["raised_from"] = contact
        if contact.site_id != site.pk or contact.status == "VOIDED":
            raise ValidationError(_("Items are raised from a contact of the same site that stands."))
    return _raise(
        ActionItem,
        "monitoring.add_actionitem",
        "action-item",
        actor,
        site,
        report,
        unblinded,
        values,
    )


def raise_deviation(
    *,
    actor,
    site,
    category,
    description,
    occurred_on,
    identified_on,
    subject_number="",
    immediate_action="",
    report=None,
    unblinded=False,
):
    """Write down a departure from the protocol; subjects by number only."""
    values = {
        "category": category,
        "description": description,
        "occurred_on": occurred_on,
        "identified_on": identified_on,
        "subject_number": subject_number,
        "immediate_action": immediate_action,
    }
    return _raise(Deviation, "monitoring.add_deviation", "deviation", actor, site, report, unblinded, values)


def _raise(model, permission, series, actor, site, report, unblinded, values):
    unblinded = report.unblinded if report is not None else unblinded
    permit_at(actor, permission, site.place(), unblinded=unblinded)
    if report is not None and (report.status != ReportStatus.DRAFT or report.site_id != site.pk):
        raise ValidationError(_("Items are raised in a report of the same site while it is a draft."))
    in_report = holding(report, actor=actor) if report is not None else nullcontext()
    with acting_as(actor), in_report:
        circle = "unblinded" if unblinded else "blinded"
        record = model(
            site=site,
            raised_in=report,
            unblinded=unblinded,
            number=Series.next_of(series, site.pk, circle),
            **values,
        )
        # What it hangs on is in hand and need not be looked for again.
        record.full_clean(exclude=PLACE)
        record.save()
    return record


def keep_resolution(item, move):
    """Effect of resolving or closing: the words given become the item's resolution."""
    item.resolution = move.reason


def keep_closing_day(item, move):
    item.closed_on = move.happened_on


def clear_closing_day(item, move):
    item.closed_on = None
