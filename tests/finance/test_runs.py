"""One person prepares, another approves, the bank is told once, and what it did comes back."""

import csv
import io
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connections, transaction
from pypdf import PdfReader

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.files.models import AccessRecord
from ctms.files.storing import read_checked
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.notices.models import Notice
from ctms.signatures.proving import prove
from ctms.signatures.signing import signatures_of, verify
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from desk.work import work_of
from finance import services
from finance.imports import PaymentSheet
from finance.models import Payable, PaymentLine, PaymentRun, Remittance
from studies.services.team import assign
from tests.cast import PASSWORD, bring_on_stage

from .conftest import APRIL, FEBRUARY, MARCH, Stage


def ready(stage, *, site="madrid", count=2, **contract):
    """Let some visits of a site be owed and confirmed."""
    stage.contract(site=site, **contract)
    number = stage.cast.places[site].number
    visits = [stage.visit(stage.subject(f"{number}-{one:03}", site=site)) for one in range(1, count + 1)]
    stage.accrued()
    stage.confirm_all()
    return visits


def lines_of(run):
    with everything("the test looks at all"):
        return list(PaymentLine.objects.filter(run=run).select_related("payable", "run").order_by("pk"))


def test_a_run_pays_each_payee_what_is_eligible_and_nothing_else(stage):
    ready(stage)
    ready(stage, site="berlin", count=1, shares=(60, 40))
    stage.visit(stage.subject("2003-009"))  # not confirmed
    run = stage.run()
    assert [(one.payee.legal_name, one.total) for one in stage.remittances(run)] == [
        ("Payee 1 of berlin", Decimal("311.04")),
        ("Payee 1 of madrid", Decimal("1036.8")),
        ("Payee 2 of berlin", Decimal("207.36")),
    ]
    assert stage.again(run).total == sum(line.total for line in lines_of(run)) == Decimal("1555.2")
    # What is in one run is in no other.
    assert lines_of(stage.run()) == []


def test_a_run_takes_its_currency_its_country_and_its_period(stage):
    ready(stage)
    ready(stage, site="berlin", count=1)
    spain = stage.run(country=stage.cast.spain)
    assert {one.payee.legal_name for one in stage.remittances(spain)} == {"Payee 1 of madrid"}
    assert lines_of(stage.run(period_from=MARCH)) == []
    dollars = services.prepare_run(
        actor=stage.person("fiona"), study=stage.cast.vel, currency="USD", period_to=APRIL
    )
    assert lines_of(dollars) == []
    with pytest.raises(TransitionRefused, match="no lines"):
        perform(dollars, "submit", actor=stage.person("fiona"))


def test_who_prepared_a_run_does_not_approve_it_by_page_or_by_database(stage):
    ready(stage)
    run = stage.submitted()
    with pytest.raises(TransitionRefused, match="You prepared this run; someone else must approve it"):
        stage.signed(run, "approve", "fiona")
    for stranger in ("lena", "carla", "paula", "fergus", "quentin", "sam"):
        with pytest.raises(PermissionDenied):
            stage.signed(run, "approve", stranger)
    with (
        pytest.raises(DatabaseError, match="paymentrun_two_people"),
        everything("raw"),
        acting_as(stage.person("fiona"), reason="raw"),
        transaction.atomic(),
    ):
        PaymentRun.objects.filter(pk=run.pk).update(approved_by=stage.person("fiona"))
    approved = stage.signed(run, "approve", "felix")
    assert (approved.status, approved.approved_by) == ("APPROVED", stage.person("felix"))
    assert [signature.signer for signature in signatures_of(approved)] == [stage.person("felix")]


def test_an_approved_run_and_its_payables_no_longer_change(stage):
    ready(stage)
    run = stage.approved()
    assert {row.status for row in stage.payables()} == {"APPROVED"}
    deeds = {
        "a line out": lambda: PaymentLine.objects.filter(run=run).delete(),
        "a line changed": lambda: PaymentLine.objects.filter(run=run).update(total=1),
        "a remittance": lambda: Remittance.objects.filter(run=run).update(total=1, amount=1, overhead=0, holdback=0),
        "the total": lambda: PaymentRun.objects.filter(pk=run.pk).update(total=1),
        "a payable": lambda: Payable.objects.update(held_because="x"),
    }  # fmt: skip
    for deed in deeds.values():
        with (
            pytest.raises(DatabaseError),
            everything("raw"),
            acting_as(stage.person("fiona"), reason="raw"),
            transaction.atomic(),
        ):
            deed()
    (signature,) = signatures_of(run)
    assert verify(signature, stage.again(run)).stands
    with pytest.raises(TransitionRefused, match="no longer change"):
        services.reject_line(actor=stage.person("fiona"), line=lines_of(run)[0], reason="Late")


def test_totals_that_are_not_those_of_the_lines_are_not_approved(stage):
    ready(stage)
    run = stage.submitted()
    with everything("raw"), acting_as(stage.person("fiona"), reason="raw"):
        PaymentRun.objects.filter(pk=run.pk).update(total=run.total + Decimal("0.01"))
    with pytest.raises(DatabaseError, match="totals of the run"), transaction.atomic():
        stage.signed(run, "approve", "felix")
    assert stage.again(run).status == "IN_REVIEW"


def test_a_line_is_taken_out_with_a_reason_and_waits_for_the_next_run(stage):
    ready(stage)
    run = stage.submitted()
    out, stays = lines_of(run)
    with pytest.raises(ValidationError):
        services.reject_line(actor=stage.person("felix"), line=out, reason=" ")
    services.reject_line(actor=stage.person("felix"), line=out, reason="The site asked about it")
    assert [line.pk for line in lines_of(run)] == [stays.pk]
    assert stage.again(run).total == stays.total
    assert stage.again(out.payable).status == "ELIGIBLE"
    approved = stage.signed(run, "approve", "felix")
    assert approved.total == stays.total
    assert [line.payable_id for line in lines_of(stage.run())] == [out.payable_id]


def test_a_visit_voided_while_its_run_is_in_review_stops_the_approval(stage):
    visits = ready(stage)
    run = stage.submitted()
    stage.moved(visits[0], "void")
    stage.accrued()
    with pytest.raises(TransitionRefused, match="1 line has changed since the run was prepared:"):
        stage.signed(run, "approve", "felix")
    run = perform(run, "return_to_draft", actor=stage.person("felix"), reason="A visit was voided")
    run = services.prepare_again(actor=stage.person("fiona"), run=run)
    assert [line.payable.event_key for line in lines_of(run)] == [f"visit/{visits[1].pk}"]
    assert (
        stage.signed(perform(run, "submit", actor=stage.person("fiona")), "approve", "felix").status
        == "APPROVED"
    )


def test_the_approval_looks_at_what_happened_and_not_at_what_was_booked(stage):
    visits = ready(stage)
    run = stage.submitted()
    stage.moved(visits[0], "void")  # and nobody generated payables since
    with pytest.raises(TransitionRefused, match="2003-001: Screening"):
        stage.signed(run, "approve", "felix")


def test_whoever_fills_a_run_anew_has_prepared_it(stage):
    ready(stage)
    run = services.prepare_again(actor=stage.person("felix"), run=stage.run())
    run = perform(run, "submit", actor=stage.person("fiona"))
    with pytest.raises(TransitionRefused, match="You prepared this run"):
        stage.signed(run, "approve", "felix")


def test_too_little_and_less_than_nothing_is_carried_over(stage):
    payee = stage.payee(minimum=Decimal(1000))
    agreement = stage.agreement()
    services.share_out(actor=stage.person("sue"), agreement=agreement, shares=[(payee, Decimal(100))])
    stage.schedule(agreement)
    stage.paying_account()
    visits = [stage.visit(stage.subject("2003-001"))]
    stage.accrued()
    stage.confirm_all()
    run = stage.run()
    (remittance,) = stage.remittances(run)
    assert (remittance.total, remittance.carried_amount, lines_of(run)) == (0, Decimal("518.4"), [])
    visits.append(stage.visit(stage.subject("2003-002")))
    stage.accrued()
    stage.confirm_all()
    assert stage.paid().total == Decimal("1036.8")
    stage.moved(visits[0], "void")
    (remittance,) = stage.remittances(stage.run())
    assert (remittance.total, remittance.carried_amount) == (0, Decimal("-518.4"))
    for number in (3, 4, 5):
        stage.visit(stage.subject(f"2003-00{number}"))
    stage.accrued()
    stage.confirm_all()
    run = stage.run()
    assert stage.again(run).total == 2 * Decimal("518.4"), "what was paid too much is netted"
    assert len(lines_of(run)) == 4


def test_a_run_is_exported_once_and_every_download_is_the_same_file_and_remembered(stage, client):
    ready(stage)
    run = stage.approved()
    with pytest.raises(TransitionRefused, match="no account to pay EUR from"):
        perform(run, "export", actor=stage.person("fiona"))
    stage.paying_account()
    run = perform(run, "export", actor=stage.person("fiona"))
    with pytest.raises(TransitionRefused, match="This is now exported: Export to the bank by Fiona Grant"):
        perform(run, "export", actor=stage.person("felix"))
    with (
        pytest.raises(DatabaseError, match="exported once"),
        everything("raw"),
        acting_as(stage.person("fiona"), reason="raw"),
        transaction.atomic(),
    ):
        PaymentRun.objects.filter(pk=run.pk).update(csv_file=run.xml_file)
    for kind, stored in (("csv", run.csv_file), ("pain001", run.xml_file)):
        client.force_login(stage.person("felix"))
        answers = [client.get(f"/payment-runs/{run.pk}/file/{kind}/") for _time in range(2)]
        assert {answer.content for answer in answers} == {read_checked(stored)}
        with everything("the test looks at who read what"):
            read = AccessRecord.objects.filter(
                record=f"finance.PaymentRun/{run.pk}",
                user=stage.person("felix"),
                detail__contains=stored.sha256,
            )
            assert read.count() == 2
        for who, status in (("paula", 403), ("lena", 403), ("carla", 404), ("fergus", 404), ("sam", 404)):
            client.force_login(stage.person(who))
            assert client.get(f"/payment-runs/{run.pk}/file/{kind}/").status_code == status, who


def test_an_account_that_changes_after_the_approval_stops_the_export(stage):
    ready(stage)
    stage.paying_account()
    run = stage.approved()
    stage.account(stage.remittances(run)[0].payee, iban="ES7921000813610123456789")
    with pytest.raises(TransitionRefused, match="is not the one that was approved"):
        perform(run, "export", actor=stage.person("fiona"))


def test_the_table_is_line_by_line_ties_to_the_total_and_runs_no_formula(stage):
    ready(stage, count=1)
    with everything("the test's own fee"):
        schedule = services.draft_schedule(
            actor=stage.person("sue"), agreement=stage.payables()[0].agreement, effective_from=MARCH
        )
    services.add_fee(
        actor=stage.person("sue"),
        schedule=schedule,
        kind="INVOICED",
        name="=cmd|' /C calc'!A0",
        amount=Decimal(100),
    )
    stage.approved_schedule(schedule)
    with everything("the test's own fee"):
        fee = schedule.fees.get(kind="INVOICED")
    services.book_invoice(actor=stage.person("fiona"), fee=fee, invoice_number="@7", occurred_on=MARCH)
    stage.accrued()
    stage.confirm_all()
    stage.paying_account()
    run = stage.exported()
    rows = list(csv.DictReader(io.StringIO(read_checked(run.csv_file).decode("utf-8-sig"))))
    assert sum(Decimal(row["Total"]) for row in rows) == run.total
    assert [row["What"] for row in rows] == ["2003-001: Screening", "'=cmd|' /C calc'!A0, invoice @7"]
    assert "ES91" not in read_checked(run.csv_file).decode(), "no bank account in the table"


def test_what_the_bank_paid_is_fed_back_once_and_the_last_remittance_closes_the_run(stage):
    ready(stage)
    ready(stage, site="berlin", count=1)
    stage.paying_account()
    run = stage.exported()
    berlin, madrid = stage.remittances(run)

    def pay(remittance, reference="B-1"):
        return services.record_payment(
            actor=stage.person("fiona"), remittance=remittance, paid_on=APRIL, bank_reference=reference
        )

    assert pay(berlin) is True
    assert pay(berlin) is False
    with pytest.raises(TransitionRefused, match="was paid on"):
        pay(berlin, "B-2")
    assert stage.again(run).status == "EXPORTED"
    assert {row.site_id: row.status for row in stage.payables()} == {
        stage.cast.berlin.pk: "PAID", stage.cast.madrid.pk: "APPROVED",
    }  # fmt: skip
    pay(madrid)
    assert stage.again(run).status == "PAID"
    assert {row.status for row in stage.payables()} == {"PAID"}


def test_payments_come_back_as_a_sheet_whole_or_not_at_all_and_twice_changes_nothing(stage):
    ready(stage)
    stage.paying_account()
    run = stage.exported()
    (remittance,) = stage.remittances(run)
    head = "Remittance,Paid on,Bank reference\n"
    good = f"{head}{remittance.reference},2026-04-01,TRX 7\n"

    def bring(text, by="fiona"):
        return PaymentSheet(run).bring(actor=stage.person(by), data=text.encode(), file_name="bank.csv")

    wrong = bring(f"{good}VEL-301-PAY-9999-01,2026-04-01,TRX 8\n")
    assert [str(error) for error in wrong.errors] == [
        "row 3, column Remittance: VEL-301-PAY-9999-01 is no remittance of this run"
    ]
    assert stage.again(remittance).status == "TO_PAY"
    with pytest.raises(PermissionDenied):
        bring(good, by="lena")
    assert bring(good).counts == {"updated": 1}
    assert bring(good).unchanged
    paid = stage.again(remittance)
    assert (paid.status, paid.paid_on, paid.bank_reference) == ("PAID", APRIL, "TRX 7")


def test_those_who_may_approve_and_did_not_prepare_are_told(stage):
    ready(stage)
    stage.submitted()
    run_job(Job.objects.get(name="finance.tell_approvers").pk)
    told = {(notice.user.username, notice.text) for notice in Notice.objects.filter(kind="run-submitted")}
    assert told == {("felix", "VEL-301 · PAY-0001 waits for your approval: 1,036.80 EUR.")}
    titles = {section.title: section.items for section in work_of(stage.person("felix"), APRIL)["sections"]}
    assert [item.title for item in titles["Payments that wait for you"]] == ["VEL-301 · PAY-0001"]
    titles = {section.title: section.items for section in work_of(stage.person("fiona"), APRIL)["sections"]}
    assert titles["Payments that wait for you"] == []


def test_letters_are_printed_once_from_the_run_and_are_the_same_bytes(stage, client):
    ready(stage)
    ready(stage, site="berlin", count=1)
    stage.approved()
    job = Job.objects.get(name="finance.print_letters")
    run_job(job.pk)
    job.refresh_from_db()
    assert len(job.result["letters"]) == 2
    with everything("the test looks at all"):
        letters = {one.site_id: one for one in Remittance.objects.select_related("letter")}
    madrid = letters[stage.cast.madrid.pk]
    client.force_login(stage.person("carla"))
    answer = client.get(f"/remittances/{madrid.pk}/letter/")
    assert answer.content.startswith(b"%PDF-")
    assert answer.content == read_checked(madrid.letter)
    text = _text_of(answer.content)
    for words in ("2003-001: Screening", "2003-002: Screening", "1,036.80 EUR", "57.60", "Felix Moser"):
        assert words in text, words
    assert "ES9121000418450200051332" not in text.replace(" ", "")
    assert client.get(f"/remittances/{letters[stage.cast.berlin.pk].pk}/letter/").status_code == 404
    client.force_login(stage.person("sam"))
    assert client.get(f"/remittances/{madrid.pk}/letter/").status_code == 404


def _text_of(pdf):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_two_people_approve_at_the_same_moment_and_one_is_told_who_was_first(committed_database):
    with transaction.atomic():  # what is taken over enters with what it belongs to
        cast = bring_on_stage()
        stage = Stage(cast)
        stage.site("madrid")
    ready(stage)
    run = services.prepare_run(actor=cast.fiona, study=cast.vel, currency="EUR", period_to=APRIL)
    run = perform(run, "submit", actor=cast.fiona)
    with acting_as(cast.paula):
        assign(actor=cast.paula, user=cast.fergus, role="finance", place=cast.vel, starts_on=FEBRUARY,
               trained_on=FEBRUARY)  # fmt: skip
    together, outcomes = threading.Barrier(2), {}

    def approve(name):
        person = cast.fresh(name)
        proof = prove(person, password=PASSWORD)
        together.wait()
        try:
            perform(run, "approve", actor=person, proof=proof)
            outcomes[name] = "approved"
        except TransitionRefused as refusal:
            outcomes[name] = refusal.sentence
        finally:
            connections.close_all()

    people = [threading.Thread(target=approve, args=(name,)) for name in ("felix", "fergus")]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)
    (winner,) = [name for name, outcome in outcomes.items() if outcome == "approved"]
    (loser,) = set(outcomes) - {winner}
    assert str(cast.people[winner]) in outcomes[loser]
    assert [one.signer for one in signatures_of(run)] == [cast.people[winner]]
    assert {row.status for row in stage.payables()} == {"APPROVED"}


def owed_to_sites(stage, client):
    """Return {column: (cell, its address)} of the first line of the table, as finance sees it at home."""
    (table,) = [
        one for one in work_of(stage.person("fiona"), APRIL)["tables"] if one.title == "Owed to sites"
    ]
    client.force_login(stage.person("fiona"))
    return {
        str(head.words): (cell.text, client.get(cell.url).context["page"].paginator.count if cell.url else 0)
        for head, cell in zip(table.headings, table.rows[0], strict=True)
    }


def test_what_a_run_took_is_no_longer_ready_and_each_number_opens_as_many_rows(stage, client):
    ready(stage)
    before = owed_to_sites(stage, client)
    assert (before["Ready to pay"], before["In a run"]) == (("1,036.80 (2)", 2), ("—", 0))
    stage.run()
    after = owed_to_sites(stage, client)
    assert (after["Ready to pay"], after["In a run"]) == (("—", 0), ("1,036.80 (2)", 2))
