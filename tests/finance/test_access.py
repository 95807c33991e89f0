"""Who sees what of the money: amounts where one works, bank accounts for finance alone, nothing from elsewhere."""

import pytest

from ctms.access.scoping import everything
from finance.models import BankAccount, PaymentRun, Remittance
from tests.cast import PASSWORD

from .conftest import IBANS
from .test_runs import ready

IBAN = IBANS["ES"]


def rows(model):
    with everything("the test looks at all"):
        return list(model.objects.order_by("pk"))


@pytest.fixture
def paid(stage):
    ready(stage)
    ready(stage, site="berlin", count=1)
    stage.paying_account()
    stage.paid()
    return stage


def test_each_sees_the_payables_of_their_places(paid, assert_sees):
    by_site = {}
    for row in paid.payables():
        by_site.setdefault(row.site_id, []).append(row)
    madrid, berlin = by_site[paid.cast.madrid.pk], by_site[paid.cast.berlin.pk]
    for who in ("fiona", "felix", "paula", "lena", "sue", "quentin"):
        assert_sees(paid.person(who), visible=[*madrid, *berlin])
    assert_sees(paid.person("carla"), visible=madrid, hidden=berlin)
    assert_sees(paid.person("chris"), visible=berlin, hidden=madrid)
    for who in ("sam", "simone", "fergus", "pavel", "milo", "ingrid", "tara", "ada", "stella"):
        assert_sees(paid.person(who), hidden=[*madrid, *berlin])


def test_remittances_are_seen_at_their_site_and_runs_where_they_lie(paid, assert_sees):
    berlin, madrid = rows(Remittance)
    assert_sees(paid.person("carla"), visible=[madrid], hidden=[berlin, *rows(PaymentRun)])
    assert_sees(paid.person("lena"), visible=[madrid, berlin, *rows(PaymentRun)])
    for who in ("sam", "fergus", "stella"):
        assert_sees(paid.person(who), hidden=[madrid, berlin, *rows(PaymentRun)])


def test_bank_accounts_are_seen_by_finance_of_the_study_alone(paid, assert_sees):
    accounts = rows(BankAccount)
    for who in ("fiona", "felix"):
        assert_sees(paid.person(who), visible=accounts)
    for who in ("carla", "lena", "paula", "sue", "quentin", "ada", "fergus", "sam", "ingrid"):
        assert_sees(paid.person(who), hidden=accounts)


def places_of_money(stage):
    run, payee = rows(PaymentRun)[0], stage.payables()[0].payee
    remittance = next(one for one in rows(Remittance) if one.site_id == payee.site_id)
    return [
        *(f"/payables/{row.pk}/{page}" for row in stage.payables() for page in ("", "history/")),
        f"/payees/{payee.pk}/", f"/payees/{payee.pk}/history/", f"/remittances/{remittance.pk}/",
        f"/remittances/{remittance.pk}/history/", f"/payment-runs/{run.pk}/", f"/payment-runs/{run.pk}/history/",
        f"/site-agreements/{stage.payables()[0].agreement_id}/", "/payables/", "/payees/", "/remittances/",
        "/payables/?export=csv", "/payees/?export=csv", "/remittances/?export=csv", "/journal/",
        f"/study-sites/{stage.cast.madrid.pk}/payment-statement/", f"/study-sites/{stage.cast.madrid.pk}/payables/",
        "/api/v1/payables/", "/api/v1/payees/", "/api/v1/remittances/", "/api/v1/payment-runs/",
        "/api/v1/bank-accounts/", "/api/v1/paying-accounts/", f"/api/v1/payees/{payee.pk}/",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["carla", "lena", "paula", "sue", "quentin"])
def test_nobody_but_finance_finds_a_bank_account_on_any_page_export_history_or_in_the_api(paid, client, who):
    client.force_login(paid.person(who))
    seen = 0
    for address in places_of_money(paid):
        answer = client.get(address)
        if answer.status_code == 200:
            seen += 1
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            for secret in (IBAN, IBAN[4:], IBANS["DE"], "COBADEFFXXX"):
                assert secret.encode() not in text, f"{who} reads {secret} at {address}"
    assert seen > 12
    for account in rows(BankAccount):
        assert client.get(f"/bank-accounts/{account.pk}/").status_code in (403, 404)
        assert client.get(f"/api/v1/bank-accounts/{account.pk}/").status_code == 404


def test_finance_reads_the_account_on_its_own_page_and_its_ends_elsewhere(paid, client):
    client.force_login(paid.person("felix"))
    account = next(one for one in rows(BankAccount) if one.iban == IBAN)
    assert IBAN in client.get(f"/bank-accounts/{account.pk}/").text
    page = client.get(f"/payees/{account.payee_id}/").text
    assert "ES•••• 1332" in page
    assert IBAN not in page
    assert IBAN not in client.get("/bank-accounts/").text


@pytest.mark.parametrize("who", ["fergus", "sam", "simone", "stella"])
def test_another_study_and_a_sponsor_find_nothing(paid, client, who):
    client.force_login(paid.person(who))
    for address in places_of_money(paid):
        answer = client.get(address)
        assert answer.status_code in (403, 404) or b"2003-001" not in answer.content, f"{who} at {address}"


def test_a_cra_reads_why_it_is_not_paid_and_neither_confirms_nor_generates(stage, client):
    stage.contract()
    stage.visit(stage.subject("2003-001"))
    stage.accrued()
    (row,) = stage.live()
    stage.account(row.payee, iban="ES7921000813610123456789")
    stage.accrued()
    client.force_login(stage.person("carla"))
    page = client.get(f"/payables/{row.pk}/").text
    assert "waits for a second person" in page
    assert "518.40 EUR" in page
    assert "Confirm the work" not in page
    assert client.post(f"/payables/{row.pk}/confirm/").status_code == 403
    assert client.get("/payables/confirm/").status_code == 403
    assert client.post(f"/studies/{stage.cast.vel.pk}/payables/generate/").status_code == 403
    assert stage.live()[0].confirmed_by is None


def test_the_lead_confirms_what_is_listed_at_once(stage, client):
    stage.contract()
    stage.contract(site="berlin")
    stage.visit(stage.subject("2003-001"))
    stage.visit(stage.subject("1001-001", site="berlin"))
    client.force_login(stage.person("fiona"))
    answer = client.post(f"/studies/{stage.cast.vel.pk}/payables/generate/", follow=True)
    assert "2 booked, 0 corrections, 0 voided." in answer.text
    client.force_login(stage.person("lena"))
    address = f"/payables/confirm/?site={stage.cast.madrid.pk}"
    page = client.get(address).text
    assert "2003-001: Screening" in page
    assert "1001-001" not in page
    client.post(address)
    assert {row.site_id: row.status for row in stage.live()} == {
        stage.cast.madrid.pk: "ELIGIBLE", stage.cast.berlin.pk: "ACCRUED",
    }  # fmt: skip


def test_a_run_goes_its_way_by_pages_and_by_the_api_alike(stage, client):
    ready(stage)
    stage.paying_account()
    client.force_login(stage.person("fiona"))
    body = {"study": stage.cast.vel.pk, "currency": "EUR", "period_to": "2026-04-01"}
    made = client.post("/api/v1/payment-runs/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    run, address = made.json()["id"], f"/api/v1/payment-runs/{made.json()['id']}/transitions"
    assert client.post(f"{address}/submit/", {}, content_type="application/json").status_code == 200
    page = client.get(f"/payment-runs/{run}/").text
    assert "You prepared this run; someone else must approve it." in page
    assert "1,036.80 EUR" in page
    refusal = client.post(f"{address}/approve/", {"password": PASSWORD}, content_type="application/json")
    assert refusal.status_code == 422
    assert "someone else must approve it" in refusal.text
    client.force_login(stage.person("felix"))
    signed = client.get(f"/payment-runs/{run}/transitions/approve/").text
    assert "2003-002: Screening" in signed
    answer = client.post(f"{address}/approve/", {"password": PASSWORD}, content_type="application/json")
    assert answer.json()["status"] == "APPROVED", answer.content
    assert client.post(f"/payment-runs/{run}/transitions/export/", {"reason": ""}).status_code == 302
    (remittance,) = rows(Remittance)
    form = {"paid_on": "2026-04-01", "bank_reference": "TRX 7"}
    assert client.post(f"/remittances/{remittance.pk}/transitions/pay/", form).status_code == 302
    client.force_login(stage.person("carla"))
    statement = client.get(f"/study-sites/{stage.cast.madrid.pk}/payment-statement/").text
    assert "1,036.80 EUR" in statement
    assert client.get("/api/v1/payables/").json()["results"][0]["status"] == "PAID"
