"""What subjects agreed to, what they were allocated to, and where they moved."""

from django import forms
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record, in_own_order
from subjects import services
from subjects.models import (
    Allocation,
    Consent,
    Subject,
    SubjectTransfer,
)

from .places import OF_SUBJECT, day_field

CIRCLE_ONLY = _("What subjects were allocated to stands here for those who may know it.")


class ConsentRecord(Record):
    model, slug = Consent, "consents"
    under = "subjects"
    fields = ("study", "site", "subject", "form_version", "protocol_version", "signed_on", "status")
    api_fields = ("study", "country", *fields[1:])
    create = ("subject", "form_version", "protocol_version")
    create_extra = {
        "signed_on": day_field(
            _("Signed on"), required=False, help_text=_("Empty where the subject has yet to sign.")
        )
    }
    api_create_extra = {"signed_on": serializers.DateField(required=False, allow_null=True)}
    create_with = staticmethod(services.record_consent)
    add_permission = change_permission = "subjects.move_subject"
    filters = {
        "study": ["exact"],
        "site": ["exact"],
        "subject": ["exact"],
        "status": ["exact"],
        "protocol_version": ["exact"],
    }
    search = ("subject__number", "form_version")
    order = ("study_id", "subject_id", "pk")
    related = (*OF_SUBJECT, "protocol_version")


class Consents(Listing):
    record, title, rail = ConsentRecord, "Consents", ("Subjects", 32)
    columns = (
        Column("subject", "Subject", sort="subject__number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "form_version",
        "protocol_version",
        "signed_on",
        "status",
    )
    filters = {"study": ["exact"], "site": ["exact"], "status": ["exact"]}
    search = ConsentRecord.search
    empty = "Which form each subject signed, and who is still to sign a new one, stands here."


class AllocatedSubjectField(forms.ModelChoiceField):
    """A subject whose allocation the person may write."""

    def __init__(self):
        super().__init__(Subject.objects.none(), label=_("Subject"))

    def narrow(self, user, study):
        rows = in_own_order(services.subjects_to_allocate(user))
        return rows if study is None else rows.filter(study=study)


class AllocationRecord(Record):
    model, slug = Allocation, "allocations"
    under = "subjects"
    fields = ("study", "site", "subject", "arm", "arm_label", "kit_number", "allocated_on", "unblinded")
    api_fields = ("study", "country", *fields[1:])
    create = ("subject", "arm", "arm_label", "kit_number", "allocated_on")
    create_extra = {"subject": AllocatedSubjectField()}
    edit = ("arm", "arm_label", "kit_number", "allocated_on")
    create_with = staticmethod(services.record_allocation)
    add_permission = change_permission = "subjects.record_allocation"
    filters = {"study": ["exact"], "site": ["exact"], "subject": ["exact"]}
    search = ("subject__number",)
    order = ("study_id", "subject_id", "pk")
    related = (*OF_SUBJECT, "arm")


class Allocations(Listing):
    record, title = AllocationRecord, "Allocations"
    columns = (
        Column("subject", "Subject", sort="subject__number"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        "arm",
        "arm_label",
        "kit_number",
        "allocated_on",
    )
    filters = {"study": ["exact"], "site": ["exact"]}
    search = AllocationRecord.search
    empty = CIRCLE_ONLY


class SubjectTransferRecord(Record):
    model, slug = SubjectTransfer, "subject-transfers"
    under = "subjects"
    fields = ("study", "subject", "from_site", "to_site", "transferred_on", "reason")
    api_fields = ("study", "country", "site", *fields[1:])
    create = ("subject", "to_site", "transferred_on", "reason")
    create_with = staticmethod(services.transfer_subject)
    add_permission = change_permission = "subjects.move_subject"
    filters = {"study": ["exact"], "subject": ["exact"], "from_site": ["exact"], "to_site": ["exact"]}
    order = ("study_id", "pk")
    related = (*OF_SUBJECT, "from_site__organization", "to_site__organization")


class SubjectTransfers(Listing):
    record, title = SubjectTransferRecord, "Transfers of subjects"
    columns = (
        Column("subject", "Subject", sort="subject__number"),
        Column("study", sort="study__protocol_number"),
        Column("from_site", sort="from_site__number"),
        Column("to_site", sort="to_site__number"),
        "transferred_on",
        "reason",
    )
    filters = {"study": ["exact"]}
    search = ("subject__number",)
    empty = "A subject that goes on at another site is written down here; its number stays."
