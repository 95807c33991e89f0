"""Your work: what waits for a person, section by section, most urgent first."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from ctms.pages.record import url_of
from finance.models import AccountStatus, BankAccount, Payable, PaymentRun, RunStatus
from monitoring.models import ActionItem, MonitoringReport, MonitoringVisit, ReportStatus
from monitoring.pages import LettersDue, letter_terms_of, shown_term, terms_of
from studies.models import Milestone, Study

REPORT_PARTS = ("visit__site__organization", "visit__site__country__nation", "visit__study", "visit__report")


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: the record it is about, what about it, and how it stands."""

    title: str
    url: str
    detail: str = ""
    term: str = ""
    pace: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Section:
    """A kind of work, with the sentence for when there is none."""

    title: str
    items: list[WorkItem] = field(default_factory=list)
    empty: str = ""


def work_of(user, on):
    """Return the sections of a person's first page that concern their roles."""
    return [section for build in SECTIONS if (section := build(user, on)) is not None]


def reports_to_write(user, on):
    """The drafts of visits this person monitored, the most overdue first."""
    if not user.has_perm("monitoring.write_report"):
        return None
    drafts = MonitoringReport.objects.visible_to(user).of_monitor(user).filter(status=ReportStatus.DRAFT)
    items = [
        _report_item(report, on)
        for report in drafts.select_related(*REPORT_PARTS).order_by("visit__actual_end_on")
    ]
    return Section(_("Reports to write"), items, _("No report of yours is open."))


def reports_to_approve(user, on):
    """What waits for this person's signature: not the reports of visits they monitored themselves."""
    if not user.has_perm("monitoring.approve_report"):
        return None
    waiting = MonitoringReport.objects.visible_to(user, "monitoring.approve_report").filter(
        status=ReportStatus.IN_REVIEW
    )
    waiting = waiting.exclude(visit__monitors__user=user).select_related(*REPORT_PARTS)
    items = [_report_item(report, on) for report in waiting.order_by("visit__actual_end_on", "pk")]
    return Section(_("Reports to approve"), items, _("No report waits for you."))


def _report_item(report, on):
    term = shown_term(terms_of(report.visit)[-1], on)
    return WorkItem(
        title=f"{report.visit.label} · {report.visit.site}",
        url=url_of(report),
        detail=report.visit.study.protocol_number,
        term=term.short,
        pace=term.pace_name,
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
                pace=shown.pace_name,
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
            title=f"{item.label}: {item.text[:90]}",
            url=url_of(item),
            detail=f"{item.study.protocol_number} · {item.site.number}",
            term=_("due %(day)s") % {"day": item.due_on.strftime("%-d %b %Y")},
            pace="late" if item.due_on < on else "on-time",
        )
        for item in rows.select_related("study", "site").order_by("due_on", "pk")[:10]
    ]
    return Section(_("Action items"), items, _("No action item is open at your sites."))


def milestones_due(user, on):
    """The next open milestones of the studies this person plans."""
    if not user.has_perm("studies.change_milestone"):
        return None
    rows = (
        Milestone.objects.visible_to(user, "studies.change_milestone").open().filter(planned_on__isnull=False)
    )
    items = [
        WorkItem(
            title=milestone.name,
            url=url_of(milestone),
            detail=milestone.study.protocol_number,
            term=str(milestone.planned),
            pace="late" if milestone.planned_on < on else "on-time",
        )
        for milestone in rows.select_related("study").order_by("planned_on", "pk")[:10]
    ]
    return Section(_("Milestones"), items, _("No open milestone in your studies."))


def reports_shown(user, on):
    """What somebody who only reads opens first: the newest approved reports they may see."""
    if not user.has_perm("monitoring.view_monitoringreport") or user.has_perm("monitoring.write_report"):
        return None
    rows = MonitoringReport.objects.visible_to(user).filter(status=ReportStatus.APPROVED)
    items = [
        WorkItem(
            title=f"{report.visit.label} · {report.visit.site}",
            url=url_of(report),
            detail=report.visit.study.protocol_number,
            term=_("approved %(day)s") % {"day": report.approved_on.strftime("%-d %b %Y")},
        )
        for report in rows.select_related(*REPORT_PARTS).order_by("-approved_on", "-pk")[:8]
    ]
    return Section(_("Approved visit reports"), items, _("No approved report was shown to you yet."))


def studies_of(user, on):
    """The studies of this person, for whoever plans or reads them."""
    if user.has_perm("monitoring.write_report") or not user.has_perm("studies.view_study"):
        return None
    items = [
        WorkItem(
            title=study.protocol_number,
            url=url_of(study),
            detail=study.short_name,
            term=study.get_status_display(),
        )
        for study in Study.objects.visible_to(user).order_by("protocol_number")[:12]
    ]
    return Section(_("Studies"), items, _("No study is assigned to you yet."))


def runs_to_approve(user, on):
    """Payment runs somebody else prepared, and accounts somebody else entered: both wait for a second person."""
    if not user.has_perm("finance.approve_paymentrun"):
        return None
    runs = PaymentRun.objects.visible_to(user, "finance.approve_paymentrun").filter(
        status=RunStatus.IN_REVIEW
    )
    runs = runs.exclude(prepared_by=user).select_related("study", "prepared_by").order_by("pk")
    items = [
        WorkItem(
            title=str(run),
            url=url_of(run),
            detail=_("prepared by %(name)s") % {"name": run.prepared_by},
            term=run.money,
        )
        for run in runs
    ]
    accounts = BankAccount.objects.visible_to(user, "finance.confirm_payee").filter(
        status=AccountStatus.PROPOSED
    )
    accounts = accounts.exclude(proposed_by=user).select_related("payee", "site__organization").order_by("pk")
    items += [
        WorkItem(
            title=str(account.payee),
            url=url_of(account),
            detail=_("bank account to confirm, site %(site)s") % {"site": account.site},
        )
        for account in accounts
    ]
    return Section(_("Payments that wait for you"), items, _("No run and no account waits for you."))


def payables_to_confirm(user, on):
    """What was done at the sites and waits for the lead's word before it is paid, a line a site."""
    if not user.has_perm("finance.confirm_payable"):
        return None
    rows = Payable.objects.visible_to(user, "finance.confirm_payable").to_confirm()
    sites = rows.values("site", "site__number", "site__organization__name", "study__protocol_number")
    items = [
        WorkItem(
            title=f"{one['site__number']} · {one['site__organization__name']}",
            url=f"{reverse('payables-confirm')}?site={one['site']}",
            detail=one["study__protocol_number"],
            term=str(one["waiting"]),
        )
        for one in sites.annotate(waiting=Count("pk")).order_by("study__protocol_number", "site__number")[:12]
    ]
    return Section(
        _("Work to confirm for payment"), items, _("No site waits for your word that work was done.")
    )


SECTIONS = [
    reports_to_approve,
    reports_to_write,
    letters_to_send,
    runs_to_approve,
    visits_ahead,
    action_items_due,
    milestones_due,
    payables_to_confirm,
    studies_of,
    reports_shown,
]
