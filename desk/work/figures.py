"""The numbers above a person's work: each says what it counts and opens its rows."""

from django.urls import reverse
from django.utils.translation import ngettext

from documents.models import LATE_EXPECTED
from documents.services import late_expected_of, review_queue_of
from monitoring.models import ActionItem, Deviation, MonitoringReport, ReportStatus
from monitoring.services.figures import DEFINITIONS, reports_by
from studies.models import Milestone
from studies.pages import Tile
from studies.services.plan_standing import DEFINITIONS as OF_PLAN

MOST = 6


def open_reports_of(user, on):
    """Return {study id: OpenReports} of a person, or None; counted once for the tile and for the studies' rows."""
    return reports_by(user, "study", on) if user.has_perm("monitoring.view_monitoringreport") else None


def figures_of(user, on, reports):
    """
    Return the tiles that concern a person's roles, the gravest kinds first.

    :param reports: what `open_reports_of` this person said
    """
    found = [_reports(reports), *(build(user, on) for build in FIGURES)]
    return [tile for tile in found if tile is not None][:MOST]


def _reports(reports):
    if reports is None:
        return None
    counted = reports.values()
    late = sum(one.late for one in counted)
    words = ngettext("visit report late, of %(n)d open", "visit reports late, of %(n)d open", late)
    words = words % {"n": sum(one.open for one in counted)}
    url = f"{reverse('monitoring-reports-list')}?standing=late"
    return Tile(str(late), words, url, str(DEFINITIONS["reports_late"]), late > 0)


def in_review(user, on):
    if not user.has_perm("monitoring.approve_report"):
        return None
    rows = MonitoringReport.objects.visible_to(user, "monitoring.approve_report").filter(
        status=ReportStatus.IN_REVIEW
    )
    url = f"{reverse('monitoring-reports-list')}?status=IN_REVIEW"
    waiting = rows.count()
    return Tile(str(waiting), ngettext("visit report in review", "visit reports in review", waiting), url)


def action_items(user, on):
    if not user.has_perm("monitoring.view_actionitem"):
        return None
    rows = ActionItem.objects.visible_to(user)
    overdue, opened = rows.overdue(on).count(), rows.open().count()
    words = ngettext("action item overdue, of %(n)d open", "action items overdue, of %(n)d open", overdue)
    words = words % {"n": opened}
    url = f"{reverse('action-items-list')}?standing=overdue"
    return Tile(str(overdue), words, url, str(DEFINITIONS["items_overdue"]), overdue > 0)


def deviations(user, on):
    if not user.has_perm("monitoring.classify_deviation"):
        return None
    waiting = Deviation.objects.visible_to(user).unsettled().count()
    url = f"{reverse('deviations-list')}?status=NEW&status=UNDER_REVIEW"
    words = ngettext("deviation to classify", "deviations to classify", waiting)
    return Tile(str(waiting), words, url, str(DEFINITIONS["deviations_unsettled"]))


def milestones(user, on):
    if not user.has_perm("studies.add_milestone"):
        return None
    overdue = Milestone.objects.visible_to(user, "studies.add_milestone").overdue(on).count()
    words = ngettext("milestone past its planned day", "milestones past their planned day", overdue)
    url = f"{reverse('milestones-list')}?standing=overdue"
    return Tile(str(overdue), words, url, str(OF_PLAN["overdue"]), overdue > 0)


def review_queue(user, on):
    if not user.has_perm("documents.review_document"):
        return None
    waiting = review_queue_of(user).count()
    words = ngettext("document in your review queue", "documents in your review queue", waiting)
    return Tile(str(waiting), words, f"{reverse('review-queue-list')}?waits_for=you")


def late_documents(user, on):
    if not user.has_perm("documents.change_expecteddocument"):
        return None
    late = late_expected_of(user, on).count()
    url = f"{reverse('expected-documents-list')}?standing=late"
    words = ngettext("expected document late", "expected documents late", late)
    return Tile(str(late), words, url, str(LATE_EXPECTED), late > 0)


FIGURES = [in_review, action_items, deviations, milestones, review_queue, late_documents]
