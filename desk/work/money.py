"""What waits of payments."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from ctms.pages.record import url_of
from finance.models import AccountStatus, BankAccount, Payable, PaymentRun, RunStatus

from .items import Section, WorkItem


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
