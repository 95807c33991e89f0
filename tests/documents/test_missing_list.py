"""The TMF missing list: what is expected and not there, the longest late first, place by place."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from ctms.audit.as_of import database_now
from ctms.audit.context import acting_as
from ctms.reports.declare import REPORTS
from ctms.reports.running import facts_of
from ctms.workflow.engine import perform
from documents.models import ExpectedDocument
from documents.services import completeness_of
from tests.documents.conftest import DAY, artifact

MADRID = ZoneInfo("Europe/Madrid")


def day(number):
    return DAY + datetime.timedelta(days=number)


@pytest.fixture
def expected(cast):
    """Papers of the study, of Spain and of two sites: late, due today, ahead, without a day, settled."""
    with acting_as(cast.tara, reason="Expected"):
        for place, number, due, status, unblinded in (
            ("vel", "01.01.01", day(-40), "EXPECTED", False),
            ("spain", "04.01.01", day(5), "EXPECTED", False),
            ("madrid", "05.02.04", day(-3), "EXPECTED", False),
            ("madrid", "05.02.01", day(-9), "EXPECTED", False),
            ("madrid", "05.02.07", day(0), "EXPECTED", False),
            ("madrid", "05.02.08", None, "EXPECTED", False),
            ("madrid", "05.02.05", day(-7), "EXPECTED", True),
            ("berlin", "05.02.04", day(-1), "EXPECTED", False),
        ):
            where = cast.places[place]
            at = where.place()
            ExpectedDocument.objects.create(
                study=cast.vel, country_id=at.country, site_id=at.site, artifact=artifact(number), due_on=due,
                status=status, unblinded=unblinded,
            )  # fmt: skip
    return cast


def missing(cast, who="tara", place="vel", on=DAY):
    facts = facts_of(REPORTS["tmf-missing"], cast.fresh(who), cast.places[place], on, database_now(), MADRID)
    content = facts["content"]
    lines = [
        (group["title"].split(" ")[0], row["cells"][1], row["cells"][5])
        for group in content["groups"]
        for row in group["rows"]
    ]
    return lines, {figure[0]: figure[1] for figure in content["summary"]}


def test_the_longest_late_stand_first_in_each_place(expected):
    lines, figures = missing(expected)
    assert lines == [
        ("VEL-301", "01.01.01", 40),
        ("Spain", "04.01.01", None),
        ("1001", "05.02.04", 1),
        ("2003", "05.02.01", 9),
        ("2003", "05.02.04", 3),
        ("2003", "05.02.07", None),
        ("2003", "05.02.08", None),
    ]
    assert (figures["Missing"], figures["Of these late"]) == ("7", "4")
    assert (
        figures["Complete"] == str(completeness_of(expected.fresh("tara"), expected.vel, DAY)[1]) == "0 of 4"
    )


def test_what_is_there_is_not_missing(expected, cast):
    one = ExpectedDocument.objects.visible_to(cast.tara).get(artifact__number="05.02.01")
    perform(one, "set_aside", actor=cast.tara, reason="No such paper at this site")
    lines, figures = missing(cast)
    assert ("2003", "05.02.01", 9) not in lines
    assert figures["Complete"] == "1 of 4"


def test_each_reader_misses_what_they_may_see(expected, cast):
    assert [line[0] for line in missing(cast, "carla")[0]] == ["2003"] * 4
    assert ("2003", "05.02.05", 7) in missing(cast, "uma")[0]
    assert ("2003", "05.02.05", 7) not in missing(cast, "paula")[0]
    assert missing(cast, "paula", "germany")[0] == [("1001", "05.02.04", 1)]
    assert missing(cast, "pavel", "cor")[0] == []
