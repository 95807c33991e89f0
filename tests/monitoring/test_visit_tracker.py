"""The monitoring visit tracker: each visit's letters and report with the working days they took."""

import datetime
from zoneinfo import ZoneInfo

from ctms.audit.as_of import database_now
from ctms.reports.declare import REPORTS
from ctms.reports.running import facts_of
from ctms.workflow.engine import perform
from monitoring import services

from .conftest import TUESDAY

MADRID = ZoneInfo("Europe/Madrid")
LATER = datetime.date(2099, 1, 1)


def tracker(cast, who="paula", place="vel", on=LATER):
    """Return the lines of the tracker as {column: cell}; the three columns of working days by their position."""
    facts = facts_of(
        REPORTS["monitoring-visits"], cast.fresh(who), cast.places[place], on, database_now(), MADRID
    )
    content = facts["content"]
    titles = [column["title"] for column in content["columns"]]
    titles = [f"{title} {place}" if title == "WD" else title for place, title in enumerate(titles)]
    rows = [row for group in content["groups"] for row in group["rows"]]
    return [dict(zip(titles, row["cells"], strict=True)) for row in rows], content


def test_a_visit_stands_with_the_days_of_its_report_and_letters(cast, stage):
    report = stage.submitted()
    report = perform(report, "returned", actor=cast.lena, reason="Say more of the consents")
    report = stage.signed(stage.signed(report, "submit", "carla"), "approve", "lena")
    letter = services.write_letter(actor=cast.carla, on=TUESDAY, visit=report.visit, kind="FOLLOW_UP")
    perform(letter, "send", actor=cast.carla, happened_on=datetime.date(2026, 3, 24))
    (line,), content = tracker(cast)
    assert (line["Visit"], line["State"], line["Monitors"]) == ("IMV 1", "Conducted", "Carla Ruiz")
    assert (line["First day"], line["Last day"]) == ("2026-03-16", "2026-03-17")
    assert line["Approved"] == report.approved_on.isoformat()
    assert line["Cycles"] == 2, "returned once and given again"
    # Wednesday 18 to Tuesday 24 March, without the weekend.
    assert (line["Followed up"], line["WD 14"]) == ("2026-03-24", 5)
    assert line["Late"] is None
    assert "report submitted 8, report approved 15, follow-up letter 10" in content["notes"][0]
    assert ["Followed up in time", "1/1"] in [figure[:2] for figure in content["summary"]]


def test_what_is_not_there_is_a_dash_and_what_is_late_is_counted(cast, stage):
    stage.conducted()
    (line,), content = tracker(cast)
    assert line["Submitted"] is line["WD 10"] is line["Cycles"] is line["Confirmed"] is None
    assert line["Late"] == 2, "its report and its follow-up letter"
    assert ["Submitted in time", "—"] in [figure[:2] for figure in content["summary"]]
    (line,), _content = tracker(cast, on=TUESDAY)
    assert line["Late"] is None


def test_a_planned_visit_waits_for_its_confirmation_and_a_cancelled_one_for_nothing(cast, stage):
    visit = stage.planned(start=LATER, end=LATER)
    (line,), _content = tracker(cast, on=LATER)
    assert (line["Planned"], line["First day"], line["Late"]) == ("2099-01-01", None, 1)
    perform(visit, "cancel", actor=cast.carla, reason="The site asked")
    (line,), _content = tracker(cast, on=LATER)
    assert (line["State"], line["Late"]) == ("Cancelled", None)


def test_the_tracker_of_a_place_holds_the_visits_its_reader_sees_there(cast, stage):
    stage.planned()
    stage.planned("uma", unblinded=True)
    stage.planned("chris", site="berlin")

    def visits(who, place="vel"):
        return [(line["Visit"], line["Site"][:4]) for line in tracker(cast, who, place)[0]]

    assert visits("paula") == [("IMV 1", "1001"), ("IMV 1", "2003")]
    assert visits("paula", "germany") == [("IMV 1", "1001")]
    assert visits("uma", "madrid") == [("IMV 1", "2003"), ("IMV 1 (unblinded)", "2003")]
    assert visits("carla") == [("IMV 1", "2003")]
    assert visits("fiona") == []
