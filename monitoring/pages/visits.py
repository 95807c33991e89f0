"""Monitoring visits, as a list and one by one."""

from django import forms
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from ctms.access.assignments import people
from ctms.api.shapes import Made, NameOf
from ctms.pages.columns import Column
from ctms.pages.forms import PeopleField, PersonField, SaidOnRefusal
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from ctms.pages.views import sorted_offers
from monitoring import services
from monitoring.models import (
    ActionItem,
    LetterKind,
    LetterStatus,
    MonitoringVisit,
    VisitLetter,
    VisitMonitor,
    VisitStatus,
)

from .terms import COUNTRY, PLACE, ReportTermColumn, letter_terms_of, terms_of


class MonitorShape(serializers.Serializer):
    user = serializers.IntegerField(source="user_id")
    name = NameOf(source="user")
    part = serializers.CharField()


def monitored_by(user, text):
    """Return the condition of visits monitored by somebody of this name, written with its accents or without."""
    named = Q()
    for word in text.split():
        named &= Q(user__first_name__unaccent__icontains=word) | Q(user__last_name__unaccent__icontains=word)
    return Q(pk__in=VisitMonitor.objects.visible_to(user).filter(named).values("visit"))


class VisitRecord(Record):
    model, slug = MonitoringVisit, "monitoring-visits"
    fields = (
        "study",
        "site",
        Column("label", "Visit"),
        "visit_type",
        "method",
        "planned_start_on",
        "planned_end_on",
        "actual_start_on",
        "actual_end_on",
        Column("monitor_names", "Monitors"),
        "purpose",
        "unblinded",
        "status",
    )
    api_fields = (
        "study",
        "country",
        "site",
        "visit_type",
        "number",
        ("label", Made("visit_type", "number", "unblinded")),
        "method",
        "planned_start_on",
        "planned_end_on",
        "actual_start_on",
        "actual_end_on",
        ("monitors", MonitorShape(many=True, read_only=True, source="shown_monitors")),
        ("report", serializers.IntegerField(source="report.pk", read_only=True, default=None)),
        "purpose",
        "unblinded",
        "status",
    )
    create = ("site", "visit_type", "method", "planned_start_on", "planned_end_on", "purpose", "unblinded")
    create_extra = {
        "planned_end_on": forms.DateField(
            label=gettext_lazy("Planned last day"),
            required=False,
            help_text=gettext_lazy("Empty where it is the first as well."),
        ),
        "primary_monitor": PersonField(
            permission="monitoring.write_report", label=gettext_lazy("Primary monitor")
        ),
        "co_monitors": PeopleField(
            permission="monitoring.write_report", label=gettext_lazy("Co-monitors"), required=False
        ),
        "already_past": SaidOnRefusal(
            beside="planned_start_on",
            how=gettext_lazy("Save again if that is right: a visit may be recorded afterwards."),
        ),
    }
    api_create_extra = {
        "primary_monitor": serializers.PrimaryKeyRelatedField(queryset=people()),
        "co_monitors": serializers.PrimaryKeyRelatedField(queryset=people(), many=True, required=False),
        "already_past": serializers.BooleanField(
            required=False,
            write_only=True,
            help_text="True: it is known that the planned first day is past, as of a visit recorded afterwards.",
        ),
    }
    create_with = staticmethod(
        lambda *, actor, **fields: services.plan_visit(actor=actor, on=timezone.localdate(), **fields)
    )
    edit = ("method", "planned_start_on", "planned_end_on", "purpose")
    edit_while = (VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.CONFIRMED)
    filters = {
        "study": ["exact"],
        "country": ["exact"],
        "site": ["exact"],
        "visit_type": ["exact"],
        "status": ["exact"],
        "planned_start_on": ["gte", "lte"],
    }
    search = ("site__number", "site__organization__name", "study__protocol_number")
    search_also = staticmethod(monitored_by)
    find_by = ("{visit_type} {number}",)
    find_words = ("site__number", "site__organization__name")
    make_label = gettext_lazy("Plan a visit")
    named_with = ("study", "site__organization")
    related = (*PLACE, "study", "report", "country")
    template = "monitoring/visit.html"
    parts = (("monitoring.VisitMonitor", "visit"),)

    @staticmethod
    def create_initial(user):
        """A CRA plans visits of their own."""
        if not user.has_perm("monitoring.write_report") or user.has_perm("monitoring.approve_report"):
            return {}
        return {"primary_monitor": user.pk}

    @classmethod
    def rows(cls, user):
        letters = VisitLetter.objects.visible_to(user).order_by("pk")
        return cls._with_monitors(user).prefetch_related(
            Prefetch("letters", queryset=letters, to_attr="shown_letters")
        )

    @classmethod
    def rows_answered(cls, user):
        return cls._with_monitors(user).select_related(None).select_related("report")

    @classmethod
    def _with_monitors(cls, user):
        monitors = VisitMonitor.objects.visible_to(user).select_related("user").order_by("-part", "pk")
        return (
            super()
            .rows(user)
            .prefetch_related(Prefetch("monitors", queryset=monitors, to_attr="shown_monitors"))
        )

    @classmethod
    def terms(cls, record, on):
        return [*letter_terms_of(record), *terms_of(record)]

    @classmethod
    def extra_context(cls, request, record):
        items = ActionItem.objects.visible_to(request.user).filter(site=record.site_id).open()
        report = getattr(record, "report", None)
        found = {"steps": steps_of(record, request.user)} if is_past(record) else {}
        return {
            **found,
            "letters": letters_of(request.user, record),
            "open_items": items.order_by("due_on", "pk")[:20],
            "shows_report": report is not None
            and request.user.has_perm("monitoring.view_monitoringreport", report),
        }


def is_past(visit):
    """True if a visit ahead should have begun by now: what comes next is to say that it took place."""
    return visit.status in (VisitStatus.PLANNED, VisitStatus.CONFIRMED) and (
        visit.planned_start_on <= timezone.localdate()
    )


def steps_of(visit, user):
    """Return the next steps of a visit whose day has come: recording it before confirming it."""
    steps = sorted_offers(visit, user)["steps"]
    return sorted(steps, key=lambda offer: offer.transition.name != "conduct")


def letters_of(user, visit):
    """Return what a visit's page says of its letters: those written, and those to be written next."""
    if not user.has_perm("monitoring.view_letter", visit):
        return None
    today = timezone.localdate()
    standing = {letter.kind: letter for letter in visit.shown_letters if letter.status != LetterStatus.VOIDED}
    terms = {term.label: term for term in letter_terms_of(visit)}
    may_write = user.has_perm("monitoring.write_letter", visit)
    rows = []
    for kind in LetterKind:
        letter = standing.get(kind)
        possible = may_write and not letter and not services.why_no_letter(visit, kind)
        term = next((t for label, t in terms.items() if label.startswith(str(kind.label))), None)
        if letter or possible or term:
            rows.append(
                {
                    "kind": kind,
                    "letter": letter,
                    "may_write": possible,
                    "pace": term.pace(today) if term else None,
                    "sentence": term.sentence(today) if term else "",
                }
            )
    return rows


class Visits(Listing):
    record, title = VisitRecord, "Monitoring visits"
    tab, tab_position, rail = "Visits", 50, ("Monitoring", 40)
    columns = (
        Column("label", "Visit", sort="visit_type"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "method",
        Column("first_day", "First day", sort="planned_start_on"),
        Column("monitor_names", "Monitors"),
        ReportTermColumn("term", "Report term", sort=""),
        "status",
    )
    more_columns = (
        COUNTRY,
        "visit_type",
        "planned_end_on",
        "actual_start_on",
        "actual_end_on",
        "purpose",
    )
    bulk = ("confirm", "cancel")
    order = ("-planned_start_on",)
    filters = {
        "study": ["exact"],
        "site": ["exact"],
        "status": ["exact"],
        "visit_type": ["exact"],
        "planned_start_on": ["gte", "lte"],
    }
    search = VisitRecord.search
    empty = "Visits to the sites stand here. CRAs and clinical leads plan them."
