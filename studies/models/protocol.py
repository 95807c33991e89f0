from django.db import models
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import StudyOwned
from ctms.audit.trail import audited
from ctms.calendar.partial_dates import PartialDate, Precision


class ProtocolStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    EFFECTIVE = "EFFECTIVE", _("Effective")
    SUPERSEDED = "SUPERSEDED", _("Superseded")


@audited(called_by=("{label}",))
class ProtocolVersion(StudyOwned):
    """A version of the protocol; which one a site uses is a date of the site, not of the version."""

    view_permission = "studies.view_plan"
    seen_from_below = True
    always_published = True
    final_states = (ProtocolStatus.EFFECTIVE.value, ProtocolStatus.SUPERSEDED.value)

    label = models.CharField(_("version"), max_length=60)
    dated_on = models.DateField(_("dated"), null=True, blank=True)
    dated_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    stated_status = models.CharField(_("status as stated"), max_length=60, blank=True)
    status = models.CharField(
        max_length=20, choices=ProtocolStatus, default=ProtocolStatus.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "label"],
                name="protocolversion_label_once",
                violation_error_message=_("The study has a protocol version of this name."),
            )
        ]

    def __str__(self):
        return f"Protocol {self.label}"

    @property
    def dated(self):
        return PartialDate(self.dated_on, Precision(self.dated_precision)) if self.dated_on else None


@audited(called_by=("{number}", "{name}"))
class Amendment(StudyOwned):
    """A change of the protocol: what, why, and whether it is substantial (CTR Art. 2(13))."""

    view_permission = "studies.view_plan"
    seen_from_below = True
    always_published = True

    number = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    substantial = models.BooleanField(null=True, blank=True)
    dated_on = models.DateField(_("dated"), null=True, blank=True)
    dated_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "number", "sequence"], name="amendment_number_once")
        ]

    def __str__(self):
        return f"Amendment {self.number}"
