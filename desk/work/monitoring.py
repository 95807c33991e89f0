"""What waits of visits, their reports, letters and items."""

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ctms.pages.record import url_of
from ctms.pages.turning import page_of
from monitoring.models import (
    ActionItem,
    Deviation,
    DeviationStatus,
    Importance,
    MonitoringReport,
    MonitoringVisit,
    ReportStatus,
)
from monitoring.pages import LettersDue, letter_terms_of, shown_term, terms_of
from monitoring.services import returned_by, waiting_for

from .items import Section, WorkItem

REPORT_PARTS = ("visit__site__organization", "visit__site__country__nation", "visit__study", "visit__report")


def reports_to_write(user, on):
    """The drafts of visits this person monitored, the most overdue first."""
    if not user.has_perm("monitoring.write_report"):
        return None
    drafts = MonitoringReport.objects.visible_to(user).of_monitor(user).filter(status=ReportStatus.DRAFT)
    drafts = list(drafts.select_related(*REPORT_PARTS).order_by("visit__actual_end_on"))
    returned = returned_by(drafts) if drafts else {}
    items = [_report_item(report, on, returned.get(report.pk, "")) for report in drafts]
    return Section(_("Reports to write"), items, _("No report of yours is open."))


def reports_to_approve(user, on):
    """What waits for this person's signature: not the reports of visits they monitored themselves."""
    if not user.has_perm("monitoring.approve_report"):
        return None
    items = [_report_item(report, on) for report in waiting_for(user).select_related(*REPORT_PARTS)]
    return Section(_("Reports to approve"), items, _("No report waits for you."))


def _report_item(report, on, returned=""):
    term, study = shown_term(terms_of(report.visit)[-1], on), report.visit.study.protocol_number
    return WorkItem(
        title=f"{report.visit.label} · {report.visit.site}",
        url=url_of(report),
        detail=f"{study} · {_('returned by %(name)s') % {'name': returned}}" if returned else study,
        term=term.short,
        pace=term.pace,
        sentence=term.sentence_now,
    )


def letters_to_send(user, on):
    """The letters of this person's visits that were not sent, the most urgent first."""
    if not user.has_perm("monitoring.write_letter"):
        return None
    open_terms = []
    for visit in LettersDue.rows(user).filter(monitors__user=user):
        waiting = [term for term in letter_terms_of(visit) if term.done_on is None]
        open_terms += [(term.due_on, visit.pk, visit, term) for term in waiting]
    items = []
    for _due, _pk, visit, term in sorted(open_terms, key=lambda entry: entry[:2])[:10]:
        shown = shown_term(term, on)
        items.append(
            WorkItem(
                title=f"{term.label} · {visit.label} · {visit.site}",
                url=url_of(visit),
                detail=visit.study.protocol_number,
                term=shown.short,
                pace=shown.pace,
                sentence=shown.sentence_now,
            )
        )
    return Section(_("Letters to send"), items, _("No letter of yours waits to be sent."))


def visits_ahead(user, on):
    """The next visits of this person."""
    if not user.has_perm("monitoring.write_report"):
        return None
    ahead = MonitoringVisit.objects.visible_to(user).of_monitor(user).upcoming()
    items = [
        WorkItem(
            title=f"{visit.label} · {visit.site}",
            url=url_of(visit),
            detail=f"{visit.study.protocol_number} · {visit.get_status_display()}",
            term=visit.planned_start_on.strftime("%a %-d %b %Y"),
            pace="late" if visit.planned_end_on < on else "on-time",
        )
        for visit in ahead.select_related("site__organization", "study").order_by("planned_start_on", "pk")[
            :10
        ]
    ]
    return Section(_("Visits ahead"), items, _("No visit of yours is planned."))


def action_items_due(user, on):
    """Open action items at the sites this person follows up, the most overdue first."""
    if not user.has_perm("monitoring.close_actionitem"):
        return None
    rows = ActionItem.objects.visible_to(user, "monitoring.close_actionitem").open()
    items = [
        WorkItem(
            title=f"{item.label}: {Truncator(item.text).chars(90)}",
            url=url_of(item),
            detail=f"{item.study.protocol_number} · {item.site.number}",
            term=_("due %(day)s") % {"day": item.due_on.strftime("%-d %b %Y")},
            pace="late" if item.due_on < on else "on-time",
        )
        for item in rows.select_related("study", "site").order_by("due_on", "pk")[:10]
    ]
    return Section(
        _("Action items"),
        items,
        _("No action item is open at your sites."),
        total=rows.count(),
        url=f"{reverse('action-items-list')}?standing=open",
    )


def deviations_to_classify(user, on):
    """Deviations nobody has classified yet, the oldest first."""
    if not user.has_perm("monitoring.classify_deviation"):
        return None
    rows = Deviation.objects.visible_to(user, "monitoring.classify_deviation")
    rows = rows.filter(status__in=(DeviationStatus.NEW, DeviationStatus.UNDER_REVIEW))
    items = [
        WorkItem(
            title=f"{deviation.label}: {Truncator(deviation.description).chars(90)}",
            url=url_of(deviation),
            detail=f"{deviation.study.protocol_number} · {deviation.site.number}",
            term=deviation.get_status_display(),
        )
        for deviation in rows.select_related("study", "site").order_by("pk")[:8]
    ]
    return Section(
        _("Deviations to classify"),
        items,
        _("No deviation waits to be classified."),
        total=rows.count(),
        url=f"{reverse('deviations-list')}?status=NEW&status=UNDER_REVIEW",
    )


def important_deviations(user, on):
    """Important deviations that are not closed, the newest first, for whoever watches over quality and safety."""
    if not user.has_perm("monitoring.classify_deviation") or user.has_perm("studies.change_milestone"):
        return None
    rows = Deviation.objects.visible_to(user).filter(
        importance=Importance.IMPORTANT, status=DeviationStatus.CONFIRMED
    )
    items = [
        WorkItem(
            title=f"{deviation.label}: {Truncator(deviation.description).chars(90)}",
            url=url_of(deviation),
            detail=f"{deviation.study.protocol_number} · {deviation.site.number} · {deviation.get_category_display()}",
            term=deviation.occurred_on.strftime("%-d %b %Y"),
        )
        for deviation in rows.select_related("study", "site").order_by("-occurred_on", "-pk")[:8]
    ]
    return Section(
        _("Important deviations not closed"),
        items,
        _("No important deviation is open."),
        total=rows.count(),
        url=f"{reverse('deviations-list')}?importance=IMPORTANT&status=CONFIRMED",
    )


def reports_shown(user, on):
    """What somebody who only reads opens first: the newest approved reports they may see."""
    writes, steers = user.has_perm("monitoring.write_report"), user.has_perm("studies.change_milestone")
    if not user.has_perm("monitoring.view_monitoringreport") or writes or steers:
        return None
    rows = MonitoringReport.objects.visible_to(user).filter(status=ReportStatus.APPROVED)
    items = [
        WorkItem(
            title=f"{report.visit.label} · {report.visit.site}",
            url=url_of(report),
            detail=report.visit.study.protocol_number,
            term=_("approved %(day)s") % {"day": report.approved_on.strftime("%-d %b %Y")},
        )
        for report in page_of(rows.select_related(*REPORT_PARTS).order_by("-approved_on", "-pk"), 0, 8)
    ]
    return Section(_("Approved visit reports"), items, _("No approved report was shown to you yet."))
