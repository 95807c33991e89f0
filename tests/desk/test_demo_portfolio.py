"""The demo is the portfolio it says it is: its counts, the work that waits in it, and nothing an expert laughs at."""

import datetime
from collections import Counter
from contextlib import ExitStack
from itertools import pairwise
from statistics import median

import pytest
from django.conf import settings
from django.utils import timezone
from pghistory.models import Context

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.calendar.working_days import is_working_day, working_days_between
from ctms.jobs.models import Job
from ctms.money.amounts import ZERO
from ctms.reports.models import ReportRun, ReportSchedule
from ctms.reports.scheduling import due_day
from ctms.workflow.engine import first_reached
from ctms.workflow.models import TransitionRecord
from desk.demo import LOGINS, load, words
from desk.demo.courses import entries_of
from desk.demo.stage import Stage
from desk.demo.studies import PLANS
from desk.demo.waiting import NOT_ALL_VERIFIED, VERIFIED_NEXT_TIME
from desk.work import work_of
from documents.models import Document, ExpectedDocument
from documents.services import completeness_of
from finance.models import (
    BankAccount,
    Budget,
    BudgetLineTerms,
    EarnedUnit,
    Payable,
    PaymentLine,
    PaymentRun,
    SiteAgreement,
    SponsorInvoice,
)
from monitoring.models import (
    ActionItem,
    Answer,
    Deviation,
    MonitoringReport,
    MonitoringVisit,
    ReviewComment,
    VisitLetter,
    VisitMonitor,
)
from sites.models import SiteStaff
from studies.models import Milestone, ProtocolVersion, SiteAssignment, Study, StudyCountry, StudySite
from subjects.models import Allocation, Consent, Subject, SubjectVisit
from tests.databases import django_connected_to, new_database
from tests.product import DEMO_TEMPLATE, demo_template
from tests.servers import drop_database


@pytest.fixture(scope="module")
def portfolio(django_db_setup, django_db_blocker):
    demo_template()
    database = new_database("portfolio", source=DEMO_TEMPLATE)
    try:
        with django_db_blocker.unblock(), django_connected_to(database):
            yield timezone.localdate()
    finally:
        drop_database(database.name)


@pytest.fixture(autouse=True)
def as_a_whole(portfolio, request):
    reading = ExitStack()
    reading.enter_context(everything("the demo is looked at as a whole"))
    request.addfinalizer(reading.close)  # noqa: PT021 - no generator may read everything


def study(number):
    return Study.objects.get(protocol_number=number)


def counted(rows, field="status"):
    return dict(Counter(rows.values_list(field, flat=True)))


# --- the table of the portfolio --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "states"),
    [
        ("VEL-301", {"ACTIVE": 13, "ENROLMENT_HOLD": 1, "START_UP": 1, "DROPPED": 1}),
        (
            "KIN-204",
            {"ACTIVE": 4, "INITIATED": 1, "START_UP": 3, "UNDER_QUALIFICATION": 1, "NOT_SELECTED": 1},
        ),
        ("COR-207", {"ENROLMENT_CLOSED": 9, "CLOSED": 3}),
    ],
)
def test_each_study_has_its_sites_in_their_states(number, states):
    assert counted(StudySite.objects.filter(study=study(number))) == states


def test_nobody_is_enrolled_where_enrolment_is_closed():
    sites = list(StudySite.objects.filter(status__in=("ENROLMENT_CLOSED", "CLOSED")))
    closed = first_reached(sites, "ENROLMENT_CLOSED")
    assert closed
    for subject in Subject.objects.filter(site__in=sites, enrolled_on__isnull=False):
        assert subject.enrolled_on <= closed[subject.site_id], subject


def test_there_are_thirty_eight_sites_in_eleven_countries():
    assert StudySite.objects.count() == 38
    assert StudyCountry.objects.values("nation").distinct().count() == 11


@pytest.mark.parametrize(
    ("number", "screened", "enrolled", "states"),
    [
        ("VEL-301", 152, 102, {"IN_SCREENING": 6, "SCREEN_FAILED": 44, "ON_TREATMENT": 58, "OFF_TREATMENT": 4,
                               "COMPLETED": 35, "WITHDRAWN": 4, "LOST_TO_FOLLOW_UP": 1}),
        ("KIN-204", 13, 7, {"IN_SCREENING": 2, "SCREEN_FAILED": 4, "ON_TREATMENT": 5, "OFF_TREATMENT": 2}),
        ("COR-207", 121, 96, {"SCREEN_FAILED": 25, "ON_TREATMENT": 2, "OFF_TREATMENT": 10, "COMPLETED": 71,
                              "WITHDRAWN": 9, "LOST_TO_FOLLOW_UP": 2, "DIED": 2}),
    ],
)  # fmt: skip
def test_each_study_has_its_subjects_where_they_stand(number, screened, enrolled, states):
    subjects = Subject.objects.filter(study=study(number))
    assert (subjects.count(), subjects.enrolled().count()) == (screened, enrolled)
    assert counted(subjects) == states


def test_subject_visits_lie_mostly_in_their_windows():
    visits = SubjectVisit.objects.exclude(status__in=("PLANNED", "NOT_APPLICABLE", "VOIDED"))
    planned = visits.exclude(kind="UNSCHEDULED").count()
    assert 1600 <= planned <= 1900
    outside, missed = visits.out_of_window().count(), visits.filter(status="MISSED").count()
    assert 0.04 <= outside / planned <= 0.08
    assert 0.01 <= missed / planned <= 0.03
    assert 0.015 <= visits.filter(kind="UNSCHEDULED").count() / planned <= 0.045


def test_one_site_enrols_twice_as_fast_and_two_not_at_all(portfolio):
    entered = Counter(
        Subject.objects.filter(study=study("VEL-301")).enrolled().values_list("site__number", flat=True)
    )
    assert sum(sorted(entered.values())[-3:]) / 102 == pytest.approx(0.40, abs=0.02)
    active = StudySite.objects.filter(study=study("VEL-301"), status="ACTIVE").exclude(number__in=entered)
    released = first_reached(list(active), "ACTIVE")
    assert len(released) == 2
    assert all((portfolio - day).days >= 90 for day in released.values())


def test_own_visits_and_those_taken_over_without_a_report():
    rows = MonitoringVisit.objects.all()
    assert rows.filter(status="CONDUCTED", report__isnull=True).count() == 64
    own = rows.exclude(status="CONDUCTED", report__isnull=True)
    assert 175 <= own.count() <= 225
    assert own.filter(unblinded=True).count() == 8
    types = counted(own.filter(study=study("VEL-301"), unblinded=False), "visit_type")
    assert (types["SQV"], types["SIV"], types["CMV"], types["FCV"]) == (13, 14, 2, 1)
    remote = own.filter(study=study("VEL-301"), method="REMOTE").count()
    assert 10 <= remote <= 18


def test_reports_and_letters_come_as_soon_as_they_should_on_the_whole():
    reports = MonitoringReport.objects.filter(status="APPROVED").select_related("visit__site__country")

    def days(report, until):
        return working_days_between(report.visit.actual_end_on, until, report.visit.site.calendar_country)

    submitted = [days(report, report.submitted_on) for report in reports]
    approved = [days(report, report.approved_on) for report in reports]
    assert median(submitted) == pytest.approx(6, abs=1)
    assert median(approved) == pytest.approx(12, abs=1)
    assert 0.8 <= sum(one <= 8 for one in submitted) / len(submitted) <= 0.92
    assert 0.74 <= sum(one <= 15 for one in approved) / len(approved) <= 0.88
    letters = VisitLetter.objects.sent().select_related("visit__site__country")
    after = [
        working_days_between(one.visit.last_day, one.sent_on, one.visit.site.calendar_country)
        for one in letters.filter(kind="FOLLOW_UP")
    ]
    before = [
        working_days_between(one.sent_on, one.visit.first_day, one.visit.site.calendar_country)
        for one in letters.filter(kind="CONFIRMATION")
    ]
    assert median(after) == pytest.approx(9, abs=1)
    assert median(before) == pytest.approx(8, abs=1)


def test_forty_one_action_items_are_open_and_seven_of_them_are_old(portfolio):
    items = ActionItem.objects.open()
    assert items.count() == 41
    assert items.filter(opened_on__lt=portfolio - datetime.timedelta(days=60)).count() == 7
    closed = ActionItem.objects.filter(closed_on__isnull=False)
    assert median((one.closed_on - one.opened_on).days for one in closed) == pytest.approx(26, abs=4)


@pytest.mark.parametrize(
    ("number", "count", "important"), [("VEL-301", 88, 11), ("KIN-204", 9, 2), ("COR-207", 86, 8)]
)
def test_deviations_in_their_proportions(number, count, important, portfolio):
    rows = Deviation.objects.filter(study=study(number))
    assert rows.count() == count
    # The newest wait for the medical monitor, who has not said yet whether they are important: which, the day decides.
    said = rows.filter(importance="IMPORTANT").count()
    assert important / 2 <= said <= important
    if count > 50:
        kinds = counted(rows, "category")
        assert kinds["WINDOW"] / count == pytest.approx(0.32, abs=0.03)
        assert kinds["MISSED_ASSESSMENT"] / count == pytest.approx(0.24, abs=0.03)
        subjects = rows.values("subject_number").distinct().count()
        enrolled = Subject.objects.filter(study=study(number)).enrolled().count()
        assert 0.28 <= subjects / enrolled <= 0.42
    assert not rows.filter(identified_on__gt=portfolio).exists()


def test_monitors_are_unequally_loaded(portfolio):
    live = SiteAssignment.objects.filter(SiteAssignment.live(portfolio)).select_related("user")
    sites = Counter(one.user.username for one in live)
    assert {who: sites[who] for who in ("cra", "cra2", "cra3", "cra4", "cra5")} == {
        "cra": 7, "cra2": 9, "cra3": 8, "cra4": 8, "cra5": 4,
    }  # fmt: skip
    assert SiteAssignment.objects.filter(ends_on=portfolio - datetime.timedelta(days=42)).count() == 1
    assert SiteAssignment.objects.filter(starts_on=portfolio + datetime.timedelta(days=15)).count() == 1


def test_the_files_are_as_complete_as_they_say(portfolio):
    pm = User.objects.get(username="pm")
    assert 1000 <= ExpectedDocument.objects.filter(study=study("VEL-301")).count() <= 1250
    for number, share in (("VEL-301", 0.88), ("COR-207", 0.78)):
        _zones, whole = completeness_of(pm, study(number), portfolio)
        assert whole.settled / whole.due == pytest.approx(share, abs=0.025), f"{number}: {whole}"
    filed = Document.objects.filter(study=study("VEL-301"), status="APPROVED", source__startswith="demo/")
    days = [
        (document.versions.first().filed_on - document.document_date).days
        for document in filed.prefetch_related("versions")
    ]
    assert sum(day <= 30 for day in days) / len(days) == pytest.approx(0.81, abs=0.05)


def test_there_are_papers_in_every_state_and_some_lie_with_the_sponsor():
    assert {"DRAFT", "SUBMITTED", "IN_REVIEW", "REVIEWED", "RETURNED", "APPROVED"} <= set(
        Document.objects.values_list("status", flat=True)
    )
    elsewhere = ExpectedDocument.objects.filter(filed_system="Corvia eTMF", status="FULFILLED")
    assert elsewhere.count() > 500


def test_who_got_what_is_known_to_the_unblinded_circle_only():
    masked = Allocation.objects.filter(study__masking="DOUBLE")
    assert not masked.filter(unblinded=False).exists()
    assert not masked.visible_to(User.objects.get(username="pm")).exists()


def test_fourteen_certificates_expire_within_sixty_days(portfolio):
    until = portfolio + datetime.timedelta(days=60)
    assert SiteStaff.objects.filter(gcp_expires_on__range=(portfolio, until)).count() == 14


def test_fourteen_papers_of_the_largest_study_expire_within_sixty_days_and_two_have_expired(portfolio):
    rows = Document.objects.filter(study=study("VEL-301"))
    assert rows.about_to_expire(portfolio).count() == 14
    assert len(set(rows.about_to_expire(portfolio).values_list("artifact__number", flat=True))) >= 6
    expired = rows.expired(portfolio)
    assert expired.count() == 2
    for paper in expired:
        assert (paper.expected.status, paper.expected.due_on) == ("EXPECTED", paper.expires_on), str(paper)
    assert 1 <= Document.objects.filter(study=study("KIN-204")).about_to_expire(portfolio).count() <= 4


def test_six_reports_are_overdue_in_the_file_of_the_largest_study(portfolio):
    late = ExpectedDocument.objects.late(portfolio).filter(study=study("VEL-301"))
    assert late.filter(artifact__name__contains="Report").count() == 6


def test_a_certificate_ends_on_the_day_the_staff_list_says_and_every_cv_has_an_end(portfolio):
    kept = Document.objects.filter(source__startswith="demo/")
    certificates = kept.filter(artifact__number="05.02.07", site__isnull=False).select_related("site")
    assert certificates.count() > 15
    for paper in certificates:
        leads = SiteStaff.objects.on(portfolio).filter(site=paper.site, role="PRINCIPAL_INVESTIGATOR")
        assert leads.filter(gcp_expires_on=paper.expires_on).exists(), str(paper)
    assert not kept.filter(artifact__valid_months__isnull=False, expires_on__isnull=True).exists()
    assert not kept.filter(document_date__gt=portfolio).exists()


def test_the_forty_newest_reports_are_printed_from_what_was_approved():
    newest = MonitoringReport.objects.filter(status="APPROVED").order_by("-approved_on", "-pk")[:40]
    for report in newest.select_related("filed_as"):
        # Pages that stand for paper are some kilobytes; a print carries its fonts.
        assert report.filed_as.versions.first().file.size > 20_000, str(report)


def test_reasons_read_as_somebody_wrote_them():
    reasons = set(TransitionRecord.objects.values_list("reason", flat=True))
    assert sum(reason.startswith("Taken over from") for reason in reasons) >= 4
    assert not [reason for reason in reasons if "demo" in reason.lower()]
    assert not Context.objects.filter(metadata__reason__icontains="demo").exists()


def test_eleven_subjects_are_to_sign_the_new_form_and_two_countries_have_not_decided():
    assert Consent.objects.filter(study=study("VEL-301"), status="REQUIRED").count() == 11
    decisions = ExpectedDocument.objects.filter(label="Decision on protocol version 2.0")
    assert counted(decisions) == {"FULFILLED": 4, "EXPECTED": 2}


@pytest.mark.parametrize(
    ("country", "days"),
    [("US", 98), ("ES", 118), ("DE", 146), ("PL", 128), ("GB", 122), ("CZ", 116), ("FR", 131), ("AU", 84)],
)
def test_start_up_takes_as_long_as_it_does_in_each_country(country, days):
    sites = list(StudySite.objects.filter(country__nation=country).exclude(study=study("COR-207")))
    selected, released = first_reached(sites, "SELECTED"), first_reached(sites, "ACTIVE")
    took = [(released[pk] - selected[pk]).days for pk in released]
    assert median(took) == pytest.approx(days, abs=4)


def test_sites_are_paid_in_their_money_and_some_of_it_waits():
    currencies = {
        (row.site.country.nation_id, row.currency)
        for row in SiteAgreement.objects.select_related("site__country")
    }
    assert currencies == {
        ("ES", "EUR"), ("DE", "EUR"), ("FR", "EUR"), ("IT", "EUR"), ("GB", "GBP"), ("PL", "PLN"), ("CZ", "CZK"),
        ("HU", "HUF"), ("US", "USD"), ("CA", "CAD"), ("AU", "AUD"),
    }  # fmt: skip
    assert PaymentRun.objects.filter(status="IN_REVIEW").count() == 1
    assert Payable.objects.filter(total__lt=ZERO).count() == 1
    assert BankAccount.objects.filter(status="PROPOSED").count() == 1
    held = Payable.objects.filter(status="ON_HOLD")
    # What the payee of the unconfirmed account is owed is about as much as is missing, never to the item.
    assert held.count() == pytest.approx(12, abs=2)
    # The contract is not signed, the account not confirmed, or more screening failed than is paid.
    reasons = Counter(row.hold_codes[0] for row in held)
    assert set(reasons) == {"AGREEMENT", "PAYEE", "RATIO"}
    assert min(reasons.values()) >= 2
    lines = PaymentLine.objects.filter(remittance__status="PAID").select_related("remittance", "payable")
    assert 35 <= median((one.remittance.paid_on - one.payable.event_on).days for one in lines) <= 65


def test_the_largest_study_earned_less_than_its_subjects_would_say(portfolio):
    budget = Budget.objects.get(study=study("VEL-301"), unblinded=False)
    rows = BudgetLineTerms.objects.filter(budget_version__budget=budget, budget_version__status="APPROVED")
    prices = dict(rows.values_list("line", "unit_price"))
    contracted = sum(row.unit_price * row.contracted_units for row in rows)
    earned = sum(
        prices[line] * quantity
        for line, quantity in EarnedUnit.objects.filter(line__in=prices).values_list("line", "quantity")
    )
    assert contracted == 3_420_000 + 1_860_000
    # Months of work are earned as they end: a little more at the end of one than at its beginning.
    assert float(earned / contracted) == pytest.approx(0.63, abs=0.015)
    fees = {row.line_id: row.unit_price for row in rows.filter(line__kind="FEE")}
    of_fees = sum(
        fees[line] * quantity
        for line, quantity in EarnedUnit.objects.filter(line__in=fees).values_list("line", "quantity")
    )
    assert float(of_fees / 3_420_000) == pytest.approx(0.63, abs=0.015)
    enrolled = Subject.objects.filter(study=study("VEL-301")).enrolled().count()
    assert enrolled / 150 == pytest.approx(0.68, abs=0.005)


def test_one_invoice_is_forty_seven_days_old_and_one_is_disputed(portfolio):
    sent = SponsorInvoice.objects.filter(budget__study=study("VEL-301"), status="SENT").get()
    assert (portfolio - sent.sent_on).days == 47
    assert SponsorInvoice.objects.filter(status="DISPUTED").count() == 1


# --- the work that waits today ---------------------------------------------------------------------------


def test_the_visits_ahead(portfolio):
    ahead = MonitoringVisit.objects.upcoming()
    assert counted(ahead) == {"PLANNED": 10, "CONFIRMED": 4}
    assert not ahead.filter(planned_start_on__gt=portfolio + datetime.timedelta(days=42)).exists()
    confirmed = VisitLetter.objects.sent().filter(kind="CONFIRMATION").values("visit")
    assert ahead.exclude(pk__in=confirmed).count() == 3
    cancelled = MonitoringVisit.objects.filter(status="CANCELLED")
    assert cancelled.count() == 3


def test_the_reports_at_every_step():
    blinded = MonitoringReport.objects.filter(unblinded=False)
    drafts = blinded.filter(status="DRAFT")
    begun = set(Answer.objects.filter(report__in=drafts).exclude(value="").values_list("report", flat=True))
    assert drafts.exclude(pk__in=begun).count() == 3
    assert len(begun) == 5, "four being written, one returned"
    assert blinded.filter(status="IN_REVIEW").count() == 4
    assert MonitoringReport.objects.filter(unblinded=True, status="IN_REVIEW").count() == 1
    followed_up = VisitLetter.objects.sent().filter(kind="FOLLOW_UP").values("visit")
    waiting = MonitoringVisit.objects.filter(status="CONDUCTED", report__isnull=False, unblinded=False)
    assert waiting.exclude(pk__in=followed_up).count() == 3


@pytest.mark.parametrize(
    "login", [login.username for login in LOGINS if login.username not in ("inspector", "admin")]
)
def test_every_role_finds_work_or_something_to_read(login, portfolio):
    user = User.objects.get(username=login)
    sections = work_of(user, portfolio)
    assert sections or login in ("qa", "sponsor", "sponsor2")
    assert any(section.count for section in sections), login


def test_nothing_waits_for_the_worker_when_the_demo_starts():
    assert counted(Job.objects.exclude(state="DONE").exclude(name="notices.send_mail"), "name") == {}
    reports = MonitoringReport.objects.filter(status="APPROVED")
    assert not reports.filter(filed_as__isnull=True).exists()


def test_the_status_of_the_largest_study_was_run_and_comes_round_every_week(portfolio):
    pm = User.objects.get(username="pm")
    run = ReportRun.objects.visible_to(pm).get()
    assert (run.report, run.study.protocol_number, run.status_on) == ("study-status", "VEL-301", portfolio)
    assert run.facts["unknown"] == ""
    assert run.facts["content"]["dates"]
    assert run.file is not None
    schedule = ReportSchedule.objects.visible_to(pm).get()
    assert (schedule.report, schedule.when, schedule.status) == ("study-status", "every Monday", "ACTIVE")
    assert list(schedule.recipients.values_list("user__username", flat=True)) == ["pm"]
    assert due_day(schedule, timezone.now()) < schedule.starts_on, "none is owed of a day nothing is known of"


# --- what would be distrusted at first sight -------------------------------------------------------------


def test_no_report_says_yes_to_everything():
    unanswered = MonitoringReport.objects.exclude(status="DRAFT")
    for report in unanswered.prefetch_related("answers"):
        assert any(answer.value != "YES" for answer in report.answers.all()), str(report)


def test_no_report_is_approved_on_the_day_it_was_submitted():
    for report in MonitoringReport.objects.filter(status="APPROVED"):
        assert report.visit.actual_end_on <= report.submitted_on < report.approved_on, str(report)


def test_nobody_visits_on_a_sunday_or_a_holiday():
    for visit in MonitoringVisit.objects.select_related("site__country"):
        for day in (visit.first_day, visit.last_day):
            assert is_working_day(day, visit.site.calendar_country), f"{visit} on {day}"
    seen = SubjectVisit.objects.filter(status="OCCURRED").select_related("site__country")
    for visit in seen:
        assert is_working_day(visit.occurred_on, visit.site.calendar_country), (
            f"{visit} on {visit.occurred_on}"
        )


def test_sites_are_initiated_after_they_were_selected_and_opened_after_the_decision():
    sites = list(StudySite.objects.select_related("country", "study"))
    selected, released = first_reached(sites, "SELECTED"), first_reached(sites, "ACTIVE")
    decided = first_reached(list(StudyCountry.objects.all()), "OPEN")
    initiations = MonitoringVisit.objects.filter(visit_type="SIV", status="CONDUCTED")
    for visit in initiations:
        assert selected[visit.site_id] < visit.actual_start_on
        if visit.site_id in released:
            assert visit.actual_end_on <= released[visit.site_id], str(visit)
    signed = dict(SiteAgreement.objects.values_list("site", "executed_on"))
    for site in sites:
        if site.pk in released:
            assert decided[site.country_id] <= released[site.pk], str(site)
            assert signed[site.pk] <= released[site.pk], str(site)


def test_nobody_is_enrolled_who_was_not_screened_or_where_nobody_was_trained():
    for site in StudySite.objects.all():
        subjects = Subject.objects.filter(site=site)
        assert subjects.enrolled().count() <= subjects.filter(consented_on__isnull=False).count()
        if subjects.exists():
            first = subjects.order_by("consented_on").first().consented_on
            trained = MonitoringVisit.objects.filter(site=site, visit_type="SIV", status="CONDUCTED")
            assert trained.filter(actual_end_on__lte=first).exists(), str(site)


def test_monitors_visited_where_they_worked_on_that_day():
    for one in VisitMonitor.objects.select_related("visit", "user").exclude(
        user__username__in=("lead", "ucra")
    ):
        visit, day = one.visit, one.visit.first_day
        if visit.status == "CANCELLED" or visit.visit_type == "SQV":
            continue
        assigned = SiteAssignment.objects.filter(
            user=one.user, content_object=visit.site_id, starts_on__lte=day
        )
        assert assigned.exclude(ends_on__lt=day).exists(), f"{one} at {visit} on {day}"


def test_what_was_paid_was_approved_before_and_never_round_everywhere():
    for run in PaymentRun.objects.filter(status="PAID").prefetch_related("remittances"):
        for remittance in run.remittances.all():
            if remittance.paid_on is not None:
                assert run.approved_on <= remittance.paid_on, str(run)
    totals = [run.total for run in PaymentRun.objects.filter(status="PAID")]
    assert sum(total % 100 == 0 for total in totals) <= len(totals) / 10


def test_not_every_study_is_green(portfolio):
    late = Milestone.objects.overdue(portfolio)
    assert {row.study.protocol_number for row in late} >= {"VEL-301"}
    assert ExpectedDocument.objects.late(portfolio).filter(study=study("COR-207")).count() > 50


IN_ORDER = (
    "Contract signed", "Final protocol approved", "First regulatory submission", "First regulatory approval",
    "First site activated", "First subject in", "Half of the subjects in", "Last subject in",
    "Last subject last visit", "Database lock", "Clinical study report final",
)  # fmt: skip
TOLD_BY_THE_RECORDS = {
    "First regulatory approval", "First site activated", "First subject in", "Half of the subjects in",
    "Last subject in",
}  # fmt: skip


@pytest.mark.parametrize("number", ["VEL-301", "KIN-204", "COR-207"])
def test_milestones_are_reached_on_the_days_the_records_of_the_study_tell(number):
    this = study(number)
    reached = dict(
        Milestone.objects.filter(study=this, country=None, actual_on__isnull=False).values_list(
            "name", "actual_on"
        )
    )
    entered = sorted(Subject.objects.filter(study=this).enrolled().values_list("enrolled_on", flat=True))
    released = first_reached(list(StudySite.objects.filter(study=this)), "ACTIVE")
    assert reached["First site activated"] == min(released.values())
    assert reached["First subject in"] == entered[0]
    if number != "COR-207":
        decided = first_reached(list(StudyCountry.objects.filter(study=this)), "OPEN")
        assert reached["First regulatory approval"] == min(decided.values())
        assert reached["Final protocol approved"] == min(
            ProtocolVersion.objects.filter(study=this).values_list("dated_on", flat=True)
        )
    assert reached.get("Half of the subjects in") == (entered[74] if number == "VEL-301" else None)
    assert reached.get("Last subject in") == (entered[-1] if number == "COR-207" else None)


def test_desks_reach_milestones_on_working_days_of_the_house():
    rows = Milestone.objects.filter(country=None)
    for milestone in rows.select_related("study"):
        own = None if milestone.name in TOLD_BY_THE_RECORDS else milestone.actual_on
        for day in (milestone.baseline_on, milestone.planned_on, own):
            assert day is None or is_working_day(day, settings.HOUSE_COUNTRY), f"{milestone} on {day}"


@pytest.mark.parametrize("number", ["VEL-301", "KIN-204", "COR-207"])
def test_milestones_follow_each_other_as_a_study_goes(number):
    by_name = {one.name: one for one in Milestone.objects.filter(study=study(number), country=None)}
    followed = [by_name[name] for name in IN_ORDER if name in by_name]
    for before, after in pairwise(followed):
        told = f"{before}, {after}"
        assert before.baseline_on <= after.baseline_on, told
        assert before.planned_on <= after.planned_on, told
        assert (before.actual_on or before.planned_on) <= (after.actual_on or after.planned_on), told


def test_countries_and_sites_have_milestones_that_agree_with_what_happened_there(portfolio):
    of_countries = Milestone.objects.filter(country__isnull=False, site=None)
    assert counted(of_countries, "study__protocol_number") == {"VEL-301": 6, "KIN-204": 6}
    for country in StudyCountry.objects.filter(pk__in=of_countries.values("country")):
        approved = of_countries.get(country=country, kind="FIRST_APPROVAL")
        activated = of_countries.get(country=country, kind="FIRST_SITE_ACTIVATED")
        decided = first_reached([country], "OPEN")
        released = first_reached(list(StudySite.objects.filter(country=country)), "ACTIVE")
        assert approved.actual_on == decided.get(country.pk), str(country)
        assert activated.actual_on == min(released.values(), default=None), str(country)
        assert (approved.actual_on or approved.planned_on) < (activated.actual_on or activated.planned_on)
        assert approved.baseline_on < activated.baseline_on
    of_sites = Milestone.objects.filter(site__isnull=False).select_related("site")
    assert {(one.site.number, one.site.status, one.status) for one in of_sites} == {
        ("4002", "START_UP", "PLANNED"), ("3001", "START_UP", "PLANNED"),
    }  # fmt: skip
    assert Milestone.objects.overdue(portfolio).count() == 2


def test_a_comment_answers_the_question_it_stands_at():
    left_over = Answer.objects.filter(value__in=("NOT_REVIEWED", "NOT_APPLICABLE")).exclude(
        comment__in=(NOT_ALL_VERIFIED, VERIFIED_NEXT_TIME)
    )
    assert left_over.exists()
    fitting = {"NOT_REVIEWED": words.NOT_REVIEWED, "NOT_APPLICABLE": words.NOT_APPLICABLE}
    for answer in left_over:
        assert answer.comment in fitting[answer.value][answer.question_key], str(answer)
    at = {}
    for one in Answer.objects.exclude(comment=""):
        at.setdefault(one.comment, set()).add(one.question_key)
    assert not {comment: keys for comment, keys in at.items() if len(keys) > 1}


def test_an_action_item_is_closed_in_words_that_fit_it():
    ended = TransitionRecord.objects.filter(
        name__in=("close", "resolve"), record__startswith="monitoring.ActionItem/"
    )
    texts = dict(ActionItem.objects.values_list("pk", "text"))
    assert ended.count() > 100
    for move in ended:
        text = texts[int(move.record.rpartition("/")[2])]
        assert move.reason in words.ITEMS[text], f"{text}: {move.reason}"


def test_a_report_that_came_back_was_asked_two_things_and_answered_both():
    comments = ReviewComment.objects.filter(sent_at__isnull=False).select_related(
        "report__site", "written_by"
    )
    assert {one.report.site.number for one in comments} == {"5003"}
    assert [(one.written_by.username, one.addressed, bool(one.reply)) for one in comments] == [
        ("lead", True, True)
    ] * 2
    report = comments[0].report
    moves = TransitionRecord.objects.filter(record=f"monitoring.MonitoringReport/{report.pk}").order_by("pk")
    said = list(moves.exclude(reason="").values_list("reason", flat=True))
    assert said == [
        "See the comments at 2 questions.",
        "Both comments of the review are answered, and the summary is completed.",
    ]


def test_nothing_is_left_over_at_a_closed_site():
    closed = StudySite.objects.filter(status="CLOSED")
    left_on = first_reached(list(closed), "CLOSED")
    assert len(left_on) == 3
    items = ActionItem.objects.filter(site__in=closed)
    assert items.exists()
    assert not items.open().exists()
    for item in items:
        assert item.closed_on <= left_on[item.site_id], str(item)
    departures = Deviation.objects.filter(site__in=closed)
    assert set(departures.values_list("status", flat=True)) == {"CLOSED"}


def test_subjects_have_numbers_and_no_sponsor_sees_the_other():
    halden, corvia = (User.objects.get(username=name) for name in ("sponsor", "sponsor2"))
    assert [row.protocol_number for row in Study.objects.visible_to(halden)] == ["VEL-301"]
    assert [row.protocol_number for row in Study.objects.visible_to(corvia)] == ["COR-207"]
    assert MonitoringReport.objects.visible_to(halden).exists()
    assert not MonitoringReport.objects.visible_to(halden).filter(unblinded=True).exists()


# --- loading ---------------------------------------------------------------------------------------------


def test_loading_twice_changes_nothing():
    before = [model.objects.count() for model in (Subject, SubjectVisit, MonitoringVisit, Document, Payable)]
    assert load() is False
    after = [model.objects.count() for model in (Subject, SubjectVisit, MonitoringVisit, Document, Payable)]
    assert before == after


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.number)
def test_chance_is_the_same_in_every_demo_of_one_day(plan, portfolio):
    def drawn():
        stage = Stage(None, {}, portfolio)
        dice = stage.dice(f"subjects {plan.key}")
        entries = [(one.site.number, one.age, one.stands, one.reason) for one in entries_of(plan, dice)]
        return entries, [dice.random() for _throw in range(20)]

    assert drawn() == drawn()
    ages = sorted((age for _site, age, *_rest in drawn()[0]), reverse=True)
    entered = Subject.objects.filter(study=study(plan.number)).enrolled().order_by("enrolled_on")
    days = list(entered.values_list("enrolled_on", flat=True))
    off = [abs((portfolio - day).days - age) for day, age in zip(days, ages, strict=True)]
    assert max(off, default=0) <= 9, "only a weekend or a holiday lies between chance and the day"
