"""The letters around visits: one by one, as a list, and those that wait to be sent."""

import django_filters
from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ctms.api.shapes import NameOf
from ctms.calendar.clocks import Pace
from ctms.pages.columns import Column, as_text
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from monitoring import services
from monitoring.models import PLANNED_AHEAD, LetterKind, LetterStatus, VisitLetter, VisitStatus
from monitoring.reports import letter_reading
from sites.pages.contacts import CONTACT_STEPS, today_at

from .reports import may_open_document
from .terms import PLACE, VISIT_PLACE, LetterTermColumn, letter_terms_of
from .visits import VisitRecord


class VisitLetterRecord(Record):
    model, slug = VisitLetter, "letters"
    under = "monitoring-visits"
    fields = (
        "study",
        "site",
        "visit",
        "kind",
        "dated_on",
        "method",
        Column("written_by", "Written by"),
        "sent_on",
        Column("sent_by", "Sender"),
        "acknowledged_on",
        "filed_as",
        "unblinded",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "visit",
        "kind",
        "dated_on",
        "recipients",
        "copies_to",
        "subject",
        "body",
        "method",
        ("written_by", NameOf()),
        "sent_on",
        ("sent_by", NameOf(allow_null=True)),
        "acknowledged_on",
        "filed_as",
        "unblinded",
        "status",
    )
    create = ("visit", "kind")
    create_with = staticmethod(
        lambda *, actor, visit, kind: services.write_letter(
            actor=actor, on=today_at(visit.site), visit=visit, kind=kind
        )
    )
    edit = ("dated_on", "recipients", "copies_to", "subject", "body", "method")
    edit_while = (LetterStatus.DRAFT,)
    add_permission = change_permission = "monitoring.write_letter"
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "visit": ["exact"],
        "kind": ["exact"],
        "status": ["exact"],
    }
    search = ("subject", "site__number", "site__organization__name", "study__protocol_number")
    find_words = ("subject", "visit__visit_type", "visit__number", "site__number")
    named_with = ("visit__study", "visit__site__organization")
    related = (
        *PLACE,
        "study",
        "country__nation",
        "filed_as__artifact",
        "written_by",
        "sent_by",
        "visit__report",
        *VISIT_PLACE,
    )
    template = "monitoring/letter.html"
    tall = ("body",)

    @classmethod
    def terms(cls, record, on):
        record.visit.shown_letters = [] if record.status == LetterStatus.VOIDED else [record]
        wanted = str(LetterKind(record.kind).label)
        return [term for term in letter_terms_of(record.visit) if term.label.startswith(wanted)]

    @classmethod
    def extra_context(cls, request, record):
        content = record.snapshot or services.contents_of_letter(record)
        return {
            **letter_reading(record, content),
            **cls.filing_context(request.user, record),
        }

    @classmethod
    def filing_context(cls, user, record):
        """Return what is said of the PDF of a letter that was sent: being made, or where it is filed."""
        return {
            "filing_url": reverse("letter-filing", args=[record.pk]),
            "filed_words": _("Sent on %(day)s and filed.") % {"day": as_text(record.sent_on)},
            "may_open_document": may_open_document(user, record),
        }


class Letters(Listing):
    record, title, rail = VisitLetterRecord, "Letters", ("Monitoring", 45)
    columns = (
        Column("label", "Letter", sort="kind"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "dated_on",
        "method",
        "sent_on",
        "acknowledged_on",
        "status",
    )
    order = ("-dated_on",)
    filters = {"study": ["exact"], "kind": ["exact"], "status": ["exact"], "sent_on": ["gte", "lte"]}
    search = VisitLetterRecord.search
    empty = "Confirmation and follow-up letters stand here; a monitor writes them from the page of the visit."


def without_their_letter(rows, user):
    """Keep the visits whose next letter was not sent: to confirm one ahead, to follow up one that took place."""
    sent = VisitLetter.objects.visible_to(user).sent()
    ahead = PLANNED_AHEAD & Q(status__in=(VisitStatus.PLANNED, VisitStatus.CONFIRMED))
    confirmed = sent.filter(kind=LetterKind.CONFIRMATION).values("visit")
    followed_up = sent.filter(kind=LetterKind.FOLLOW_UP).values("visit")
    took_place = Q(status=VisitStatus.CONDUCTED, report__isnull=False)
    return rows.filter((ahead & ~Q(pk__in=confirmed)) | (took_place & ~Q(pk__in=followed_up)))


class LettersDue(Listing):
    record, name, title, rail = VisitRecord, "letters-due", "Letters to send", ("Monitoring", 44)
    columns = (
        Column("label", "Visit", sort="visit_type"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        Column("first_day", "First day", sort="planned_start_on"),
        Column("monitor_names", "Monitors"),
        Column("next_letter", "Letter"),
        LetterTermColumn("letter_term", "Term", sort=""),
        "status",
    )
    order = ("planned_start_on",)
    filters = {"study": ["exact"], "status": ["exact"]}
    search = VisitRecord.search
    narrow = staticmethod(without_their_letter)
    empty = (
        "No letter waits to be sent: every visit ahead is confirmed and every visit of the past followed up."
    )

    @classmethod
    def extra_context(cls, request, place):
        return {"new_url": ""}  # a letter begins on its visit's page


class LettersDueFilters(LettersDue.filterset):
    """Those that are late, counted in the working days of each site's country."""

    late = django_filters.ChoiceFilter(
        method="only_late",
        label=_("Term"),
        empty_label=_("All"),
        choices=[("yes", _("Late"))],
        widget=forms.Select,
    )

    def only_late(self, rows, _name, _value):
        today = timezone.localdate()
        late = [
            visit.pk
            for visit in rows
            if any(term.pace(today) is Pace.LATE for term in letter_terms_of(visit) if not term.done_on)
        ]
        return rows.filter(pk__in=late)


LettersDue.filterset = LettersDueFilters


def follow_up_of(user, contact):
    """Return the step from a contact to an action item, for whoever raises items there."""
    if not user.has_perm("monitoring.add_actionitem", contact):
        return []
    return [(str(_("Raise an action item")), reverse("contact-raise-item", args=[contact.pk]))]


CONTACT_STEPS.append(follow_up_of)
