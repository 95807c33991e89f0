"""The reports a person may run, those they read, and those that come round."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.access.assignments import people
from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record

from .declare import in_order
from .forms import ReadersField, ReportField
from .models import ReportRecipient, ReportRun, ReportSchedule
from .printing import reading
from .running import RUNS, reports_at, stands
from .scheduling import ADDS, schedule_report

PLACE = ("study", "country__nation", "site__organization")


class RunRecord(Record):
    model, slug = ReportRun, "report-runs"
    fields = ("study", "country", "site", "status_on", "cut_at", "made_at", Column("came", "How it came"),
              "schedule", Column("sha256", "SHA-256", wide=True))  # fmt: skip
    api_fields = (
        "study", "country", "site", "report", ("title", serializers.CharField(read_only=True)), "status_on",
        "cut_at", "made_at", ("facts", serializers.JSONField(read_only=True)), "sha256",
    )  # fmt: skip
    filters = {"study": ["exact"], "country": ["exact"], "site": ["exact"], "report": ["exact"],
               "status_on": ["gte", "lte"]}  # fmt: skip
    search = ("report", "study__protocol_number", "site__number")
    related = (*PLACE, "file", "schedule__study", "schedule__country__nation", "schedule__site__organization")
    template = "reports/run.html"

    @classmethod
    def extra_context(cls, request, record):
        return {**reading(record), "stands": stands(record), "as_page": True}


class Runs(Listing):
    record, title = RunRecord, "Reports"
    tab, tab_position, rail = "Reports", 90, ("Reports", 70)
    columns = (
        Column("title", "Report", sort="report"),
        Column("place_label", "Study or place", sort="study__protocol_number"),
        "status_on",
        "cut_at",
        Column("came", "How it came", sort="schedule"),
        "made_at",
    )
    filters = {"study": ["exact"], "status_on": ["gte", "lte"]}
    template = "reports/runs.html"
    empty = "Reports you run, or that are sent to you, stay here as they were."

    @classmethod
    def extra_context(cls, request, place):
        return {"reports": offered(request.user, place), "may_schedule": request.user.has_perm(ADDS, place)}


def offered(user, place):
    """Return [(report, address of its form)] of the reports a person may run at a place, or anywhere."""
    if place is None:
        found = [one for one in in_order() if user.has_perm(RUNS) and user.has_perm(one.permission)]
        return [(one, reverse("report-form", args=[one.name])) for one in found]
    at = place.place()
    level = {"Study": "study", "StudyCountry": f"country-{place.pk}", "StudySite": f"site-{place.pk}"}
    query = f"?study={at.study}&place={level[type(place).__name__]}"
    return [(one, reverse("report-form", args=[one.name]) + query) for one in reports_at(user, place)]


class ReaderShape(serializers.Serializer):
    user = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.__str__")


class ScheduleRecord(Record):
    model, slug = ReportSchedule, "report-schedules"
    under = "report-runs"
    fields = (Column("title", "Report"), "study", "country", "site", Column("when", "When"),
              Column("readers", "Readers", wide=True), "owner", "starts_on", "status")  # fmt: skip
    api_fields = (
        "study", "country", "site", "report", "rhythm", "weekday", "month_day", "owner", "starts_on",
        ("readers", ReaderShape(many=True, read_only=True, source="shown_recipients")), "status",
    )  # fmt: skip
    create = ("study", "country", "site", "rhythm", "weekday", "month_day")
    create_extra = {"report": ReportField(), "recipients": ReadersField()}
    create_first = ("report",)
    api_create_extra = {
        "report": serializers.CharField(),
        "recipients": serializers.PrimaryKeyRelatedField(queryset=people(), many=True),
    }
    create_with = staticmethod(
        lambda *, actor, **fields: schedule_report(actor=actor, on=timezone.localdate(), **fields)
    )
    filters = {"study": ["exact"], "report": ["exact"], "status": ["exact"]}
    search = ("report", "study__protocol_number", "site__number")
    related = (*PLACE, "owner")

    @classmethod
    def rows(cls, user):
        recipients = ReportRecipient.objects.visible_to(user).select_related("user").order_by("pk")
        return (
            super()
            .rows(user)
            .prefetch_related(Prefetch("recipients", queryset=recipients, to_attr="shown_recipients"))
        )


class Schedules(Listing):
    record, title, rail = ScheduleRecord, "Scheduled reports", ("Reports", 71)
    columns = (
        Column("title", "Report", sort="report"),
        Column("place_label", "Study or place", sort="study__protocol_number"),
        Column("when", "When", sort="rhythm"),
        Column("readers", "Readers"),
        Column("owner", sort="owner__last_name"),
        "status",
    )
    filters = {"study": ["exact"], "status": ["exact"]}
    search = ScheduleRecord.search
    empty = _(
        "A report that comes round, every week or month, is made here; its readers get a mail with a link."
    )
