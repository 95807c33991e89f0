"""Sheets of subjects and of visits."""

from django.utils.translation import gettext_lazy

from ctms.imports.cells import choice, day, text, whole_number
from ctms.imports.sheet import Column, Sheet
from subjects.formats.said import SubjectSaid, VisitSaid
from subjects.models import EndReason, ScreenFailureReason, Sex, SubjectStatus

from .identifying import refuse_identifying

_SUBJECT_ALIASES = (
    "Subject", "Subject ID", "Subject no", "Subject no.", "Subject identifier", "Subjectid", "SUBJID", "USUBJID",
    "Subjectnameoridentifier", "Participant", "Participant ID", "Participant number", "Patient number",
)  # fmt: skip
_ENDED_AS = {
    "completed": "COMPLETED", "complete": "COMPLETED", "withdrawn": "WITHDRAWN", "discontinued": "WITHDRAWN",
    "early termination": "WITHDRAWN", "withdrew": "WITHDRAWN", "lost to follow-up": "LOST_TO_FOLLOW_UP",
    "lost": "LOST_TO_FOLLOW_UP", "ltfu": "LOST_TO_FOLLOW_UP", "died": "DIED", "death": "DIED", "dead": "DIED",
}  # fmt: skip


def _code(value):
    """A subject's number: text as it stands, with its leading zeros."""
    return text(30)(value)


def _status(value):
    """A state by our words or the field's; one this product does not know is refused."""
    said = str(value).strip().casefold()
    return _ENDED_AS.get(said) or choice(SubjectStatus)(value)


class _PeopleSheet(Sheet):
    """A sheet that refuses a column which says who a person is, instead of leaving it out in silence."""

    def _place_columns(self, header, number, report):
        refuse_identifying([said for said in header if said and not self.columns[0].is_called(said)])
        return super()._place_columns(header, number, report)


class SubjectSheet(_PeopleSheet):
    """Subjects of one study, one a row: number, site, the days that say how far each came."""

    name = "Subjects"
    collection = "subjects"
    natural_key = ("number",)
    columns = (
        Column("number", gettext_lazy("Subject number"), _code, required=True, aliases=_SUBJECT_ALIASES),
        Column(
            "site", gettext_lazy("Site"), text(20), aliases=("Site number", "Site no.", "Site ID", "SITEID")
        ),
        Column("country", gettext_lazy("Country"), text(100), aliases=("Country code",)),
        Column(
            "screening_number", gettext_lazy("Screening number"), _code, aliases=("Screening no.", "Scr no.")
        ),
        Column(
            "randomisation_number",
            gettext_lazy("Randomisation number"),
            _code,
            aliases=("Randomization number", "Randomisation no.", "Rand no."),
        ),
        Column(
            "former", gettext_lazy("Screened before as"), _code, aliases=("Previous number", "Former number")
        ),
        Column("sex", gettext_lazy("Sex"), choice(Sex), aliases=("Gender",)),
        Column(
            "age", gettext_lazy("Age at consent"), whole_number, aliases=("Age", "Age at consent (years)")
        ),
        Column(
            "consented",
            gettext_lazy("Consented"),
            day,
            aliases=(
                "Consent date",
                "Date of consent",
                "Informed consent date",
                "Consented on",
                "ICF date",
                "Screened",
            ),
        ),
        Column("form_version", gettext_lazy("Consent form version"), text(60), aliases=("ICF version",)),
        Column("protocol_version", gettext_lazy("Protocol version"), text(60)),
        Column(
            "screen_failed",
            gettext_lazy("Screen failed"),
            day,
            aliases=("Screen failure date", "Screen failed on"),
        ),
        Column(
            "screen_failure_reason",
            gettext_lazy("Screen failure reason"),
            choice(ScreenFailureReason),
            aliases=("Reason for screen failure",),
        ),
        Column(
            "randomised",
            gettext_lazy("Randomised"),
            day,
            aliases=("Randomized", "Randomisation date", "Randomization date", "Randomised on", "Enrolled"),
        ),
        Column("first_dose", gettext_lazy("First dose"), day, aliases=("First dose date", "First treatment")),
        Column(
            "treatment_ended",
            gettext_lazy("End of treatment"),
            day,
            aliases=("Treatment ended", "End of treatment date", "Last dose"),
        ),
        Column("treatment_end_reason", gettext_lazy("End of treatment reason"), choice(EndReason)),
        Column(
            "ended",
            gettext_lazy("End of participation"),
            day,
            aliases=(
                "End of study",
                "End of study date",
                "Ended",
                "Withdrawn",
                "Withdrawal date",
                "Completed on",
            ),
        ),
        Column("status", gettext_lazy("Status"), _status, aliases=("Subject status", "State")),
        Column("end_reason", gettext_lazy("Reason for leaving"), choice(EndReason), aliases=("End reason",)),
        Column(
            "arm", gettext_lazy("Arm"), text(200), aliases=("Treatment arm", "Treatment", "ARM", "Allocation")
        ),
        Column("kit", gettext_lazy("Kit number"), text(40), aliases=("Kit", "Kit no.")),
    )

    @staticmethod
    def said(row, source):
        """Return what a row says."""
        values = {name: value for name, value in row.values.items() if value is not None}
        days = {
            field: values[column]
            for column, field in (
                ("consented", "consented_on"),
                ("screen_failed", "screen_failed_on"),
                ("randomised", "randomised_on"),
                ("first_dose", "first_dose_on"),
                ("treatment_ended", "treatment_ended_on"),
                ("ended", "ended_on"),
            )
            if column in values
        }
        same = ("number", "site", "country", "sex", "age", "screening_number", "randomisation_number", "former",
                "form_version", "protocol_version", "end_reason", "treatment_end_reason", "screen_failure_reason",
                "arm", "kit")  # fmt: skip
        said = SubjectSaid(
            "", row.number, source=source, days=days, **{n: values[n] for n in same if n in values}
        )
        status = values.get("status", "")
        said.end = status if status in ("COMPLETED", "WITHDRAWN", "LOST_TO_FOLLOW_UP", "DIED") else ""
        return said


class SubjectVisitSheet(_PeopleSheet):
    """Visits of subjects, one a row: which subject, which visit, the day it took place or that it was missed."""

    name = "Subject visits"
    collection = "subject visits"
    natural_key = ("subject", "visit", "number", "occurred")
    columns = (
        Column("subject", gettext_lazy("Subject number"), _code, required=True, aliases=_SUBJECT_ALIASES),
        Column(
            "visit",
            gettext_lazy("Visit"),
            text(300),
            aliases=("Visit name", "Event", "Folder", "Folder name"),
        ),
        Column("number", gettext_lazy("Visit number"), text(20), aliases=("VISITNUM", "Visit no.")),
        Column(
            "occurred",
            gettext_lazy("Occurred"),
            day,
            aliases=("Visit date", "Date of visit", "Date", "Occurred on", "Actual date", "SVSTDTC"),
        ),
        Column("status", gettext_lazy("Status"), text(60), aliases=("Visit status",)),
        Column("reason", gettext_lazy("Reason"), text(400), aliases=("Reason missed",)),
    )

    @staticmethod
    def said(row, source):
        """Return what a row says, or None for a visit that neither took place nor was missed."""
        values = {name: value for name, value in row.values.items() if value is not None}
        status = values.get("status", "").casefold()
        missed = status in ("missed", "not done")
        occurred = None if missed else values.get("occurred")
        if not missed and (
            occurred is None or status in ("planned", "expected", "terminated", "not applicable")
        ):
            return None
        number, name = str(values.get("number", "")), values.get("visit", "")
        unscheduled = name.casefold().startswith("unsched") or status == "unscheduled"
        key = f"{name or number}"[:90] + (f"/{occurred.isoformat()}" if unscheduled and occurred else "")
        return VisitSaid(
            values["subject"], row.number, number=number, name=name or f"Visit {number}", occurred_on=occurred,
            missed=missed, unscheduled=unscheduled, key=key, source=source,
        )  # fmt: skip
