"""The sponsor budget of VEL-301: its contract, a drafted change order, what was earned, what was invoiced."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from ctms.audit.context import acting_as
from ctms.signatures.proving import prove
from ctms.workflow.engine import perform
from finance import services
from finance.models import Budget, BudgetLineTerms

from .stage import demo_password

LEDGER = "Opening balance, from the ledger of the former system"
AWARDED, LASTS = -486, 1250
WESTERN, EASTERN = ["ES", "DE"], ["PL"]
ON_SITE = ["ON_SITE", "HYBRID"]


@dataclass(frozen=True)
class Line:
    """One line of the contract; `earned` were units a month until this system took over, `cost` the house's part."""

    code: str
    group: str
    task: str
    unit: str
    price: str
    units: str
    driver: str = "MANUAL"
    visit_types: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    earned: tuple[int, ...] = ()
    cost: str = "0.66"


# `earned` ends with the month before last; what happened since is in the demo itself.
LINES = (
    Line("SU-01", "START_UP", "Site qualification visit", "VISIT", "2250", "10", "REPORT_APPROVED", ["SQV"],
         earned=(3, 4, 2, 0, 0, 0, 0, 0, 0, 0, 0)),
    Line("SU-02", "START_UP", "Site initiation visit", "VISIT", "3300", "9", "REPORT_APPROVED", ["SIV"],
         earned=(0, 1, 2, 2, 1, 0, 0, 0, 0, 0, 0)),
    Line("REG-01", "REGULATORY", "Submission to authority or ethics committee", "SUBMISSION", "6900", "7",
         "SUBMISSION_FILED", earned=(2, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0)),
    Line("SM-01", "SITE_MANAGEMENT", "Site management", "SITE_MONTH", "460", "180", "SITE_MONTH",
         earned=(1, 2, 4, 5, 6, 6, 6, 6, 6, 6, 6), cost="0.58"),
    Line("MON-01", "MONITORING", "Interim monitoring, Western Europe", "VISIT_DAY", "2950", "64",
         "VISIT_DAY_REPORTED", ["IMV"], ON_SITE, WESTERN, (0, 0, 1, 2, 3, 3, 4, 3, 4, 3, 4)),
    Line("MON-02", "MONITORING", "Interim monitoring, Central and Eastern Europe", "VISIT_DAY", "2150", "28",
         "VISIT_DAY_REPORTED", ["IMV"], ON_SITE, EASTERN, (0, 0, 0, 1, 1, 1, 1, 2, 1, 1, 1)),
    Line("MON-03", "MONITORING", "Remote visit, report only", "REPORT", "1350", "20", "REMOTE_REPORT",
         earned=(0, 0, 0, 0, 1, 1, 0, 2, 1, 1, 1)),
    Line("MON-04", "MONITORING", "For-cause visit", "VISIT", "2950", "1", "REPORT_APPROVED", ["FCV"],
         earned=(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1)),
    Line("PM-01", "PROJECT_MANAGEMENT", "Project management", "STUDY_MONTH", "14800", "41", "STUDY_MONTH", cost="0.71"),
    Line("DM-01", "DATA_MANAGEMENT", "Data management", "STUDY_MONTH", "9400", "41", "STUDY_MONTH"),
    Line("STA-01", "STATISTICS", "Tables, listings and figures", "OUTPUT", "540", "180",
         earned=(0, 0, 0, 0, 0, 12, 0, 0, 0, 18, 6)),
    Line("MW-01", "MEDICAL_WRITING", "Clinical study report", "DOCUMENT", "62000", "1"),
    Line("SAF-01", "SAFETY", "Processing of serious adverse events", "SAE", "410", "60",
         earned=(0, 0, 0, 1, 0, 2, 1, 3, 2, 1, 2)),
    Line("TMF-01", "TMF", "Keeping the trial master file", "STUDY_MONTH", "3650", "41", "STUDY_MONTH"),
    Line("CO-01", "CLOSE_OUT", "Close-out visit", "VISIT", "2900", "9", "REPORT_APPROVED", ["COV"]),
)  # fmt: skip


def play(stage):
    """Let the people of VEL-301 agree the budget, count what was earned, and invoice it."""
    study, pm = stage.places["vel"], stage.people["pm"]
    with acting_as(pm):
        budget = Budget.objects.create(
            study=study, currency="EUR", agreement_number="HTX-CSA-0301", purchase_order="4500187320"
        )
    _contract(stage, budget)
    _earned(stage, budget)
    _change_order(stage, budget)
    _invoices(stage, budget)


def _contract(stage, budget):
    pm, since = stage.people["pm"], _day(stage, AWARDED)
    version = services.draft_version(
        actor=pm,
        budget=budget,
        kind="EXECUTED",
        effective_from=since,
        planned_sites=9,
        planned_visits=92,
        planned_subjects=150,
        duration_months=41,
    )
    for line in LINES:
        services.add_line(
            actor=pm,
            budget_version=version,
            unit_price=Decimal(line.price),
            contracted_units=Decimal(line.units),
            starts_on=since,
            ends_on=since + datetime.timedelta(days=LASTS),
            code=line.code,
            group=line.group,
            task=line.task,
            unit=line.unit,
            driver=line.driver,
            visit_types=line.visit_types,
            methods=line.methods,
            countries=line.countries,
        )
    shares = {line.code: Decimal(line.cost) for line in LINES}
    for terms in BudgetLineTerms.objects.filter(budget_version=version).select_related("line"):
        cost = (terms.unit_price * shares[terms.line.code]).quantize(Decimal("0.01"))
        services.estimate_cost(actor=stage.people["finance"], terms=terms, cost_per_unit=cost)
    perform(version, "submit", actor=pm)
    second = stage.people["finance2"]
    proof = prove(second, password=demo_password())
    perform(version, "approve", actor=second, happened_on=_day(stage, AWARDED - 4), proof=proof)


def _earned(stage, budget):
    """Bring in the months before this system by hand, then count what happened in it."""
    pm = stage.people["pm"]
    lines = {line.code: line for line in budget.lines.all()}
    for one in LINES:
        for back, units in enumerate(reversed(one.earned), start=2):
            if units:
                services.record_units(
                    actor=pm,
                    line=lines[one.code],
                    day=_month(stage, -back) + datetime.timedelta(days=24),
                    quantity=Decimal(units),
                    explanation=LEDGER,
                    on=stage.on,
                )
    services.book_units(actor=pm, budget=budget, now=timezone.now())


def _change_order(stage, budget):
    version = services.draft_version(
        actor=stage.people["pm"],
        budget=budget,
        kind="CHANGE_ORDER",
        effective_from=_month(stage, 1),
        change_reason="MORE_SITES",
        scope="Two sites more in Poland, to make up for the enrolment behind plan.",
        planned_sites=11,
    )
    more = {"SU-01": 2, "SU-02": 2, "REG-01": 1, "SM-01": 44, "MON-02": 24, "MON-04": 3, "CO-01": 2}
    with acting_as(stage.people["pm"]):
        for terms in BudgetLineTerms.objects.filter(budget_version=version).select_related("line"):
            if terms.line.code in more:
                terms.contracted_units += more[terms.line.code]
                terms.save()


def _invoices(stage, budget):
    """One invoice is 47 days old and one is disputed; last month is not billed yet."""
    first = budget.versions.get(kind="EXECUTED").effective_from
    _invoice(stage, budget, first, _month(stage, -3), sent=-47)
    disputed = _invoice(stage, budget, _month(stage, -2), _month(stage, -2), sent=-20)
    perform(
        disputed,
        "dispute",
        actor=stage.people["finance"],
        reason="The sponsor counts one monitoring day less in Dresden; the visit's report was sent to them.",
        happened_on=_day(stage, -6),
    )


def _invoice(stage, budget, since, until, *, sent):
    finance = stage.people["finance"]
    invoice = services.draft_invoice(actor=finance, budget=budget, period_from=since, period_to=until)
    perform(invoice, "submit", actor=finance)
    perform(invoice, "review", actor=stage.people["pm"])
    perform(invoice, "approve", actor=stage.people["finance2"])
    return perform(invoice, "send", actor=finance, happened_on=_day(stage, sent))


def _day(stage, offset):
    return stage.on + datetime.timedelta(days=offset)


def _month(stage, offset):
    """Return the first day of the month that lies `offset` months from today's."""
    number = stage.on.year * 12 + stage.on.month - 1 + offset
    return datetime.date(number // 12, number % 12 + 1, 1)
