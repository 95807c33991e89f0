"""What a conducted visit makes due in the trial master file."""

from ctms.access.scoping import everything
from ctms.calendar.working_days import add_working_days
from ctms.signatures.signing import label_of
from documents.calculations import Event
from documents.models import EventKind, ExpectedDocument
from monitoring.calculations import ARTIFACT_OF
from monitoring.models import MonitoringVisit, VisitStatus


def key_of(visit):
    """Return the key by which papers of a visit and what is expected of it find each other."""
    return label_of(visit)


def letter_key_of(letter):
    """Return the key of a visit's letter: where a study wants letters in its file, each stands for a row of its own."""
    return f"{key_of(letter.visit)}/{letter.get_kind_display().lower().replace(' ', '-')}"


def let_expected_report_follow(visit, last_day):
    """
    Let the report a visit makes due be due as the visit's days were corrected; a day somebody set by hand stays.

    :param last_day: the last day as it was recorded before
    """
    study, country = visit.study, visit.site.calendar_country
    before = add_working_days(last_day, study.report_approval_days, country)
    now = add_working_days(visit.last_day, study.report_approval_days, country)
    with everything("what a visit in hand makes due"):
        for row in (
            ExpectedDocument.objects.filter(source=key_of(visit), due_on=before) if now != before else ()
        ):
            row.due_on = now
            row.save()


def visit_events(study):
    """
    Return the conducted visits of a study; their reports are due by the house's term from the last day on.

    Visits taken over from a time before this system have no report here and none is expected.
    """
    visits = MonitoringVisit.objects.filter(
        study=study, status=VisitStatus.CONDUCTED, report__isnull=False
    ).select_related("study", "site__country", "report")
    for visit in visits.order_by("pk"):
        last_day = visit.last_day
        yield Event(
            kind=EventKind.VISIT_CONDUCTED,
            source=key_of(visit),
            on=last_day,
            study=visit.study_id,
            country=visit.country_id,
            site=visit.site_id,
            nation=visit.site.country.nation_id or "",
            label=visit.label,
            about=True,
            artifact_number=ARTIFACT_OF[visit.visit_type],
            due_on=add_working_days(last_day, visit.study.report_approval_days, visit.site.calendar_country),
            unblinded=visit.unblinded,
        )
