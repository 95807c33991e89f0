"""The search: what it finds and in which order, and that it never says more than the records themselves."""

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.access.scoping import everything
from ctms.audit.context import acting_as
from ctms.files.models import AccessRecord
from ctms.pages.record import RECORDS
from ctms.search.asking import ask, entries_for, find
from ctms.search.entries import kinds
from ctms.search.keeping import keep_entries
from ctms.search.models import Entry
from directory.models import Organization
from studies.models import SiteAssignment, StudyCountry, StudySite
from subjects.models import Subject
from tests.architecture.test_blinding import MARK
from tests.cast import PEOPLE
from tests.monitoring.conftest import Stage, bring_investigator

# Kinds of which the furnished house has no row; each is narrowed by the same code as the others.
NOT_FURNISHED = {
    "finance.PaymentRun",
    "finance.Remittance",
    "finance.InvoicedCost",
}


@pytest.fixture
def visits(cast):
    """Four routine visits to Madrid, and one by the circle."""
    bring_investigator(cast)
    stage = Stage(cast)
    found = [stage.planned("carla") for _number in range(4)]
    return [*found, stage.planned("uma", unblinded=True)]


@pytest.fixture
def subject(cast):
    with acting_as(cast.carla):
        return Subject.objects.create(site=cast.madrid, number="2003-001")


def titles(user, text, *, current=None):
    """Return {group: [titles]} of what somebody finds."""
    found = find(user, ask(user, text, current))
    return {group.title: [line.title for line in group.lines] for group in found}


# --- what is found -----------------------------------------------------------------------------------


def test_a_number_finds_the_site_its_subjects_and_its_visits(cast, visits, subject):
    found = titles(cast.fresh("paula"), "2003")
    assert next(iter(found)) == "Sites", "the exact number comes first"
    assert found["Sites"] == ["2003 · Hospital Clínico de Chamberí"]
    assert found["Subjects"] == ["2003-001"]
    assert len(found["Monitoring visits"]) == 4
    assert "Monitoring visits" not in titles(cast.fresh("fiona"), "2003"), "her role sees no visits"


def test_several_words_find_one_visit_of_one_study(cast, visits):
    assert titles(cast.fresh("paula"), "VEL IMV 4") == {"Monitoring visits": ["VEL-301 · 2003 · IMV 4"]}
    assert titles(cast.fresh("paula"), "imv 2003 2")["Monitoring visits"] == ["VEL-301 · 2003 · IMV 2"]
    assert titles(cast.fresh("paula"), "COR IMV 4") == {}


def test_words_are_found_without_accents_in_any_case_and_in_part(cast):
    for text in ("CLINICO chamberi", "clínico", "hambe"):
        assert titles(cast.fresh("carla"), text)["Sites"] == ["2003 · Hospital Clínico de Chamberí"], text
    assert titles(cast.fresh("chris"), "fliess")["Sites"] == ["1001 · Klinikum am Fließ"]


def test_the_study_one_is_in_comes_first(cast):
    with acting_as(cast.paula, reason="A site of the same number in another study"):
        kin = StudyCountry.objects.create(study=cast.kin, nation_id="ES")
        other = StudySite.objects.create(country=kin, organization=cast.hospital_berlin, number="2003")
    user = cast.fresh("quentin")
    here, there = "2003 · Hospital Clínico de Chamberí", str(other)
    assert titles(user, "2003", current=cast.vel.pk)["Sites"] == [here, there]
    assert titles(user, "2003", current=cast.kin.pk)["Sites"] == [there, here]
    assert titles(user, "kin 2003", current=cast.vel.pk)["Sites"] == [there]


def test_a_line_says_where_its_record_lies_and_how_it_stands(cast, visits):
    user = cast.fresh("paula")
    (group,) = find(user, ask(user, "vel imv 3"))
    (line,) = group.lines
    assert line.url == f"/monitoring-visits/{visits[2].pk}/"
    assert line.state == "Planned"
    site = find(user, ask(user, "2003"))[0].lines[0]
    assert site.place == "VEL-301"


# --- what is seen, and what is not -------------------------------------------------------------------


def test_nobody_finds_more_or_less_than_the_records_they_see(house, cast):
    """For each person and each kind: the entries are the rows."""
    met = set()
    for who in PEOPLE:
        user = cast.fresh(who)
        for label in kinds():
            rows = set(RECORDS[label].rows(user).values_list("pk", flat=True))
            found = set(entries_for(user, [label]).values_list("record", flat=True))
            assert found == rows, (who, label)
            met |= {label} if rows else set()
    assert met == set(kinds()) - NOT_FURNISHED


def test_blinded_people_find_nothing_of_the_circle(house, cast):
    for who in ("paula", "carla", "quentin", "ingrid", "sam", "fiona"):
        user = cast.fresh(who)
        assert titles(user, MARK) == {}, who
    assert {"Action items", "Documents"} <= set(titles(cast.fresh("ursula"), MARK))


def test_a_sponsor_finds_what_was_published_and_an_inspector_no_draft(house, cast):
    assert titles(cast.fresh("sam"), "kestrel") == {"Milestones": ["Kestrel shown"]}
    assert len(titles(cast.fresh("paula"), "kestrel")["Milestones"]) == 2
    assert titles(cast.fresh("simone"), "kestrel") == {}, "of another sponsor"
    assert "Visit reports" not in titles(cast.fresh("sam"), "2003")
    drafts = RECORDS["monitoring.MonitoringReport"].rows(cast.fresh("paula")).exclude(status="APPROVED")
    assert drafts.exists()
    seen = entries_for(cast.fresh("ingrid"), ["monitoring.MonitoringReport"])
    assert not seen.filter(record__in=drafts.values("pk")).exists()


def test_whose_assignment_ended_finds_nothing(cast, visits):
    assert titles(cast.fresh("carla"), "2003")
    with acting_as(cast.ada, reason="Moved on"):
        SiteAssignment.objects.filter(user=cast.carla).update(ends_on=datetime.date(2024, 2, 1))
    assert titles(cast.fresh("carla"), "2003") == {}
    assert titles(cast.fresh("stella"), "2003") == {}


def test_an_entry_that_lies_shows_nothing(cast, visits):
    """The entries decide where is looked, the records what is shown."""
    hidden = visits[-1]
    Entry.objects.filter(kind="monitoring.MonitoringVisit", record=hidden.pk).update(unblinded=False)
    user = cast.fresh("paula")
    assert hidden.pk in entries_for(user, ["monitoring.MonitoringVisit"]).values_list("record", flat=True)
    assert "unblinded" not in str(titles(user, "2003 imv"))


# --- entries follow their records --------------------------------------------------------------------


def test_an_entry_follows_its_record_and_what_it_is_called_by(cast, visits):
    user = cast.fresh("paula")
    with acting_as(cast.paula, reason="Its new name"):
        Organization.objects.filter(pk=cast.hospital_madrid.pk).update(name="Hospital Gaviota")
        StudySite.objects.visible_to(user).filter(pk=cast.madrid.pk).update(number="2999")
    assert titles(user, "chamberi") == {}
    assert set(titles(user, "gaviota")) == {"Sites", "Monitoring visits", "Organizations"}
    assert len(titles(user, "2999 imv")["Monitoring visits"]) == 4


def test_a_paper_moved_into_the_circle_is_found_by_the_circle_alone(house, cast):
    with everything("the test looks at every paper"):
        papers = dict(Entry.objects.filter(kind="documents.Document").values_list("record", "unblinded"))
        documents = RECORDS["documents.Document"].model.objects.values_list("pk", "unblinded")
        assert papers == dict(documents)
    assert set(papers.values()) == {True, False}


def test_entries_are_made_again_by_the_owner_only(cast):
    before = Entry.objects.count()
    keep_entries()  # as the product's own role: does nothing
    assert Entry.objects.count() == before > 0


# --- as a page, and hostile --------------------------------------------------------------------------

ANYTHING = ("%", "_", "%%%", '"', "\\", "2_03")  # signs that stand for anything elsewhere
HOSTILE = (
    *ANYTHING,
    "'; DROP TABLE search_entry; --",
    "' OR 1=1",
    "\x00",
    "2003\x00",
    "x" * 10_000,
    "a " * 500,
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "😀",
    "٢٠٠٣",
    "\u202e2003",
    " ",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_find_nothing_and_break_nothing(cast, client, text):
    client.force_login(cast.paula)
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page
    if text in ANYTHING:
        assert "Chamberí" not in page
    assert Entry.objects.exists()


def test_the_page_finds_what_the_dialog_finds(cast, client, visits):
    client.force_login(cast.paula)
    page = client.get("/search/?q=2003").content.decode()
    part = client.get("/search/?q=2003", headers={"X-Part": "found"})
    assert "<h1>Search</h1>" in page
    assert "<h1>" not in part.content.decode()
    assert part.headers["Cache-Control"] == "no-store"
    for answer in (page, part.content.decode()):
        assert f"/study-sites/{cast.madrid.pk}/" in answer
        assert "/documents/?q=2003" in answer, "the words of papers are looked for in their list"
    client.logout()
    assert client.get("/search/?q=2003").status_code == 302


def test_pages_and_things_to_make_are_found_by_who_may(cast, client):
    def asked(who, text):
        client.force_login(cast.people[who])
        return client.get("/search/", {"q": text}).content.decode()

    assert "Payment runs" in asked("fiona", "payment ru")
    assert "Payment runs" not in asked("milo", "payment ru")
    assert f"/studies/{cast.vel.pk}/team/" in asked("paula", "team vel-301")
    assert f"/studies/{cast.cor.pk}/team/" not in asked("paula", "team cor-207")
    assert "Plan a visit" in asked("carla", "plan a vis")
    assert "Plan a visit" not in asked("quentin", "plan a vis")
    assert "Monitoring visits" not in asked("sam", "monitoring").split("found-list")[1]


def test_before_anything_is_typed_stand_the_records_opened_last(cast, client, visits):
    cache.clear()
    client.force_login(cast.carla)
    client.get(f"/study-sites/{cast.madrid.pk}/")
    client.get(f"/monitoring-visits/{visits[0].pk}/")
    client.get("/monitoring-visits/999999/")
    page = client.get("/search/").content.decode().split("found-list")[1]
    assert page.index("IMV 1") < page.index("Chamberí")
    client.force_login(cast.paula)
    assert "IMV 1" not in client.get("/search/").content.decode().split("found-list")[1], "hers alone"
    with acting_as(cast.ada, reason="Moved on"):
        SiteAssignment.objects.filter(user=cast.carla).update(ends_on=datetime.date(2024, 2, 1))
    client.force_login(cast.carla)
    assert "Chamberí" not in client.get("/search/").content.decode()


def test_what_somebody_from_outside_searches_is_logged(cast, client):
    client.force_login(cast.sam)
    client.get("/search/?q=2003")
    with everything("the test reads the access log"):
        logged = AccessRecord.objects.filter(user=cast.sam).values_list("detail", flat=True)
        assert any("/search/?q=2003" in detail for detail in logged)


def test_a_search_asks_as_often_for_many_as_for_one(cast, visits):
    def asked():
        user = cast.fresh("paula")
        user.has_perm("studies.view_study")
        with CaptureQueriesContext(connection) as captured:
            assert titles(user, "2003")
        return len(captured)

    few = asked()
    stage = Stage(cast)
    for _number in range(6):
        stage.planned("carla")
    assert asked() == few


def test_what_a_record_is_called_by_is_read_along_with_it(house, cast, django_assert_num_queries):
    told, user = set(), cast.fresh("ursula")
    for label, declaration in RECORDS.items():
        if declaration.named_with is None:
            continue
        rows = list(declaration.rows_named(user))
        with django_assert_num_queries(0):
            names = [declaration.title_of(row) for row in rows]
        told |= {label for name in names if name}
        assert names == [declaration.title_of(row) for row in declaration.rows(user)], label
    assert told >= {"monitoring.VisitLetter", "monitoring.MonitoringReport", "documents.ExpectedDocument"}
