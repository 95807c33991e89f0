"""Pages ask as many questions of a full house as of one that has just begun, and these are their numbers."""

import datetime
from contextlib import closing

import pytest

from benchmarks.asking import Page, places
from benchmarks.house import Size, load_house
from benchmarks.requests import client_for, count_queries
from tests.databases import django_connected_to, new_database
from tests.servers import drop_database

TODAY = datetime.date.today()
# One row of everything, and dozens.
FEW, MANY = Size(studies=1, sites=1, density=0.01), Size(studies=4, sites=12)
STUDY, SITE = "/studies/{study}/", "/study-sites/{site}/"
# (who, address) -> how many queries it may send; a page that needs one more says here why it is worth it.
PINNED = {
    ("project_manager", "/"): 0,
    ("cra", "/"): 0,
    ("finance", "/"): 0,
    ("tmf_specialist", "/"): 0,
    ("quality", "/"): 0,
    ("project_manager", f"{STUDY}"): 0,
    ("quality", "/study-sites/"): 0,
    ("project_manager", f"{STUDY}study-sites/"): 0,
    ("cra", "/monitoring-visits/"): 0,
    ("quality", "/monitoring-visits/"): 0,
    ("tmf_specialist", "/documents/"): 0,
    ("tmf_specialist", "/expected-documents/"): 0,
    ("tmf_specialist", f"{STUDY}tmf/"): 0,
    ("project_manager", f"{STUDY}subject-matrix/"): 0,
    ("project_manager", f"{STUDY}milestones/"): 0,
    ("quality", "/journal/"): 0,
    ("cra", f"{SITE}"): 0,
    ("project_manager", f"{SITE}"): 0,
    ("quality", "/api/v1/studies/"): 0,
    ("quality", "/api/v1/study-sites/"): 0,
    ("quality", "/api/v1/monitoring-visits/"): 0,
    ("quality", "/api/v1/documents/"): 0,
    ("quality", "/api/v1/expected-documents/"): 0,
    ("quality", "/api/v1/subjects/"): 0,
    ("quality", "/api/v1/milestones/"): 0,
}


def _asked(database, size):
    """Load a house and return {(who, address): queries}."""
    with django_connected_to(database):
        with closing(database.owner_connection()) as owner:
            load_house(owner, size, TODAY)
        at, asked = places(), {}
        for who, address in PINNED:
            page = Page(address, address.format(study=at.study, site=at.site), who)
            answer, statements = count_queries(client_for(page), page.path)
            assert answer.status_code == 200, page
            asked[who, address] = len(statements)
    return asked


@pytest.fixture(scope="module")
def asked(django_db_setup, django_db_blocker):
    """The queries of every pinned page in a small house and in a larger one."""
    answers = []
    with django_db_blocker.unblock():
        for size in (FEW, MANY):
            database = new_database("queries")
            try:
                answers.append(_asked(database, size))
            finally:
                drop_database(database.name)
    return answers


@pytest.mark.parametrize("page", PINNED, ids=" ".join)
def test_a_page_asks_no_more_questions_the_more_there_is(asked, page):
    few, many = asked
    assert (few[page], many[page]) == (PINNED[page], PINNED[page])
