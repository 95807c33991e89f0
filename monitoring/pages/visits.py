"""Monitoring visits, as a list and one by one."""

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from ctms.access.assignments import people
from ctms.pages.columns import Column
from ctms.pages.forms import PeopleField, PersonField
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from monitoring import services
from monitoring.calculations import letter_due_on
from monitoring.models import ActionItem, MonitoringVisit, VisitMonitor, VisitStatus

from .terms import PLACE, TermColumn, terms_of


class MonitorShape(serializers.Serializer):
    user = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.__str__")
    part = serializers.CharField()


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
        ("label", serializers.CharField(read_only=True)),
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
        "primary_monitor": PersonField(
            permission="monitoring.write_report", label=gettext_lazy("Primary monitor")
        ),
        "co_monitors": PeopleField(
            permission="monitoring.write_report", label=gettext_lazy("Co-monitors"), required=False
        ),
    }
    api_create_extra = {
        "primary_monitor": serializers.PrimaryKeyRelatedField(queryset=people()),
        "co_monitors": serializers.PrimaryKeyRelatedField(queryset=people(), many=True, required=False),
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
    related = (*PLACE, "study", "report", "country")
    template = "monitoring/visit.html"
    parts = (("monitoring.VisitMonitor", "visit"),)

    @classmethod
    def rows(cls, user):
        monitors = VisitMonitor.objects.visible_to(user).select_related("user").order_by("-part", "pk")
        return (
            super()
            .rows(user)
            .prefetch_related(Prefetch("monitors", queryset=monitors, to_attr="shown_monitors"))
        )

    @classmethod
    def terms(cls, record, on):
        return terms_of(record)

    @classmethod
    def extra_context(cls, request, record):
        letter_due = None
        if record.status in (VisitStatus.PLANNED, VisitStatus.CONFIRMED):
            letter_due = letter_due_on(
                record.planned_start_on, record.study.confirmation_letter_days, record.site.calendar_country
            )
        items = ActionItem.objects.visible_to(request.user).filter(site=record.site_id).open()
        report = getattr(record, "report", None)
        return {
            "letter_due": letter_due,
            "open_items": items.order_by("due_on", "pk")[:20],
            "shows_report": report is not None
            and request.user.has_perm("monitoring.view_monitoringreport", report),
        }


class Visits(Listing):
    record, title = VisitRecord, "Monitoring visits"
    tab, tab_position, rail = "Monitoring", 50, ("Monitoring", 40)
    columns = (
        Column("label", "Visit", sort="visit_type"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "method",
        Column("first_day", "First day", sort="planned_start_on"),
        Column("monitor_names", "Monitors"),
        TermColumn("term", "Report term", sort=""),
        "status",
    )
    order = ("-planned_start_on",)
    filters = {
        "study": ["exact"],
        "status": ["exact"],
        "visit_type": ["exact"],
        "planned_start_on": ["gte", "lte"],
    }
    search = VisitRecord.search
    empty = "Visits to the sites stand here. CRAs and clinical leads plan them."
