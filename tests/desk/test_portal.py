"""The sponsor's portal: what was approved and published, and around it nothing, not even a refusal."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ctms.access.scoping import Scoped, everything
from ctms.accounts.models import User
from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from ctms.files.models import AccessKind, AccessRecord
from ctms.pages.listing import LISTINGS
from ctms.pages.record import RECORDS
from ctms.workflow.engine import adopt
from desk.portal.reading import curve_of, timeline_of
from studies.models import Milestone, StudySite
from subjects.models import Subject
from subjects.services.enrolment_counts import Month

from .conftest import MERIDIANS, NORTHWINDS, NOT_FOR_SPONSORS, PDF, ROOMS_INSIDE

# The lists a sponsor has something to read in; the others are not there.
ROOMS = {
    *("studies", "study-countries", "study-sites", "protocol-versions", "planned-visits", "milestones"),
    *("monitoring-reports", "documents"),
}


@pytest.fixture
def look(client, cast):
    """Return a person's answer and page of an address."""

    def look(who, address):
        client.force_login(cast.people[who])
        answer = client.get(address)
        return answer.status_code, re.sub(r"\s+", " ", answer.content.decode(errors="replace"))

    return look


@pytest.fixture
def ask(client, cast):
    def ask(who, path, **more):
        token = create_token(user=cast.people[who], name="of a test")
        client.logout()
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}, **more)

    return ask


def logged(user, kind):
    return list(AccessRecord._base_manager.filter(user=user, kind=kind).order_by("pk"))


# --- what is there -----------------------------------------------------------------------------------


def test_a_sponsor_lands_on_the_portal_and_everybody_else_on_their_work(shown, client, cast):
    client.force_login(cast.sam)
    assert client.get("/").headers["Location"] == "/portal/"
    for who in ("paula", "carla", "stella"):
        client.force_login(cast.people[who])
        assert client.get("/").status_code == 200, who


def test_the_first_page_shows_each_of_their_studies_in_a_few_lines(shown, look, cast):
    status, page = look("sam", "/portal/")
    assert status == 200
    for word in (
        "VEL-301",
        "First subject in Alder",
        "12 days after baseline",
        "IMV 1",
        "Monitoring plan Alpine",
    ):
        assert word in page, word
    assert not [word for word in (*NOT_FOR_SPONSORS, *MERIDIANS, "KIN-204") if word in page]
    status, theirs = look("simone", "/portal/")
    assert status == 200
    assert "Ebony" in theirs
    assert not [word for word in NORTHWINDS if word in theirs]


def test_a_study_has_one_page_with_dates_enrolment_sites_reports_and_documents(shown, look, cast):
    with acting_as(User.objects.system(), reason="Taken over"):
        adopt(
            cast.madrid,
            "ACTIVE",
            actor=User.objects.system(),
            reason="x",
            happened_on=datetime.date(2026, 1, 5),
        )
        for n, (status, days) in enumerate(
            (
                ("RANDOMISED", {"randomised_on": "2026-02-02"}),
                (
                    "SCREEN_FAILED",
                    {"screen_failed_on": "2026-01-20", "screen_failure_reason": "INCLUSION_NOT_MET"},
                ),
            )
        ):
            subject = Subject.objects.create(
                site=cast.madrid, number=f"2003-70{n}", consented_on="2026-01-10", **days
            )
            adopt(subject, status, actor=User.objects.system(), reason="x")
    status, page = look("sam", f"/portal/{cast.vel.pk}/")
    assert status == 200
    for word in (
        *("First subject in Alder", "Database lock Birch", "Monitoring plan Alpine", "Hospital Clínico"),
        *("5 Jan 2026", "50.0 %", "screen failures, 1 of 2", "IMV 1"),
    ):
        assert word in page, word
    assert not [word for word in (*NOT_FOR_SPONSORS, *MERIDIANS) if word in page]
    assert "2003-700" not in page, "numbers, and no subject"
    assert page.count(f"/documents/{shown.published.filed_as_id}/file/") == 1
    for absent in (shown.approved_only, shown.in_draft, shown.secret):
        assert f"/monitoring-reports/{absent.pk}/" not in page


def test_the_manager_of_a_study_may_look_at_the_portal_with_the_sponsors_eyes(shown, look, cast):
    for who in ("paula", "lena", "ursula"):
        status, page = look(who, f"/portal/{cast.vel.pk}/")
        assert status == 200
        assert "Monitoring plan Alpine" in page
        hidden = ("Basalt", "Cobalt", "Dolomite", "Cedar", f"/monitoring-reports/{shown.approved_only.pk}/")
        assert not [word for word in hidden if word in page], who
    for who in ("carla", "tara", "stella", "ingrid", "quentin"):
        assert look(who, f"/portal/{cast.vel.pk}/")[0] == 404, who
        assert look(who, "/portal/")[0] == 404, who


def test_a_published_report_leads_to_nothing_a_sponsor_may_not_open(shown, look, client, cast):
    status, page = look("sam", f"/monitoring-reports/{shown.published.pk}/")
    assert status == 200
    links = set(re.findall(r"<main.*</main>", page)[0].split('href="')[1:])
    links = {link.split('"')[0].split("#")[0] for link in links} - {""}
    assert f"/portal/{cast.vel.pk}/" in links
    dead = {link: code for link in links if (code := client.get(link).status_code) != 200}
    assert dead == {}


def test_what_is_withdrawn_is_gone(shown, look, cast):
    from monitoring import services

    assert f"/monitoring-reports/{shown.published.pk}/" in look("sam", f"/portal/{cast.vel.pk}/")[1]
    services.show_to_sponsor(actor=cast.paula, report=shown.published, shown=False, reason="By mistake")
    assert f"/monitoring-reports/{shown.published.pk}/" not in look("sam", f"/portal/{cast.vel.pk}/")[1]
    assert look("sam", f"/documents/{shown.published.filed_as_id}/file/")[0] == 404


# --- what is not there -------------------------------------------------------------------------------


def test_every_room_a_sponsor_has_nothing_in_is_not_there(shown, look, ask, cast):
    closed = 0
    for listing in LISTINGS.values():
        status, page = look("sam", listing.url())
        assert "You are here as" not in page, listing.name
        assert status == (200 if listing.name in ROOMS else 404), f"{listing.name}: {status}"
        if listing.name not in ROOMS:
            assert look("sam", f"{listing.url()}?export=csv")[0] == 404
            closed += 1
    assert closed > 30


def test_every_record_of_every_room_is_unseen_unless_published(furnished, look, ask, cast):
    guessed, rooms = 0, set()
    for declaration in RECORDS.values():
        if not issubclass(declaration.model, Scoped):
            continue
        with everything("the test knows every row"):
            rows = list(declaration.model._base_manager.order_by("pk"))
        for who, study in (("sam", cast.vel), ("simone", cast.cor)):
            seen = set(declaration.model.objects.visible_to(cast.fresh(who)).values_list("pk", flat=True))
            assert not seen or declaration.slug in ROOMS or declaration.api_only, declaration
            for row in rows if who == "sam" else rows[:3]:
                assert row.pk not in seen or row.place().study == study.pk, (who, row)
                expected = 200 if row.pk in seen else 404
                assert ask(who, f"{declaration.slug}/{row.pk}").status_code == expected, (who, row)
                if not declaration.api_only:
                    assert look(who, declaration.url(row))[0] == expected, (who, row)
                    assert look(who, declaration.url(row, "history"))[0] == 404, (who, row)
                if row.pk not in seen:
                    guessed, rooms = guessed + 1, rooms | {declaration.slug}
            # The list of the API holds the same, and of a room they have nothing in it is empty.
            answer = ask(who, f"{declaration.slug}?page_size=1000")
            listed = {row["id"] for row in answer.json()["results"]} if answer.status_code == 200 else set()
            assert listed == seen, (who, declaration)
    assert guessed > 100
    assert rooms >= ROOMS_INSIDE, "a room was looked into that held nothing"


def test_the_pages_of_a_place_show_a_sponsor_nothing_of_the_rooms_inside(furnished, look, cast):
    for who in ("sam", "simone"):
        for place in (f"/studies/{cast.vel.pk}", f"/study-sites/{cast.madrid.pk}"):
            for page in (
                *("subjects", "subject-visits", "subject-matrix", "contact-log", "expected-documents", "tmf"),
                *("payables", "site-agreements", "budget", "activation", "site-staff", "payment-statement"),
            ):
                assert look(who, f"{place}/{page}/")[0] == 404, (who, place, page)
                assert look(who, f"{place}/{page}/?export=csv")[0] == 404, (who, place, page)
    page = look("sam", f"/studies/{cast.vel.pk}/")[1]
    assert not re.findall(r"/(?:budget|payables|subjects|tmf|expected-documents|contact-log)/", page)


def test_what_is_no_sponsors_is_not_found(shown, look):
    for address in (
        *(
            "/journal/",
            "/users/",
            "/studies/new/",
            "/studies/import/",
            "/milestones/new/",
            "/access-records/",
        ),
        *("/inspection/", "/portal/999999/", "/api/v1/audit-events", "/exports/1/", "/notices/1/"),
    ):
        status, page = look("sam", address)
        assert status == 404, address
        assert "Project manager" not in page


def test_the_other_sponsors_study_is_not_there_by_any_address(shown, look, ask, cast):
    for who, study, document in (("sam", cast.cor, shown.theirs), ("simone", cast.vel, shown.final)):
        for address in (
            *(f"/portal/{study.pk}/", f"/studies/{study.pk}/", f"/studies/{study.pk}/documents/"),
            *(f"/documents/{document.pk}/", f"/documents/{document.pk}/file/", f"/inspection/{study.pk}/"),
        ):
            assert look(who, address)[0] == 404, (who, address)
        assert ask(who, f"documents/{document.pk}").status_code == 404
        for path in ("documents", "milestones", "studies", "monitoring-reports"):
            text = ask(who, f"{path}?page_size=1000").content.decode()
            foreign = MERIDIANS if who == "sam" else NORTHWINDS
            assert not [word for word in foreign if word in text], (who, path)


def test_a_sponsor_changes_nothing_and_is_not_told_who_may(shown, client, cast):
    client.force_login(cast.sam)
    report = f"/monitoring-reports/{shown.published.pk}/"
    for address in (
        *(f"{report}publish/", f"{report}transitions/approve/", f"{report}action-items/new/"),
        *(f"/documents/{shown.final.pk}/publish/", f"/studies/{cast.vel.pk}/edit/"),
    ):
        answer = client.post(address, {"shown": "0", "reason": "x"})
        assert answer.status_code == 404, address
        assert "Project manager" not in answer.content.decode()
    assert (
        client.patch(f"/api/v1/studies/{cast.vel.pk}/", {}, content_type="application/json").status_code
        == 404
    )


def test_the_lists_a_sponsor_may_open_and_export_hold_what_was_published(shown, look):
    for address in (
        "/documents/",
        "/documents/?export=csv",
        "/documents/?q=a",
        "/monitoring-reports/?export=csv",
    ):
        status, page = look("sam", address)
        assert status == 200
        assert not [word for word in (*NOT_FOR_SPONSORS, *MERIDIANS) if word in page]
    assert "Alpine" in look("sam", "/documents/?export=csv")[1]


def test_the_clocks_of_the_house_are_its_own_business(shown, look, cast):
    for address, hidden in (
        ("/monitoring-reports/", ("Term", "Shown to the sponsor")),
        ("/documents/", ("Shown to the sponsor",)),
        (f"/studies/{cast.vel.pk}/", ("Include in metrics", "Report submission days")),
        (
            "/monitoring-reports/?columns=visit_label,term,published&sort=published",
            ("Term", "Shown to the sponsor"),
        ),
    ):
        for who, seen in (("paula", True), ("sam", False)):
            status, page = look(who, address)
            assert status == 200
            for words in hidden:
                there = re.search(rf"> ?{words} ?<", page) is not None
                assert there is seen, (who, address, words)


def test_the_rail_leads_a_sponsor_to_their_studies_and_what_was_shown_to_them(shown, look, cast):
    rail = re.search(r'<nav class="rail".*?</nav>', look("sam", "/documents/")[1]).group()
    links = re.findall(r'<a [^>]*href="(/[a-z][^"]*)"', rail)
    assert links == [f"/portal/{cast.vel.pk}/", "/monitoring-reports/", "/documents/"]


# --- logged ------------------------------------------------------------------------------------------


def test_what_a_sponsor_opens_and_takes_is_logged(shown, client, cast):
    client.force_login(cast.sam)
    client.get("/portal/")
    client.get(f"/portal/{cast.vel.pk}/")
    client.get(f"/monitoring-reports/{shown.published.pk}/")
    client.get(f"/monitoring-reports/{shown.in_draft.pk}/")
    answer = client.get(f"/documents/{shown.published.filed_as_id}/file/")
    assert answer.content.startswith(PDF)
    views = logged(cast.sam, AccessKind.VIEW)
    assert [one.record for one in views] == [
        "/portal/",
        f"studies.Study/{cast.vel.pk}",
        f"monitoring.MonitoringReport/{shown.published.pk}",
    ]
    assert {(one.study_id, one.role) for one in views} == {(cast.vel.pk, "sponsor")}
    (taken,) = logged(cast.sam, AccessKind.DOWNLOAD)
    assert (taken.study_id, taken.record) == (
        cast.vel.pk,
        f"documents.Document/{shown.published.filed_as_id}",
    )


def test_a_person_of_the_house_is_not_watched_at_every_page(shown, client, cast):
    client.force_login(cast.paula)
    client.get("/documents/")
    assert logged(cast.paula, AccessKind.VIEW) == []


# --- pictures, and how fast --------------------------------------------------------------------------


def test_the_time_axis_says_what_was_agreed_what_is_planned_and_what_is_late(shown, cast):
    on = datetime.date(2026, 3, 17)
    rows = list(Milestone.objects.visible_to(cast.sam).order_by("planned_on"))
    picture = timeline_of(rows, on)
    assert [(row[0], row[6], row[7]) for row in picture.values] == [
        (one.name, one.slippage_days, "past its planned day" if one.planned_on < on else "planned")
        for one in rows
    ]
    assert {row[7] for row in picture.values} == {"past its planned day", "planned"}
    assert timeline_of([], on).svg == ""


def test_the_curve_holds_every_month_to_its_end_and_the_plan_where_there_is_one():
    months = [Month(datetime.date(2026, n, 1), 1, 2, n, 2 * n, 3 * n if n > 1 else None) for n in (1, 2, 3)]
    picture = curve_of(months, 10, datetime.date(2026, 3, 17))
    assert picture.values == [
        [datetime.date(2026, 1, 31), 2, None],
        [datetime.date(2026, 2, 28), 4, 6],
        [datetime.date(2026, 3, 17), 6, 9],
    ]
    assert "Planned 10" in picture.svg
    assert curve_of([], None, datetime.date(2026, 3, 17)).svg == ""


def test_the_portal_shows_both_pictures_and_leads_from_them_to_nothing_hidden(shown, look, client, cast):
    page = look("sam", f"/portal/{cast.vel.pk}/")[1]
    links = re.findall(r'<a href="([^"]*)" class="mark"', page)
    assert links
    assert {client.get(link).status_code for link in links} == {200}
    assert "Forecast" not in page, "a forecast is nobody's from outside"


def test_the_portal_asks_the_same_few_queries_however_much_there_is(shown, client, cast):
    client.force_login(cast.sam)

    def queries(address):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    addresses = ("/portal/", reverse("portal-study", args=[cast.vel.pk]))
    before = [queries(address) for address in addresses]
    with acting_as(cast.paula, reason="More of everything"):
        for n in range(6):
            site = StudySite.objects.create(
                country=cast.germany, organization=cast.hospital_berlin, number=f"11{n:02}"
            )
            Milestone.objects.create(
                study=cast.vel, site=site, name=f"Site {n}", planned_on="2026-06-01", published=True
            )
    for n in range(4):
        shown.file(cast.vel, f"Plan {n}", published=True)
    assert [queries(address) for address in addresses] == before
    assert max(before) < 40, before
