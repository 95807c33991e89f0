"""Raise action items and deviations, inside a report or beside it."""

from contextlib import nullcontext

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.explain import permit_at
from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.numbering.models import Series
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import holding
from monitoring.models import ActionItem, Deviation, ReportStatus
from subjects.services import subjects_are_kept, subjects_once_at

from .templates import asks

PLACE = ("study", "country", "site", "raised_in", "raised_from")


def raise_action_item(
    *,
    actor,
    site,
    text,
    opened_on,
    due_on,
    responsible="SITE",
    report=None,
    question_key="",
    contact=None,
    unblinded=False,
):
    """
    Write down one thing somebody does by a date; `report` or `contact` name where it came up.

    Raised in an unblinded report or contact, the item is unblinded.

    :param question_key: the question of the report it came up at; "" = at none
    """
    values = {
        "text": text,
        "opened_on": opened_on,
        "due_on": due_on,
        "responsible": responsible,
        "question_key": question_key,
    }
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
    question_key="",
    unblinded=False,
):
    """
    Write down a departure from the protocol; subjects by number only.

    :param question_key: the question of the report it came up at; "" = at none
    """
    _refuse_later(occurred_on, identified_on)
    values = {
        "category": category,
        "description": description,
        "occurred_on": occurred_on,
        "identified_on": identified_on,
        "subject_number": subject_number,
        "immediate_action": immediate_action,
        "question_key": question_key,
    }
    return _raise(Deviation, "monitoring.add_deviation", "deviation", actor, site, report, unblinded, values)


def change_deviation(*, actor, record, **fields):
    """Change what was written of a deviation; whom it names is a subject of its site."""
    for name, value in fields.items():
        setattr(record, name, value)
    refuse_stranger(record.site, record.subject_number)
    _refuse_later(record.occurred_on, record.identified_on)
    record.full_clean(exclude=PLACE)
    record.save()
    return record


def _refuse_later(occurred_on, identified_on):
    if occurred_on > identified_on:
        said = identified_on.strftime("%-d %b %Y")
        raise ValidationError(
            {"occurred_on": _("It was identified on %(day)s and cannot have occurred later.") % {"day": said}}
        )


def subjects_offered(site):
    """Return the numbers of the subjects who are or were at a site the caller sees."""
    with everything("which numbers the subjects of a site in hand have"):
        return list(subjects_once_at(site).order_by("number").values_list("number", flat=True))


def refuse_stranger(site, number):
    """
    Refuse the number of a subject who was never at the site, where the study's subjects are kept here.

    :raises ValidationError: at the number
    """
    if number and (sentence := why_stranger(site, [number])):
        raise ValidationError({"subject_number": sentence})


def why_stranger(site, numbers):
    """Return the sentence that refuses numbers of no subject of the site, or ''; the caller sees the site."""
    with everything("which numbers the subjects of a site in hand have"):
        if not subjects_are_kept(site.study_id):
            return ""
        known = set(subjects_once_at(site).values_list("number", flat=True))
    strangers = [number for number in numbers if number not in known]
    if not strangers:
        return ""
    return _("Site %(site)s has no subject %(number)s.") % {"site": site.number, "number": strangers[0]}


def _raise(model, permission, series, actor, site, report, unblinded, values):
    unblinded = report.unblinded if report is not None else unblinded
    permit_at(actor, permission, site.place(), unblinded=unblinded)
    if report is not None and (report.status != ReportStatus.DRAFT or report.site_id != site.pk):
        raise ValidationError(_("Items are raised in a report of the same site while it is a draft."))
    _refuse_other_questions(report, values["question_key"])
    refuse_stranger(site, values.get("subject_number", ""))
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


def _refuse_other_questions(report, question_key):
    if question_key and (report is None or not asks(report, question_key)):
        raise ValidationError({"question_key": _("The report has no such question.")})


def keep_resolution(item, move):
    """Effect of resolving or closing: the words given become the item's resolution."""
    item.resolution = move.reason


def keep_closing_day(item, move):
    """Effect of closing: the day it was done, which is none before it was opened."""
    if move.happened_on < item.opened_on:
        raise TransitionRefused(
            _("It was opened on %(day)s and cannot have been closed before.")
            % {"day": item.opened_on.strftime("%-d %b %Y")}
        )
    item.closed_on = move.happened_on


def clear_closing_day(item, move):
    item.closed_on = None
