"""Payments statement: what a site is owed and was paid, event by event, with totals that tie to the cent."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.money.amounts import ZERO, as_money, rounded
from ctms.pages.record import url_of
from ctms.reports.declare import Report, ReportColumn, iso, table_of
from finance.models import Payable, PayableKind, PayableStatus, PaymentLine, PaymentRun, Remittance
from studies.services.recorded import spine_of

COLUMNS = (
    ReportColumn(gettext_lazy("Event")),
    ReportColumn(gettext_lazy("Day"), "day"),
    ReportColumn(gettext_lazy("Kind")),
    ReportColumn(gettext_lazy("Amount"), "number"),
    ReportColumn(gettext_lazy("Overhead"), "number", gettext_lazy("The institution's share on the amount.")),
    ReportColumn(
        gettext_lazy("Holdback"),
        "number",
        gettext_lazy("Kept until the event the agreement names, then paid."),
    ),
    ReportColumn(gettext_lazy("Total"), "number", gettext_lazy("Amount and overhead less holdback.")),
    ReportColumn(gettext_lazy("Currency")),
    ReportColumn(gettext_lazy("State")),
    ReportColumn(gettext_lazy("Why on hold")),
    ReportColumn(gettext_lazy("Remittance")),
    ReportColumn(gettext_lazy("Paid on"), "day"),
)
AMOUNTS = ("amount", "overhead", "holdback", "total")


class PaymentsStatement(Report):
    name = "payments-statement"
    title = gettext_lazy("Payments statement")
    what_for = gettext_lazy(
        "What a site, or each site of a study, is owed and was paid: every subject visit, what is held and why."
    )
    permission = "finance.view_payable"
    position = 60

    @classmethod
    def facts(cls, cut):
        spine = spine_of(cut)
        payables = [one for one in spine.link(cut.rows(Payable)) if one.status != PayableStatus.VOIDED]
        paid = _paid(cut)
        return table_of(
            COLUMNS,
            _by_site(payables, spine, paid),
            summary=totals(payables),
            notes=(
                _("Voided entries are left out. What was paid and turned out otherwise has a correction of its own."),
            ),
            empty=_("Nothing is owed yet."),
        )  # fmt: skip


def _paid(cut):
    """Return {payable: its remittance} of the lines of runs, as they were on record; three queries."""
    remittances = {one.pk: one for one in cut.rows(Remittance)}
    # A run lies above the sites it pays; a remittance is called by its number.
    runs = cut.named(PaymentRun, {one.run_id for one in remittances.values()})
    found = {}
    for line in cut.rows(PaymentLine):
        remittance = remittances.get(line.remittance_id)
        if remittance is not None and (run := runs.get(remittance.run_id)) is not None:
            remittance.run = run
            found[line.payable_id] = remittance
    return found


def _by_site(payables, spine, paid):
    """Yield (site, rows) with a sum a currency below the events of each site."""
    found = defaultdict(list)
    for one in payables:
        found[one.site_id].append(one)
    for site in spine.sites.values():
        if rows := found.get(site.pk):
            rows.sort(key=lambda one: (one.event_on, one.pk))
            shown = [(_cells(one, paid.get(one.pk), spine.study), url_of(one)) for one in rows]
            yield str(site), shown + [(_sum(currency, of), None) for currency, of in _by_currency(rows)]


def _by_currency(payables):
    found = defaultdict(list)
    for one in payables:
        found[one.currency].append(one)
    return sorted(found.items())


def _cells(one, remittance, study):
    corrects = f" ({_('correction')})" if one.adjusts_id else ""
    return [
        f"{one.what}{corrects}",
        iso(one.event_on),
        str(PayableKind(one.kind).label),
        *(_amount(getattr(one, name), one.currency) for name in AMOUNTS),
        one.currency,
        str(PayableStatus(one.status).label),
        one.hold_sentence if one.status == PayableStatus.ON_HOLD else "",
        f"{study.protocol_number}-{remittance.run.reference}-{remittance.sequence:02d}" if remittance else "",
        iso(remittance.paid_on) if remittance else None,
    ]


def _sum(currency, payables):
    sums = [sum((getattr(one, name) for one in payables), ZERO) for name in AMOUNTS]
    return [_("Sum"), None, "", *(_amount(value, currency) for value in sums), currency, "", "", "", None]


def _amount(value, currency):
    return f"{rounded(value, currency):,}"


def totals(payables):
    """Return the figures above the table: of each currency what is owed altogether, by state; they add up."""
    lines = []
    for currency, rows in _by_currency(payables):
        lines.append(
            (_("Owed altogether"), as_money(_total(rows), currency), _("The sum of the states beside it."))
        )
        for status in PayableStatus:
            of_state = [one for one in rows if one.status == status]
            if of_state:
                lines.append((str(status.label), as_money(_total(of_state), currency), ""))
    return lines


def _total(payables):
    return sum((one.total for one in payables), ZERO)
