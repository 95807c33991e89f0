"""Subjects: a number, what they consented to, and how far they came."""

from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, everything, site_of_study
from ctms.audit.trail import AUDITED, audited
from studies.models import Arm, ProtocolVersion
from subjects.models.identifiers import why_no_code


# In migrations it is what it extends: the rules are code, and their wording no change of a table.
@deconstructible(path="django.core.validators.RegexValidator")
class SubjectCode(RegexValidator):
    """Refuse what is a name, a birth date, an address, a telephone or a national number in place of a code."""

    def __call__(self, value):
        if sentence := why_no_code(str(value)):
            raise ValidationError(_(sentence), code=self.code)
        super().__call__(value)


subject_code = SubjectCode(
    r"^(?=.*\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,29}$",
    _("Write the subject's number, such as 2003-014; names stay at the site."),
)


class SubjectStatus(models.TextChoices):
    """In the order a CRA reads them."""

    PRE_SCREENED = "PRE_SCREENED", _("Pre-screened")
    IN_SCREENING = "IN_SCREENING", _("In screening")
    SCREEN_FAILED = "SCREEN_FAILED", _("Screen failure")
    RANDOMISED = "RANDOMISED", _("Randomised or registered")
    ON_TREATMENT = "ON_TREATMENT", _("On treatment")
    OFF_TREATMENT = "OFF_TREATMENT", _("Off treatment, in follow-up")
    COMPLETED = "COMPLETED", _("Completed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    LOST_TO_FOLLOW_UP = "LOST_TO_FOLLOW_UP", _("Lost to follow-up")
    DIED = "DIED", _("Died")


class Sex(models.TextChoices):
    """SDTM DM.SEX."""

    FEMALE = "F", _("Female")
    MALE = "M", _("Male")
    UNKNOWN = "U", _("Unknown")


class ScreenFailureReason(models.TextChoices):
    INCLUSION_NOT_MET = "INCLUSION_NOT_MET", _("Inclusion criterion not met")
    EXCLUSION_MET = "EXCLUSION_MET", _("Exclusion criterion met")
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN", _("Consent withdrawn")
    LOST_CONTACT = "LOST_CONTACT", _("Lost contact")
    INVESTIGATOR_DECISION = "INVESTIGATOR_DECISION", _("Investigator's decision")
    WINDOW_EXPIRED = "WINDOW_EXPIRED", _("Screening window expired")
    STUDY_CLOSED = "STUDY_CLOSED", _("Study closed")
    OTHER = "OTHER", _("Other")


class EndReason(models.TextChoices):
    """Why treatment or participation ended early (CDISC NCOMPLT, in the field's words)."""

    ADVERSE_EVENT = "ADVERSE_EVENT", _("Adverse event")
    DEATH = "DEATH", _("Death")
    LACK_OF_EFFICACY = "LACK_OF_EFFICACY", _("Lack of efficacy")
    LOST_TO_FOLLOW_UP = "LOST_TO_FOLLOW_UP", _("Lost to follow-up")
    NON_COMPLIANCE = "NON_COMPLIANCE", _("Non-compliance with study drug")
    PHYSICIAN_DECISION = "PHYSICIAN_DECISION", _("Physician decision")
    PREGNANCY = "PREGNANCY", _("Pregnancy")
    PROGRESSIVE_DISEASE = "PROGRESSIVE_DISEASE", _("Progressive disease")
    PROTOCOL_DEVIATION = "PROTOCOL_DEVIATION", _("Protocol deviation")
    RECOVERY = "RECOVERY", _("Recovery")
    STUDY_TERMINATED = "STUDY_TERMINATED", _("Study terminated by sponsor")
    TECHNICAL_PROBLEMS = "TECHNICAL_PROBLEMS", _("Technical problems")
    WITHDRAWAL_BY_SUBJECT = "WITHDRAWAL_BY_SUBJECT", _("Withdrawal by subject")
    SITE_TERMINATED = "SITE_TERMINATED", _("Site terminated")
    OTHER = "OTHER", _("Other")


class SubjectQuerySet(ScopedQuerySet):
    def enrolled(self):
        """Keep those who passed the event their study counts as enrolment."""
        return self.filter(enrolled_on__isnull=False)


# The state says how far a subject came, and the day of it is known.
DAY_OF_STATE = {
    SubjectStatus.IN_SCREENING: "consented_on",
    SubjectStatus.SCREEN_FAILED: "screen_failed_on",
    SubjectStatus.RANDOMISED: "randomised_on",
    SubjectStatus.ON_TREATMENT: "first_dose_on",
    SubjectStatus.OFF_TREATMENT: "treatment_ended_on",
    SubjectStatus.COMPLETED: "ended_on",
    SubjectStatus.WITHDRAWN: "ended_on",
    SubjectStatus.LOST_TO_FOLLOW_UP: "ended_on",
    SubjectStatus.DIED: "ended_on",
}
# What is taken over is born with its days and moves to its state in the same transaction.
ENTERING = Q(status="PRE_SCREENED")
ENDED = (
    SubjectStatus.COMPLETED,
    SubjectStatus.WITHDRAWN,
    SubjectStatus.LOST_TO_FOLLOW_UP,
    SubjectStatus.DIED,
)


def _has_its_day(status, day):
    return models.CheckConstraint(
        condition=~Q(status=status) | Q(**{f"{day}__isnull": False}),
        name=f"subject_{status.lower()}_has_its_day",
        violation_error_message=_("This state has no day."),
    )


class EnrolledAsTheStudyCounts(pgtrigger.Trigger):
    """
    Keep the enrolment day the day of the event the study counts, whoever writes the dates.

    A count taken tomorrow agrees with the dates it opens; nobody can forget the one or mend only the other.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    func = """
        SELECT CASE enrolment_event
            WHEN 'CONSENT' THEN NEW.consented_on
            WHEN 'FIRST_DOSE' THEN NEW.first_dose_on
            ELSE NEW.randomised_on END
        INTO NEW.enrolled_on FROM studies_study WHERE id = NEW.study_id;
        RETURN NEW;
    """


def _in_order(earlier, later):
    return models.CheckConstraint(
        condition=Q(**{f"{earlier}__isnull": True})
        | Q(**{f"{later}__isnull": True})
        | Q(**{f"{later}__gte": F(earlier)}),
        name=f"subject_{earlier[:-3]}_before_{later[:-3]}",
        violation_error_message=_("The dates are not in order: %(earlier)s lies after %(later)s.")
        % {"earlier": earlier[:-3].replace("_", " "), "later": later[:-3].replace("_", " ")},
    )


@audited(called_by=("{number}",), exclude=("fed",))
class Subject(StudyOwned):
    """
    One participant at one site, from pre-screening or consent on.

    `enrolled_on` is the day of the event the study counts as enrolment (Study.enrolment_event), set with the move
    that brings it. A subject who is screened again gets a new number and names the former one.
    """

    country = country_of_study(editable=False)
    site = site_of_study()
    number = models.CharField(_("subject number"), max_length=30, validators=[subject_code])
    screening_number = models.CharField(max_length=30, blank=True, validators=[subject_code])
    randomisation_number = models.CharField(max_length=30, blank=True, validators=[subject_code])
    screened_before_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    age_at_consent = models.PositiveSmallIntegerField(
        _("age at consent (years)"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )

    consented_on = models.DateField(_("consented"), null=True, blank=True, editable=False)
    screen_failed_on = models.DateField(_("screen failed"), null=True, blank=True, editable=False)
    screen_failure_reason = models.CharField(max_length=30, choices=ScreenFailureReason, blank=True)
    randomised_on = models.DateField(_("randomised or registered"), null=True, blank=True, editable=False)
    first_dose_on = models.DateField(_("first dose"), null=True, blank=True, editable=False)
    treatment_ended_on = models.DateField(_("end of treatment"), null=True, blank=True, editable=False)
    treatment_end_reason = models.CharField(max_length=30, choices=EndReason, blank=True)
    ended_on = models.DateField(_("end of participation"), null=True, blank=True, editable=False)
    end_reason = models.CharField(max_length=30, choices=EndReason, blank=True)
    enrolled_on = models.DateField(_("enrolled"), null=True, blank=True, editable=False)
    source_key = models.CharField(max_length=120, blank=True, editable=False)
    # What a file said last, by field: by this the next file knows what a person changed here since.
    fed = models.JSONField(default=dict, editable=False, blank=True)
    status = models.CharField(
        max_length=20, choices=SubjectStatus, default=SubjectStatus.PRE_SCREENED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "study",
                "number",
                name="subject_number_once_a_study",
                violation_error_message=_(
                    "Another subject of this study has this number; numbers are never used again."
                ),
            ),
            models.UniqueConstraint(
                "study", "source_key", name="subject_source_key_once", condition=~Q(source_key="")
            ),
            _in_order("consented_on", "screen_failed_on"),
            _in_order("consented_on", "randomised_on"),
            _in_order("consented_on", "first_dose_on"),
            _in_order("randomised_on", "first_dose_on"),
            _in_order("first_dose_on", "treatment_ended_on"),
            _in_order("consented_on", "ended_on"),
            _in_order("randomised_on", "ended_on"),
            _in_order("first_dose_on", "ended_on"),
            _in_order("treatment_ended_on", "ended_on"),
            *(_has_its_day(status, day) for status, day in DAY_OF_STATE.items()),
            models.CheckConstraint(
                condition=Q(
                    status="SCREEN_FAILED",
                    ended_on__isnull=True,
                    randomised_on__isnull=True,
                    first_dose_on__isnull=True,
                )
                | (~Q(status="SCREEN_FAILED") & Q(screen_failed_on__isnull=True))
                | ENTERING,
                name="subject_failed_or_went_on",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDED) | Q(ended_on__isnull=True) | ENTERING,
                name="subject_ended_only_at_the_end",
            ),
        ]
        permissions = [
            ("move_subject", "Move a subject along the study"),
            ("import_subjects", "Import subjects and their visits"),
            ("view_enrolment", "See how many subjects a study has"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="stays_in_its_study", fields=["study"]),
            EnrolledAsTheStudyCounts(name="d_enrolled_as_counted"),
        ]

    def __str__(self):
        return self.number

    def time_zone(self):
        return self.site.time_zone()

    def clean(self):
        super().clean()
        with everything("a number is used once in a study, by whoever had it"):
            if had_by_another(self):
                raise ValidationError(
                    {
                        "number": _(
                            "Another subject of this study had this number; numbers are never used again."
                        )
                    }
                )

    def count_enrolment(self):
        """Set in Python what the trigger will set."""
        counted = {"CONSENT": self.consented_on, "FIRST_DOSE": self.first_dose_on}
        self.enrolled_on = counted.get(self.study.enrolment_event, self.randomised_on)

    def save(self, *args, **kwargs):
        self.fill_place()
        self.count_enrolment()
        super().save(*args, **kwargs)


def had_by_another(subject):
    """True if another subject of the study has or had this number."""
    return (
        numbers_given(subject.study_id).filter(number=subject.number).exclude(pgh_obj_id=subject.pk).exists()
    )


def numbers_given(study_id):
    """Return the history of a study's subjects: every number any of them ever had."""
    history: Any = AUDITED[Subject._meta.label].event_model
    return history.objects.filter(study=study_id)


class ConsentStatus(models.TextChoices):
    """The three answers to whether a form is signed, and a mistake taken back (practice.md)."""

    REQUIRED = "REQUIRED", _("Required")
    SIGNED = "SIGNED", _("Signed")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Not applicable")
    VOIDED = "VOIDED", _("Voided")


@audited(called_by=("{subject}", "{form_version}"))
class Consent(StudyOwned):
    """
    A version of the informed consent form one subject signs: the first consent, or a later one.

    What was signed never changes; a mistake is voided with a reason and recorded anew.
    """

    place_from = "subject"
    view_permission = "subjects.view_subject"

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="consents")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    form_version = models.CharField(_("consent form version"), max_length=60, blank=True)
    protocol_version = models.ForeignKey(
        ProtocolVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_on = models.DateField(_("signed"), null=True, blank=True, editable=False)
    status = models.CharField(
        max_length=15, choices=ConsentStatus, default=ConsentStatus.REQUIRED, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "form_version", "protocol_version"],
                condition=Q(status__in=("REQUIRED", "SIGNED")),
                nulls_distinct=False,
                name="consent_once",
                violation_error_message=_("This consent is recorded already."),
            ),
            models.CheckConstraint(
                condition=~Q(status="SIGNED") | Q(signed_on__isnull=False), name="consent_signed_on_a_day"
            ),
        ]
        triggers = [
            # The subject's transfer takes its consents along, so site and country follow; what was signed stands.
            pgtrigger.ReadOnly(
                name="stands_as_signed", fields=["subject", "form_version", "protocol_version"]
            )
        ]

    def __str__(self):
        return f"{self.subject}: {self.form_version or _('version not stated')}"

    def time_zone(self):
        return self.site.time_zone()


@audited(called_by=("{subject}", "{transferred_on}"))
class SubjectTransfer(StudyOwned):
    """A subject's move from one site to another: the number stays, and so do the visits where they took place."""

    place_from = "subject"
    view_permission = "subjects.view_subject"

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="transfers")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    from_site = models.ForeignKey("studies.StudySite", models.PROTECT, related_name="+", editable=False)
    to_site = models.ForeignKey("studies.StudySite", models.PROTECT, related_name="+")
    transferred_on = models.DateField(_("transferred"))
    reason = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_site=F("to_site")), name="subjecttransfer_to_another_site"
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="stands", fields=["from_site", "to_site", "transferred_on", "reason"])
        ]

    def __str__(self):
        return f"{self.subject}: {self.from_site.number} → {self.to_site.number}"


@audited(called_by=("{subject}",))
class Allocation(StudyOwned):
    """
    What a subject was allocated to: a row of its own, so that blinded people learn nothing by construction.

    `unblinded` is True wherever the study is masked and is never changed.
    """

    place_from = "subject"
    view_permission = "subjects.view_allocation"

    subject = models.OneToOneField(Subject, models.PROTECT, related_name="+")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    arm = models.ForeignKey(Arm, models.PROTECT, null=True, blank=True, related_name="+")
    arm_label = models.CharField(_("arm as stated"), max_length=200, blank=True)
    kit_number = models.CharField(max_length=40, blank=True)
    allocated_on = models.DateField(_("allocated"), null=True, blank=True)
    unblinded = models.BooleanField(default=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        permissions = [("record_allocation", "Record what a subject was allocated to")]
        triggers = [pgtrigger.ReadOnly(name="keeps_its_blinding", fields=["subject", "unblinded"])]

    def clean(self):
        super().clean()
        if self.arm is not None and self.subject_id and self.arm.study_id != self.subject.study_id:
            raise ValidationError({"arm": _("This is an arm of another study.")})
        if self.arm is None and not self.arm_label:
            raise ValidationError({"arm": _("Name the arm.")})

    def __str__(self):
        return f"Allocation of {self.subject}"
