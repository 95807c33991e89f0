"""What waits of payments."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ctms.pages.record import url_of
from finance.models import (
    AccountStatus,
    BankAccount,
    BudgetVersion,
    BudgetVersionStatus,
    Payable,
    PaymentRun,
    RunStatus,
    SponsorInvoice,
    SponsorInvoiceStatus,
)
from sites.models import ActivationWaiver, WaiverStatus

from .items import Cell, Heading, Section, Table, WorkItem, days_ago

# Sites expect their money about a month after the event.
LATE_AFTER_DAYS = 45


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


@dataclass(frozen=True)
class Decision:
    """A record that waits for a second person: in which state, whose permission decides, who made it."""

    model: Any
    status: str
    permission: str
    made_by: str
    related: tuple[str, ...]

    def waiting_for(self, user):
        """Return the records this person may decide on, none of those they made themselves."""
        rows = self.model.objects.visible_to(user, self.permission).filter(status=self.status)
        if self.made_by:
            rows = rows.exclude(**{self.made_by: user})
        return rows.select_related("study", *self.related).order_by("pk")


DECISIONS = (
    Decision(
        ActivationWaiver,
        WaiverStatus.ASKED,
        "sites.approve_waiver",
        "asked_by",
        ("site__organization", "site__country__nation"),
    ),
    Decision(
        BudgetVersion,
        BudgetVersionStatus.INTERNAL_REVIEW,
        "finance.approve_budget",
        "author",
        ("budget__study",),
    ),
    Decision(
        SponsorInvoice, SponsorInvoiceStatus.PM_REVIEW, "finance.review_invoice", "", ("budget__study",)
    ),
)


def decisions_waiting(user, on):
    """What few can decide: waivers, budgets and invoices that wait for a second person."""
    theirs = [one for one in DECISIONS if user.has_perm(one.permission)]
    if not theirs:
        return None
    items = [
        WorkItem(
            title=str(record),
            url=url_of(record),
            detail=record.study.protocol_number,
            term=str(record._meta.verbose_name).capitalize(),
        )
        for decision in theirs
        for record in decision.waiting_for(user)
    ]
    return Section(_("Decisions that wait for you"), items, _("Nothing waits for your decision."))


def invoices_unpaid(user, on):
    """Invoices sent to sponsors and not paid, the longest overdue first, for whoever settles them."""
    if not user.has_perm("finance.record_invoicing"):
        return None
    rows = SponsorInvoice.objects.visible_to(user, "finance.record_invoicing").filter(
        status__in=(SponsorInvoiceStatus.SENT, SponsorInvoiceStatus.DISPUTED)
    )
    rows = rows.select_related("study", "budget__study").order_by(F("due_on").asc(nulls_last=True), "pk")
    items = [
        WorkItem(
            title=str(invoice),
            url=url_of(invoice),
            detail=f"{invoice.study.protocol_number} · {invoice.get_status_display()}",
            term=_overdue((on - invoice.due_on).days)
            if invoice.due_on and invoice.due_on < on
            else _("due %(day)s") % {"day": invoice.due_on.strftime("%-d %b %Y") if invoice.due_on else "—"},
            pace="late" if invoice.due_on and invoice.due_on < on else "on-time",
        )
        for invoice in rows[:12]
    ]
    return Section(_("Sponsor invoices not paid"), items, _("Every invoice is paid."), total=rows.count())


def _overdue(days):
    return ngettext("%(n)d day overdue", "%(n)d days overdue", days) % {"n": days}


def money_owed(user, on):
    """What sites are owed, by study and currency: ready to be paid, and held back for a reason."""
    if not user.has_perm("finance.prepare_paymentrun"):
        return None
    rows = Payable.objects.visible_to(user, "finance.prepare_paymentrun").order_by()
    found: dict[tuple, dict] = {}
    for standing, kept in (("ready", rows.to_pay()), ("held", rows.held()), ("in_a_run", rows.in_a_run())):
        grouped = kept.values_list("study", "study__protocol_number", "currency")
        for study, number, currency, count, amount, oldest in grouped.annotate(
            Count("pk"), Sum("total"), Min("event_on")
        ):
            found.setdefault((number, currency, study), {})[standing] = (count, amount, oldest)
    headings = [
        Heading(_("Study")),
        Heading(
            _("Ready to pay"), _("Owed, confirmed and without a hold; in no payment run yet."), number=True
        ),
        Heading(_("Held"), _("Owed, and held back for the reason each line states."), number=True),
        Heading(_("In a run"), _("Taken into a payment run and not paid yet."), number=True),
        Heading(_("Oldest ready"), _("Days since the oldest item ready to be paid happened."), number=True),
    ]
    lines = [
        [
            Cell(f"{number} · {currency}", f"{reverse('payables-list')}?study={study}"),
            *(
                _amount_cell(study, standing, currency, sums.get(standing))
                for standing in ("ready", "held", "in_a_run")
            ),
            _oldest_cell(sums.get("ready"), on),
        ]
        for (number, currency, study), sums in sorted(found.items())
    ]
    return Table(_("Owed to sites"), headings, lines, _("Nothing is owed to a site."))


def _amount_cell(study, standing, currency, found):
    if found is None:
        return Cell("—", number=True)
    count, amount, _oldest = found
    url = f"{reverse('payables-list')}?study={study}&standing={standing}&currency={currency}"
    return Cell(f"{amount:,.2f} ({count})", url, number=True)


def _oldest_cell(found, on):
    if found is None or found[2] is None:
        return Cell("—", number=True)
    days = (on - found[2]).days
    return Cell(days_ago(days), tone="red" if days > LATE_AFTER_DAYS else "", number=True)
