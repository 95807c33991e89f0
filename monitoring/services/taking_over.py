"""
Take over visits, their reports and letters from a time before this system, with the days they had there.

Nothing of it is signed here: the signatures stand on the paper that comes along (`file_documents`).
"""

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.numbering.models import Series
from ctms.workflow.engine import adopt
from monitoring.models import (
    Answer,
    LetterStatus,
    MonitoringReport,
    MonitoringVisit,
    Part,
    ReportStatus,
    VisitLetter,
    VisitMonitor,
    VisitStatus,
)

from .letters import contents_of_letter, letter_for
from .reports import contents_of, questions_in, template_for


def take_over_visit(
    *, actor, site, visit_type, method, first_day, last_day, reason, monitors=(), purpose="", unblinded=False
):
    """
    Take over a visit that took place; without a report it is only counted.

    :param monitors: who was there of the people of this house, primary first
    """
    with acting_as(actor, reason=reason), everything("a visit that is just made"):
        circle = "unblinded" if unblinded else "blinded"
        visit = MonitoringVisit.objects.create(
            site=site,
            visit_type=visit_type,
            method=method,
            planned_start_on=first_day,
            planned_end_on=last_day,
            actual_start_on=first_day,
            actual_end_on=last_day,
            purpose=purpose,
            unblinded=unblinded,
            number=Series.next_of("monitoring-visit", site.pk, visit_type, circle),
        )
        # Its place in hand: what follows reads it again and again.
        visit.study, visit.country = site.study, site.country
        VisitMonitor.objects.bulk_create(
            VisitMonitor(visit=visit, user=user, part=Part.CO_MONITOR if place else Part.PRIMARY)
            for place, user in enumerate(monitors)
        )
        adopt(visit, VisitStatus.CONDUCTED, actor=actor, reason=reason, happened_on=last_day)
    return visit


def take_over_report(*, actor, visit, answers, summary, reason, people_met="", subjects_reviewed=""):
    """
    Begin the report of a visit taken over; what was found is raised in it, then `take_over_approval` ends it.

    :param answers: {question key: (value, comment)}; questions not named are answered Yes
    :param people_met: whom the monitors met, a line each
    :param subjects_reviewed: numbers of the subjects whose records were seen, a line each
    """
    with acting_as(actor, reason=reason), everything("a report that is just made"):
        report = MonitoringReport.objects.create(
            visit=visit,
            template=template_for(visit.visit_type),
            summary=summary,
            people_met=people_met,
            subjects_reviewed=subjects_reviewed,
        )
        Answer.objects.bulk_create(
            Answer(report=report, question_key=question.key, value=value, comment=comment)
            for question in questions_in(report.template)
            for value, comment in (answers.get(question.key, ("YES", "")),)
        )
    report.visit = visit
    return report


def take_over_approval(*, actor, report, submitted_on, approved_on, reason):
    """Freeze a report taken over as it was approved; from now on it stands as any approved report."""
    with acting_as(actor, reason=reason), everything("a report that is just made"):
        report.snapshot = contents_of(report)
        report.submitted_on, report.approved_on = submitted_on, approved_on
        report.save()
        adopt(report, ReportStatus.APPROVED, actor=actor, reason=reason, happened_on=approved_on)
    return report


def take_over_letter(
    *, actor, visit, kind, written_by, dated_on, sent_on, reason, acknowledged_on=None, staff=None
):
    """
    Take over a letter that was sent, with the house's text.

    :param staff: the site's people of that day, where they are in hand already
    """
    with acting_as(actor, reason=reason), everything("a letter that is just made"):
        letter = letter_for(visit, kind, dated_on, written_by, staff=staff)
        letter.sent_on, letter.sent_by, letter.acknowledged_on = sent_on, written_by, acknowledged_on
        letter.snapshot = contents_of_letter(letter)
        letter.save()
        sent = [(LetterStatus.SENT, sent_on)] if acknowledged_on else []
        state = LetterStatus.ACKNOWLEDGED if acknowledged_on else LetterStatus.SENT
        adopt(letter, state, actor=actor, reason=reason, happened_on=acknowledged_on or sent_on, passed=sent)
    return letter


def keep_taken_over_papers(*, actor, filed, reason):
    """
    Note under which document each report or letter taken over was filed.

    :param filed: [(report or letter, Document)]
    """
    with acting_as(actor, reason=reason), everything("reports and letters that were just made"):
        for record, document in filed:
            record.filed_as = document
        reports = [record for record, _document in filed if isinstance(record, MonitoringReport)]
        letters = [record for record, _document in filed if isinstance(record, VisitLetter)]
        MonitoringReport.objects.bulk_update(reports, ["filed_as"], batch_size=500)
        VisitLetter.objects.bulk_update(letters, ["filed_as"], batch_size=500)
