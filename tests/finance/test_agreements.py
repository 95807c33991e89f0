"""Contracts, fee schedules, payees: what two people stand for, what stands still, what keeps a site from opening."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.signatures.signing import signatures_of, verify
from ctms.workflow.declare import TransitionRefused
from ctms.workflow.engine import perform
from finance import services
from finance.models import Fee, FeeSchedule, PayeeShare, SiteAgreement

from .conftest import IBANS, JANUARY, MARCH


def test_a_site_is_not_activated_before_its_agreement_is_fully_executed(stage):
    for move in ("qualify", "select", "start_up", "initiate"):
        perform(
            stage.cast.madrid,
            move,
            actor=stage.person("sue"),
            happened_on=JANUARY,
            reason="Trained elsewhere",
        )
    agreement = stage.agreement(executed=False)
    for move in ("send", "negotiate", "agree", "sign_first"):
        agreement = perform(agreement, move, actor=stage.person("sue"), happened_on=JANUARY)
        with pytest.raises(TransitionRefused, match="The site agreement is not fully executed"):
            stage.signed_site("madrid")
    perform(agreement, "execute", actor=stage.person("sue"), happened_on=JANUARY)
    assert stage.signed_site("madrid").status == "ACTIVE"


def test_an_executed_agreement_no_longer_changes_and_the_next_one_replaces_it(stage):
    first = stage.agreement()
    assert (first.executed_on, first.effective_on) == (JANUARY, JANUARY)
    with (
        pytest.raises(DatabaseError, match="no longer changes"),
        everything("raw"),
        acting_as(stage.person("sue"), reason="raw"),
        transaction.atomic(),
    ):
        SiteAgreement.objects.filter(pk=first.pk).update(overhead_percent=1)
    second = stage.agreement(overhead_percent=Decimal(25))
    assert (stage.again(first).status, second.status) == ("AMENDED", "FULLY_EXECUTED")


@pytest.mark.parametrize("who", ["carla", "lena", "paula", "sam", "fergus"])
def test_only_start_up_and_finance_move_an_agreement(stage, who):
    with pytest.raises(PermissionDenied):
        perform(stage.agreement(executed=False), "send", actor=stage.person(who), happened_on=JANUARY)


def test_an_agreement_has_two_to_four_parties_and_percentages_that_are_some(stage):
    for wrong in (
        {"parties": "One alone"},
        {"overhead_percent": Decimal(101)},
        {"holdback_percent": Decimal(-1)},
    ):
        with pytest.raises(ValidationError):
            stage.agreement(site="berlin", **wrong) if "parties" not in wrong else SiteAgreement(
                site=stage.cast.berlin, currency="EUR", **wrong
            ).full_clean()  # fmt: skip


def test_shares_make_a_whole_in_the_form_and_in_the_database(stage):
    agreement = stage.agreement()
    one, two = stage.payee("Institution"), stage.payee("Investigator")
    elsewhere = stage.payee("Other", site="berlin")
    sue = stage.person("sue")
    for shares, sentence in (
        ([(one, Decimal(60)), (two, Decimal(30))], "make 100"),
        ([(one, Decimal(60)), (elsewhere, Decimal(40))], "no payee of this site"),
        ([], "one payee or two"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            services.share_out(actor=sue, agreement=agreement, shares=shares)
    services.share_out(actor=sue, agreement=agreement, shares=[(one, Decimal(60)), (two, Decimal(40))])
    with everything("raw"), acting_as(sue, reason="raw"):
        PayeeShare.objects.filter(agreement=agreement, part=1).update(percent=59)
    with (
        pytest.raises(IntegrityError, match="make 100 %"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with everything("raw"), acting_as(sue, reason="raw"):
        PayeeShare.objects.filter(agreement=agreement, part=1).update(percent=60)


def test_a_payee_in_another_currency_is_no_payee_of_the_agreement(stage):
    with pytest.raises(ValidationError, match="paid in PLN, the agreement is in EUR"):
        services.share_out(
            actor=stage.person("sue"),
            agreement=stage.agreement(),
            shares=[(stage.payee(currency="PLN"), Decimal(100))],
        )


def test_a_schedule_is_approved_by_another_than_its_author_and_then_frozen(stage):
    agreement = stage.agreement()
    draft = services.draft_schedule(actor=stage.person("fiona"), agreement=agreement, effective_from=JANUARY)
    assert (draft.overhead_percent, draft.holdback_percent) == (20, 10)
    with pytest.raises(TransitionRefused, match="no fees"):
        stage.approved_schedule(draft)
    services.add_fee(actor=stage.person("fiona"), schedule=draft, kind="START_UP", amount=Decimal(1500))
    with pytest.raises(TransitionRefused, match="You wrote this schedule"):
        stage.approved_schedule(draft, by="fiona")
    with pytest.raises(PermissionDenied):
        stage.approved_schedule(draft, by="sue")
    approved = stage.approved_schedule(draft, by="felix")
    (signature,) = signatures_of(approved)
    assert verify(signature, approved).stands
    for model, change in ((Fee, {"amount": 1}), (FeeSchedule, {"overhead_percent": 1})):
        with (
            pytest.raises(DatabaseError, match="no longer changes"),
            everything("raw"),
            acting_as(stage.person("felix"), reason="raw"),
            transaction.atomic(),
        ):
            model.objects.update(**change)


def test_a_fee_of_a_schedule_that_is_frozen_is_refused_in_words(stage, client):
    draft = services.draft_schedule(
        actor=stage.person("fiona"), agreement=stage.agreement(), effective_from=JANUARY
    )
    services.add_fee(actor=stage.person("fiona"), schedule=draft, kind="START_UP", amount=Decimal(1500))
    approved = stage.approved_schedule(draft, by="felix")
    client.force_login(stage.person("fiona"))
    sent = {"schedule": approved.pk, "kind": "INVOICED", "name": "Ethics fee", "amount": "900"}
    answer = client.post("/api/v1/fees/", sent, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == "Fee belongs to a record that no longer changes."
    page = client.post("/fees/new/", sent)
    assert page.status_code == 422
    assert "Fee belongs to a record that no longer changes." in page.content.decode()


def test_a_table_of_fees_is_added_as_a_whole_or_not_at_all(stage):
    draft = services.draft_schedule(
        actor=stage.person("fiona"), agreement=stage.agreement(), effective_from=JANUARY
    )
    fees = [
        {"kind": "START_UP", "amount": Decimal(1500)},
        {"kind": "SCREEN_FAILURE", "amount": Decimal(480), "ratio_paid": 1, "ratio_per": 3},
    ]
    made = services.add_fees(actor=stage.person("fiona"), schedule=draft, fees=fees)
    with everything("a test"):
        assert [fee.kind for fee in draft.fees.order_by("pk")] == ["START_UP", "SCREEN_FAILURE"]
    assert {fee.site_id for fee in made} == {draft.site_id}
    with pytest.raises(PermissionDenied):
        services.add_fees(actor=stage.person("carla"), schedule=draft, fees=fees)
    nameless = [{"kind": "CLOSE_OUT", "amount": Decimal(600)}, {"kind": "INVOICED", "amount": Decimal(90)}]
    with pytest.raises(ValidationError, match="Say what is invoiced"):
        services.add_fees(actor=stage.person("fiona"), schedule=draft, fees=nameless)
    twice = [{"kind": "CLOSE_OUT", "amount": Decimal(600)}] * 2
    with pytest.raises(IntegrityError, match="fee_once_a_kind"), transaction.atomic():
        services.add_fees(actor=stage.person("fiona"), schedule=draft, fees=twice)
    with everything("a test"):
        assert Fee.objects.filter(schedule=draft).count() == 2


def test_a_new_schedule_takes_over_the_fees_and_ends_the_one_before_the_day_before(stage):
    agreement = stage.agreement()
    first = stage.schedule(agreement)
    second = services.draft_schedule(actor=stage.person("sue"), agreement=agreement, effective_from=MARCH)
    with everything("the fees of both"):
        assert second.fees.count() == first.fees.count() == 4
    stage.approved_schedule(second)
    first = stage.again(first)
    assert (first.status, str(first.effective_to)) == ("SUPERSEDED", "2026-03-01")
    services.draft_schedule(actor=stage.person("sue"), agreement=agreement, effective_from=MARCH)
    with pytest.raises(ValidationError, match="a draft schedule already"):
        services.draft_schedule(actor=stage.person("sue"), agreement=agreement, effective_from=MARCH)


def test_no_two_approved_schedules_hold_on_one_day(stage):
    agreement = stage.agreement()
    stage.schedule(agreement, start=MARCH)
    early = services.draft_schedule(actor=stage.person("sue"), agreement=agreement, effective_from=JANUARY)
    with pytest.raises(TransitionRefused, match="It would begin before"):
        stage.approved_schedule(early)


def test_an_account_is_confirmed_by_a_second_person_who_says_how(stage):
    payee = stage.payee(confirmed=False)
    with everything("the account just entered"):
        account = payee.accounts.get()
    with pytest.raises(TransitionRefused, match="a second person confirms"):
        perform(account, "confirm", actor=stage.person("fiona"), reason="I am sure")
    with pytest.raises(TransitionRefused, match="Give a reason"):
        perform(account, "confirm", actor=stage.person("felix"))
    with pytest.raises(PermissionDenied):
        perform(account, "confirm", actor=stage.person("lena"), reason="Called")
    confirmed = stage.confirmed(account)
    assert confirmed.confirmed_by == stage.person("felix")
    change = stage.account(payee, by="felix", iban="ES7921000813610123456789")
    with pytest.raises(ValidationError, match="waits for its confirmation"):
        stage.account(payee, by="felix", iban=IBANS["ES"])
    stage.confirmed(change, by="fiona")
    assert stage.again(account).status == "REPLACED"


@pytest.mark.parametrize(
    "fields",
    [{"iban": "ES9121000418450200051333"}, {"account_number": "123"}, {"iban": IBANS["ES"], "bic": "X"}],
)
def test_an_account_that_cannot_be_paid_is_refused(stage, fields):
    payee = stage.payee(confirmed=False)
    with everything("the account just entered"):
        perform(payee.accounts.get(), "refuse", actor=stage.person("felix"), reason="Try again")
    with pytest.raises(ValidationError):
        stage.account(payee, **{"iban": ""} | fields)
