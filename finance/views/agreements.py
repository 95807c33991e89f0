"""Who is paid under an agreement; fees that are taken out of a draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ctms.access.explain import permit
from ctms.money.amounts import plain
from ctms.pages.views import refused
from ctms.workflow.declare import TransitionRefused
from finance import services
from finance.forms import SharesForm
from finance.pages import AgreementRecord, FeeRecord, FeeScheduleRecord, PayeeRecord

from .payments import ask


@login_required
def share_out(request, pk):
    """Ask for one payee or two of an agreement, and the part of each."""
    agreement = AgreementRecord.get(request.user, pk)
    permit(request.user, "finance.change_siteagreement", agreement)
    payees = PayeeRecord.rows(request.user).filter(site=agreement.site_id).order_by("legal_name", "pk")
    initial = {"percent_1": 100}
    for share in agreement.shown_shares:
        initial |= {f"payee_{share.part}": share.payee_id, f"percent_{share.part}": plain(share.percent)}
    form = SharesForm(request.POST or None, payees=payees, initial=initial)

    def save(values):
        services.share_out(
            actor=request.user, agreement=agreement, shares=form.shares(), reason=values["reason"]
        )

    return ask(request, form, save, record=agreement, title=_("Name payees and shares"),
                explanation=_("The shares make 100 %."))  # fmt: skip


@login_required
@require_POST
def remove_fee(request, pk):
    """Take a fee out of a draft schedule."""
    fee = FeeRecord.get(request.user, pk)
    schedule = fee.schedule
    try:
        services.remove_fee(actor=request.user, fee=fee)
    except TransitionRefused as refusal:
        return refused(request, refusal.sentence, back=FeeScheduleRecord.url(schedule), status=409)
    messages.success(request, _("Taken out."))
    return redirect(FeeScheduleRecord.url(schedule))
