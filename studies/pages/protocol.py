"""The protocol: its versions, its arms, epochs and activities, and the visits it plans."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from rest_framework import serializers

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from studies.models import (
    Activity,
    Amendment,
    Arm,
    Epoch,
    Outcome,
    PlannedVisit,
    PlannedVisitActivity,
    ProtocolStatus,
    ProtocolVersion,
)


class ProtocolVersionRecord(Record):
    model, slug = ProtocolVersion, "protocol-versions"
    under = "planned-visits"
    fields = ("study", "label", "dated", "stated_status", "status")
    api_fields = ("study", "label", "dated_on", "dated_precision", "stated_status", "status")
    create = ("study", "label", "dated_on")
    edit = ("label", "dated_on")
    add_permission = change_permission = "studies.change_plan"
    filters = {"study": ["exact"], "status": ["exact"]}
    order = ("study_id", "-pk")
    related = ("study",)


def version_url(user, study, *, back):
    """Return the address of the form that adds a protocol version to a study, or '' for who may not."""
    may_make = ProtocolVersionRecord.may_make_at(user, study)
    return ProtocolVersionRecord.making_url(study=study.pk, back=back) if may_make else ""


def way_to_effective(user, study, *, back):
    """Return (what is to be done, where) until a protocol version of a study is effective, or None for who may not."""
    drafts = ProtocolVersionRecord.rows(user).filter(study=study, status=ProtocolStatus.DRAFT)
    if (draft := drafts.order_by("-pk").first()) is not None:
        return _("Make %(version)s effective") % {"version": draft}, ProtocolVersionRecord.url(draft)
    url = version_url(user, study, back=back)
    return (ProtocolVersionRecord.label_of_making(), url) if url else None


class ProtocolVersions(Listing):
    record, title = ProtocolVersionRecord, "Protocol versions"
    columns = ("label", Column("dated", "Dated", sort="dated_on"), "stated_status", "status")
    tab, tab_position, tab_at = "Protocol versions", 28, ("Study",)
    filters = {"study": ["exact"], "status": ["exact"]}
    empty = "The versions of the protocol stand here. Project managers and clinical leads add them."


class AmendmentRecord(Record):
    model, slug, api_only = Amendment, "amendments", True
    fields = (
        "study",
        "number",
        "name",
        "summary",
        "reason",
        "substantial",
        "dated_on",
        "dated_precision",
        "sequence",
    )
    filters = {"study": ["exact"]}
    order = ("study_id", "sequence", "pk")


class ArmRecord(Record):
    model, slug, api_only = Arm, "arms", True
    fields = ("study", "sequence", "name", "label", "kind", "description", "retired")
    create = ("study", "sequence", "name", "label", "kind", "description")
    edit = ("sequence", "name", "label", "kind", "description", "retired")
    add_permission = change_permission = "studies.change_plan"
    filters = {"study": ["exact"], "retired": ["exact"]}
    order = ("study_id", "sequence", "pk")


class EpochRecord(Record):
    model, slug, api_only = Epoch, "epochs", True
    fields, create, edit = ArmRecord.fields, ArmRecord.create, ArmRecord.edit
    add_permission = change_permission = "studies.change_plan"
    filters, order = ArmRecord.filters, ArmRecord.order


class ActivityRecord(Record):
    model, slug, api_only = Activity, "activities", True
    fields = ("study", "sequence", "name", "label", "description", "group", "is_group", "retired")
    add_permission = change_permission = "studies.change_plan"
    filters, order = ArmRecord.filters, ArmRecord.order


class PlannedVisitRecord(Record):
    model, slug = PlannedVisit, "planned-visits"
    fields = (
        "study",
        "sequence",
        "name",
        "label",
        "epoch",
        "kind",
        "offset_days",
        "window_before_days",
        "window_after_days",
        "contact_modes",
        "settings",
        Column("activity_names", "Activities"),
        "protocol_version",
        "retired",
    )
    api_fields = (
        "study",
        "sequence",
        "name",
        "label",
        ("epoch", serializers.CharField(source="epoch.name", read_only=True, default=None)),
        ("epoch_id", serializers.IntegerField(read_only=True, allow_null=True)),
        "kind",
        "offset_days",
        "window_before_days",
        "window_after_days",
        "contact_modes",
        "settings",
        (
            "activities",
            serializers.ListField(child=serializers.CharField(), source="activity_names", read_only=True),
        ),
        ("activity_ids", serializers.ListField(child=serializers.IntegerField(), read_only=True)),
        "protocol_version",
        "retired",
    )
    create = (
        "study",
        "sequence",
        "name",
        "label",
        "epoch",
        "offset_days",
        "window_before_days",
        "window_after_days",
        "protocol_version",
    )
    edit = (
        "sequence",
        "name",
        "label",
        "epoch",
        "offset_days",
        "window_before_days",
        "window_after_days",
        "protocol_version",
        "retired",
    )
    add_permission = change_permission = "studies.change_plan"
    filters, order = ArmRecord.filters, ArmRecord.order
    related = ("study", "epoch", "protocol_version")

    @classmethod
    def rows(cls, user):
        crosses = PlannedVisitActivity.objects.visible_to(user).select_related("activity")
        return (
            super()
            .rows(user)
            .filter(retired=False)
            .prefetch_related(
                Prefetch(
                    "crosses", queryset=crosses.order_by("activity__sequence", "pk"), to_attr="shown_crosses"
                )
            )
        )


class Plan(Listing):
    record, name, title = PlannedVisitRecord, "planned-visits", "Schedule of visits"
    tab, tab_position = "Schedule", 27
    columns = (
        "name",
        "label",
        Column("epoch", sort="epoch__sequence"),
        Column("offset_days", "Day", number=True),
        Column("window", "Window (days)"),
        Column("activity_count", "Activities", number=True),
    )
    order = ("study_id", "sequence")
    filters = {"study": ["exact"], "epoch": ["exact"]}
    search = ("name", "label")
    empty = "The planned visits of the protocol stand here; they come in with a protocol file in USDM."


class OutcomeRecord(Record):
    model, slug, api_only = Outcome, "outcomes", True
    fields = ("study", "level", "sequence", "measure", "time_frame", "description", "retired")
    filters = {"study": ["exact"], "level": ["exact"]}
    order = ("study_id", "pk")
