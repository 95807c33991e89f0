"""The CDISC pilot, paid: 3,559 visits of 306 subjects at 17 sites, against a computation that knows nothing of us."""

import csv
import datetime
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import adopt_many, perform
from directory.models import Country, Organization
from finance import services
from finance.models import Fee, FeeSchedule, Payable, PayeeShare, PaymentLine, SiteAgreement
from studies.models import PlannedVisit, StudyCountry, StudySite
from subjects.models import Subject, SubjectVisit

from .conftest import PARTIES

DATA = Path(__file__).parents[2].parent / "shared/data/sdtm/pharmaversesdtm_csv"
pytestmark = pytest.mark.skipif(
    not (DATA / "sv.csv").is_file(), reason="the folder ../shared/data is not on this machine"
)
START, END = datetime.date(2010, 1, 1), datetime.date(2020, 1, 1)
UNSCHEDULED, FAILURE = Decimal("75.25"), Decimal("210.10")
FAILED = "Scrnfail"


def read(name):
    with (DATA / name).open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def price(visit_number):
    """A fee for each planned visit, with cents that make rounding matter."""
    return Decimal("101.37") + Decimal(visit_number) * Decimal("13.11")


# --- by hand ----------------------------------------------------------------------------------------------


def cents(value):
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def worth(fee):
    fee = cents(fee)
    overhead = cents(fee * Decimal("17.5") / 100)
    return fee + overhead - cents((fee + overhead) * 5 / 100)


def computed(subjects, visits):
    """Return {site: (lines, sum)}: visits of those entered, and one screen failure per three of them."""
    site_of = {one["USUBJID"]: one["SITEID"] for one in subjects}
    failed = {one["USUBJID"] for one in subjects if one["ARMCD"] == FAILED}
    lines, sums, entered, failures = Counter(), Counter(), Counter(), Counter()
    for subject, site in site_of.items():
        (failures if subject in failed else entered)[site] += 1
    for visit in visits:
        if visit["USUBJID"] not in failed:
            unscheduled = visit["VISIT"].startswith("UNSCHEDULED")
            site = site_of[visit["USUBJID"]]
            lines[site] += 1
            sums[site] += worth(UNSCHEDULED if unscheduled else price(visit["VISITNUM"]))
    for site, count in failures.items():
        paid = min(count, entered[site] // 3)
        lines[site] += paid
        sums[site] += paid * worth(FAILURE)
    return {site: (lines[site], sums[site]) for site in sums}


# --- in the product ---------------------------------------------------------------------------------------


class Pilot:
    """The pilot as rows of this product, made at once as an import would."""

    def __init__(self, stage, subjects, visits):
        self.stage, self.study = stage, stage.cast.vel
        self.fiona = stage.person("fiona")
        with (
            acting_as(stage.person("paula"), reason="CDISC pilot"),
            everything("the pilot is made as a whole"),
        ):
            self.planned = self.plan(visits)
            self.sites = {number: self.site(number) for number in sorted({one["SITEID"] for one in subjects})}
            self.subjects = self.bring_subjects(subjects, visits)
            self.bring_visits(visits)

    def plan(self, visits):
        planned = {}
        names = {
            one["VISITNUM"]: one["VISIT"] for one in visits if not one["VISIT"].startswith("UNSCHEDULED")
        }
        for sequence, (number, name) in enumerate(sorted(names.items(), key=lambda one: Decimal(one[0])), 11):
            planned[name] = PlannedVisit.objects.create(study=self.study, sequence=sequence, name=name)
            planned[name].fee_number = number
        return planned

    def site(self, number):
        country, _new = StudyCountry.objects.get_or_create(
            study=self.study, nation=Country.objects.get(pk="US")
        )
        hospital = Organization.objects.create(name=f"Pilot clinic {number}", kind="HOSPITAL")
        site = StudySite.objects.create(country=country, organization=hospital, number=number)
        self.stage.cast.places[number] = site
        payee = self.stage.payee(f"Clinic {number}", site=number, confirmed=False, currency="USD")
        self.stage.confirmed(payee.accounts.get())
        agreement = SiteAgreement.objects.create(
            site=site,
            currency="USD",
            parties=PARTIES,
            overhead_percent=Decimal("17.5"),
            holdback_percent=Decimal(5),
        )
        agreement = self.stage.executed(agreement, on=START)
        PayeeShare.objects.create(agreement=agreement, payee=payee, part=1, percent=100)
        self.fees(agreement)
        return site

    def fees(self, agreement):
        schedule = FeeSchedule.objects.create(
            agreement=agreement, number=1, effective_from=START, overhead_percent=agreement.overhead_percent,
            holdback_percent=agreement.holdback_percent, author=self.stage.person("sue"),
        )  # fmt: skip
        fees = [
            Fee(
                schedule=schedule,
                kind="PLANNED_VISIT",
                planned_visit=planned,
                amount=price(planned.fee_number),
            )
            for planned in self.planned.values()
        ]
        fees.append(Fee(schedule=schedule, kind="UNSCHEDULED_VISIT", amount=UNSCHEDULED))
        fees.append(Fee(schedule=schedule, kind="SCREEN_FAILURE", amount=FAILURE, ratio_paid=1, ratio_per=3))
        for fee in fees:
            fee.fill_place()
        Fee.objects.bulk_create(fees)
        self.stage.approved_schedule(schedule)

    def bring_subjects(self, subjects, visits):
        days = defaultdict(list)
        for visit in visits:
            days[visit["USUBJID"]].append(datetime.date.fromisoformat(visit["SVSTDTC"]))
        entered, failed = [], []
        for one in subjects:
            subject = Subject(
                site=self.sites[one["SITEID"]], study=self.study, number=one["USUBJID"],
                consented_on=min(days[one["USUBJID"]]),
            )  # fmt: skip
            if one["ARMCD"] == FAILED:
                subject.screen_failed_on = max(days[one["USUBJID"]])
                failed.append(subject)
            else:
                subject.randomised_on = datetime.date.fromisoformat(one["RFSTDTC"])
                entered.append(subject)
        Subject.objects.bulk_create([*entered, *failed])
        self.take_over(entered, "RANDOMISED", {row.pk: row.randomised_on for row in entered})
        self.take_over(failed, "SCREEN_FAILED", {row.pk: row.screen_failed_on for row in failed})
        return {row.number: row for row in (*entered, *failed)}

    def bring_visits(self, visits):
        rows = []
        for one in visits:
            planned, subject = self.planned.get(one["VISIT"]), self.subjects[one["USUBJID"]]
            rows.append(
                SubjectVisit(
                    subject=subject, site=subject.site, study=self.study, name=one["VISIT"],
                    planned_visit=planned, kind="SCHEDULED" if planned else "UNSCHEDULED",
                    occurred_on=datetime.date.fromisoformat(one["SVSTDTC"]),
                )
            )  # fmt: skip
        SubjectVisit.objects.bulk_create(rows, batch_size=500)
        self.take_over(rows, "OCCURRED", {row.pk: row.occurred_on for row in rows})

    @staticmethod
    def take_over(rows, state, days):
        adopt_many(rows, state, actor=User.objects.system(), reason="CDISC pilot", days=days)


def test_the_pilot_is_paid_what_a_computation_by_hand_says(stage):
    subjects, visits = read("dm.csv"), read("sv.csv")
    assert (len(subjects), len(visits)) == (306, 3559)
    pilot = Pilot(stage, subjects, visits)
    booked = stage.accrued()["booked"]
    assert booked > 3000
    with everything("the pilot as a whole"):
        waiting = list(Payable.objects.to_confirm().select_related("study"))
    services.confirm_payables(actor=stage.person("lena"), payables=waiting, on=END)
    run = services.prepare_run(actor=pilot.fiona, study=pilot.study, currency="USD", period_to=END)
    with everything("the pilot as a whole"):
        # The run generated payables once more before it took them: nothing was booked twice.
        assert Payable.objects.count() == booked
    run = stage.signed(perform(run, "submit", actor=pilot.fiona), "approve", "felix")
    expected = computed(subjects, visits)
    with everything("the pilot as a whole"):
        lines = Counter(PaymentLine.objects.filter(run=run).values_list("site__number", flat=True))
    paid = {one.site.number: (lines[one.site.number], one.total) for one in stage.remittances(run)}
    assert paid == expected
    assert run.total == sum(total for _lines, total in expected.values())
    with everything("the pilot as a whole"):
        left = Payable.objects.filter(status="ON_HOLD")
        assert {tuple(row.hold_codes) for row in left} == {("RATIO",)}
        assert left.count() == 52 - sum(1 for row in stage.payables(kind="SCREEN_FAILURE", status="APPROVED"))
