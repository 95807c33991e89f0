"""The benchmarks measure what they say: a house that is whole, answers that are whole, a floor below them."""

import datetime
from contextlib import closing

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from benchmarks.asking import Page, pages, person
from benchmarks.house import Size, load_house
from benchmarks.requests import Measured, Timed, measure_request, percentile
from ctms.access.access import access_of
from ctms.access.scoping import everything
from ctms.audit.journal import newest
from documents.models import ExpectedDocument
from studies.models import Study, StudySite
from subjects.models import SubjectVisit

TODAY = datetime.date.today()


@pytest.fixture
def house(committed_database):
    """A small house, loaded as the owner of its tables."""
    with closing(committed_database.owner_connection()) as owner:
        return load_house(owner, Size(studies=3, sites=9), TODAY)


def test_a_house_is_whole_and_everybody_in_it_finds_their_pages(house):
    assert house[StudySite] == 9
    assert house[SubjectVisit] > 9 * 11
    cra, quality = person("cra"), person("quality")
    own = set(ExpectedDocument.objects.visible_to(cra).values_list("site", flat=True))
    assert 1 <= len(own) <= 6 < len(set(StudySite.objects.visible_to(quality)))
    assert newest(access_of(quality), limit=5), "what was loaded has its history"
    asked = pages()
    assert {"home", "site list", "subject matrix", "API documents"} <= {page.name for page in asked}
    for page in asked:
        assert measure_request(page, times=1).status == 200, page


def test_a_loaded_house_is_guarded_as_any_other(house):
    with everything("a test looks for a row"):
        study = Study.objects.first()
    # The triggers were switched off for the loading alone.
    with pytest.raises(DatabaseError, match="must say who makes it"), connection.cursor() as cursor:
        cursor.execute("UPDATE studies_study SET short_name = 'Changed' WHERE id = %s", [study.pk])


def test_the_floor_of_a_list_is_its_own_statements_and_its_own_json(house):
    one = measure_request(Page("API subjects", "/api/v1/subjects/", "quality"), times=2)
    assert any("subjects_subject" in sql for sql, _took in one.statements)
    assert one.floor is not None
    assert min(one.floor.walls) > 0
    page = measure_request(Page("home", "/", "cra"), times=2)
    assert page.floor is None


def _measured(path, milliseconds, floor, status=200):
    def timed(value):
        return Timed((value,), value, 0.0)

    return Measured(
        page=Page("a page", path, "cra"),
        status=status,
        queries=1,
        size=1,
        zipped=1,
        timed=timed(milliseconds),
        floor=timed(floor) if floor else None,
    )


def test_a_page_misses_its_aim_by_time_and_a_list_of_the_api_by_its_floor():
    assert _measured("/", 90, None).misses(100) == ""
    assert _measured("/", 110, None).misses(100) == "over 100 ms"
    assert _measured("/api/v1/studies/", 30, 11).misses(100) == ""
    assert _measured("/api/v1/studies/", 34, 11).misses(100) == "over 3 times the floor"
    assert _measured("/", 5, None, status=500).misses(100) == "answers 500"


def test_a_percentile_is_one_of_the_values():
    assert percentile(range(1, 101), 95) == 95
    assert percentile([7], 95) == 7
    assert percentile([1, 9], 50) == 1
