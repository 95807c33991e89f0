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
# A house that has just begun, with one row of everything at each of its sites, and one at work.
FEW, MANY = Size(studies=1, sites=9, density=0.01), Size(studies=4, sites=40)
STUDY, SITE = "/studies/{study}/", "/study-sites/{site}/"
# (who, address) -> how many queries it may send; a page that needs one more says here why it is worth it.
PINNED = {
    # How far the next dates were moved, among them, and which requirements of an activation are waived.
    ("project_manager", "/"): 50,
    # Which papers expire is what a CRA asks the sites for next; which reports came back, and how many items there are.
    ("cra", "/"): 30,
    ("finance", "/"): 16,  # ready, held and in a run, each by its own definition
    ("tmf_specialist", "/"): 22,  # likewise
    ("quality", "/"): 31,  # the quality issues nobody has settled
    # Eleven more: how the study stands and why, judged by every room as in the portfolio.
    ("project_manager", f"{STUDY}"): 52,
    # Who carries sites, for the filter the workload opens.
    ("quality", "/study-sites/"): 13,
    ("project_manager", f"{STUDY}study-sites/"): 18,
    ("cra", "/monitoring-visits/"): 15,
    ("quality", "/monitoring-visits/"): 15,
    ("tmf_specialist", "/documents/"): 13,  # the zones to choose from
    ("tmf_specialist", "/expected-documents/"): 12,
    ("tmf_specialist", f"{STUDY}tmf/"): 20,  # what is filed by zone, and the dates in the header
    ("project_manager", f"{STUDY}subject-matrix/"): 17,
    ("project_manager", f"{STUDY}milestones/"): 15,
    ("project_manager", f"{STUDY}start-up/"): 15,
    ("quality", "/journal/"): 12,
    ("quality", "/journal/?study={study}"): 47,
    ("cra", f"{SITE}"): 26,
    ("project_manager", f"{SITE}"): 26,
    ("quality", "/api/v1/studies/"): 5,
    ("quality", "/api/v1/study-sites/"): 4,
    ("quality", "/api/v1/monitoring-visits/"): 5,
    ("quality", "/api/v1/documents/"): 5,
    ("quality", "/api/v1/expected-documents/"): 4,
    ("quality", "/api/v1/subjects/"): 4,
    ("quality", "/api/v1/milestones/"): 4,
}


def _asked(database, size):
    """Load a house and return {(who, address): queries}."""
    with django_connected_to(database):
        with closing(database.owner_connection()) as owner:
            load_house(owner, size, TODAY)
        at, asked = places(), {}
        for who, address in PINNED:
            page = Page(address, address.format(study=at.study, site=at.site), who)
            client = client_for(page)
            client.get(page.path)  # who was last seen when, and where, is kept with the first
            answer, statements = count_queries(client, page.path)
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
    # Where there is nothing, what would be read along with it is not asked for.
    assert few[page] <= many[page] == PINNED[page]
