"""The remittance letter: what a payee is paid for, line by line, from the approved run."""

from ctms.access.scoping import everything
from ctms.money.amounts import rounded
from ctms.reports.rendering import render_pdf
from ctms.signatures.signing import signatures_of
from finance.models import PaymentLine


def letter_of(remittance):
    """Return what the letter's template shows; its amounts are those of the lines. Inside no one's view: a job's."""
    run, currency = remittance.run, remittance.run.currency
    with everything("the lines of a remittance in hand"):
        paid = PaymentLine.objects.filter(remittance=remittance).select_related("payable")
        lines = list(paid.order_by("payable__event_on", "pk"))
    rows = [
        {
            "what": line.payable.what,
            "on": line.payable.event_on,
            "kind": line.payable.get_kind_display(),
            "corrects": line.payable.adjusts_id is not None,
            "amounts": [
                f"{rounded(value, currency):,}"
                for value in (line.amount, line.overhead, line.holdback, line.total)
            ],
        }
        for line in lines
    ]
    totals = (remittance.amount, remittance.overhead, remittance.holdback, remittance.total)
    return {
        "remittance": remittance,
        "run": run,
        "payee": remittance.payee,
        "account": remittance.account.shown if remittance.account else "",
        "site": remittance.site,
        "study": run.study,
        "currency": currency,
        "rows": rows,
        "totals": [f"{rounded(value, currency):,}" for value in totals],
        "header": f"{run.study.protocol_number} · Site {remittance.site.number} · {remittance.reference}",
    }


def print_letter(remittance):
    """Return the PDF/A of the letter; the same run prints the same bytes."""
    context = letter_of(remittance)
    approvals = [one for one in signatures_of(remittance.run) if one.meaning == "APPROVED"]
    return render_pdf(
        "reports/remittance_letter.html", context | {"approval": approvals[-1]}, title=context["header"]
    )
