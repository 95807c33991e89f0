"""Many rows at once: each by its own right and guards, what went through stays, what was refused says why."""

import pytest
from django.core.exceptions import PermissionDenied

from ctms.audit.context import acting_as
from ctms.pages import bulk_pages
from ctms.pages.bulk import AT_ONCE, BulkAction, action_of, carry_out, keys_in
from ctms.pages.listing import LISTINGS
from ctms.workflow.engine import perform
from ctms.workflow.models import TransitionRecord
from monitoring import services
from studies.models import Milestone
from tests.ctms.conftest import TODAY

ASIDE = {"action": "set_aside", "confirmed": "1", "reason": "The sponsor gave it up"}


@pytest.fixture
def dates(cast):
    with acting_as(cast.paula, reason="Dates"):
        make = Milestone.objects.create
        return [
            make(study=cast.vel, name="Kick-off", planned_on=TODAY),
            make(site=cast.madrid, name="Initiation", planned_on=TODAY),
            make(study=cast.vel, name="Lock", planned_on=TODAY),
            make(study=cast.cor, name="Coral kick-off", planned_on=TODAY),
        ]


@pytest.fixture
def posted(client, cast):
    def posted(who, address, **values):
        client.force_login(cast.people[who])
        answer = client.post(address, values)
        return answer, answer.content.decode(errors="replace")

    return posted


def keys(*records):
    return ",".join(str(record.pk) for record in records)


def states(*records):
    return [Milestone._base_manager.get(pk=record.pk).status for record in records]


# --- what is asked ------------------------------------------------------------------------------------


def test_a_deed_is_asked_for_once_with_what_it_needs_and_changes_nothing_yet(dates, posted):
    kick_off, initiation, *_rest = dates
    answer, page = posted(
        "paula",
        "/milestones/bulk/",
        action="complete",
        selected=[kick_off.pk, initiation.pk],
        back="/milestones/?q=i",
    )
    assert answer.status_code == 200
    assert "Record actual date: 2 milestones" in page
    assert 'name="happened_on"' in page
    assert f'value="{keys(kick_off, initiation)}"' in page
    assert 'href="/milestones/?q=i"' in page
    assert states(kick_off, initiation) == ["PLANNED", "PLANNED"]


def test_what_is_missing_is_asked_for_again(dates, posted):
    answer, page = posted(
        "paula", "/milestones/bulk/", action="set_aside", selected=keys(dates[0]), confirmed="1", reason=" "
    )
    assert answer.status_code == 422
    assert "This field is required." in page
    assert states(dates[0]) == ["PLANNED"]


def test_a_list_shows_boxes_and_buttons_to_whoever_may_do_something(cast, dates, client):
    for who, shown in (("paula", True), ("quentin", False), ("sam", False)):
        client.force_login(cast.people[who])
        page = client.get("/milestones/").content.decode()
        assert "Kick-off" in page or who == "sam"
        assert ('name="selected"' in page) is shown, who
        assert ("Mark not applicable…" in page) is shown, who


# --- what becomes of it ---------------------------------------------------------------------------------


def test_what_goes_through_stays_and_what_is_refused_is_named_with_its_sentence(cast, dates, posted):
    kick_off, initiation, lock, _coral = dates
    perform(lock, "complete", actor=cast.paula, happened_on=TODAY)
    answer, page = posted("paula", "/milestones/bulk/", selected=keys(kick_off, lock, initiation), **ASIDE)
    assert answer.status_code == 200
    assert "2 done, 1 refused" in page
    assert "This is now completed" in page
    assert f'href="/milestones/{lock.pk}/"' in page
    assert states(kick_off, initiation, lock) == ["NOT_APPLICABLE", "NOT_APPLICABLE", "COMPLETED"]
    told = TransitionRecord.objects.filter(name="set_aside").order_by("pk")
    assert [(one.actor, one.reason, one.channel) for one in told] == [
        (cast.paula, "The sponsor gave it up", "page")
    ] * 2


def test_each_row_asks_for_its_own_right(cast, dates, posted):
    mine = services.raise_action_item(
        actor=cast.carla, site=cast.madrid, text="File the CV", opened_on=TODAY, due_on=TODAY
    )
    theirs = services.raise_action_item(
        actor=cast.chris, site=cast.berlin, text="Send the log", opened_on=TODAY, due_on=TODAY
    )
    answer, page = posted(
        "carla", "/action-items/bulk/", action="start", confirmed="1", selected=keys(mine, theirs)
    )
    assert answer.status_code == 200
    assert "1 done, 0 refused" in page
    assert "1 chosen row is not there any more." in page
    assert "Send the log" not in page
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.status, theirs.status) == ("IN_PROGRESS", "OPEN")


def test_a_second_time_nothing_happens_again(dates, posted):
    kick_off = dates[0]
    for told in ("1 done, 0 refused", "0 done, 1 refused"):
        _answer, page = posted("paula", "/milestones/bulk/", selected=f"{kick_off.pk},{kick_off.pk}", **ASIDE)
        assert told in page
    assert TransitionRecord.objects.filter(name="set_aside").count() == 1


def test_a_row_that_fails_takes_no_other_with_it(cast, dates):
    def act(record, actor, **asked):
        if record.name == "Initiation":
            raise PermissionDenied("Not this one.")
        return perform(record, "set_aside", actor=actor, **asked)

    deed = BulkAction("aside", "Aside", "studies.change_milestone", act)
    outcome = carry_out(deed, dates[:3], actor=cast.paula, asked={"reason": "Given up"})
    assert [record.name for record in outcome.done] == ["Kick-off", "Lock"]
    assert [(record.name, why) for record, why in outcome.refused] == [("Initiation", "Not this one.")]
    assert states(*dates[:3]) == ["NOT_APPLICABLE", "PLANNED", "NOT_APPLICABLE"]


# --- all that match -------------------------------------------------------------------------------------


def test_all_that_match_are_those_the_person_sees_as_filtered_and_in_their_place(cast, dates, posted):
    kick_off, initiation, lock, _coral = dates
    for query, place, chosen in (
        ("q=i", "", (kick_off, initiation)),
        ("", f"site/{cast.madrid.pk}", (initiation,)),
        ("", f"study/{cast.vel.pk}", (kick_off, initiation, lock)),
        (f"study={cast.cor.pk}", "", ()),
    ):
        _answer, page = posted(
            "paula", "/milestones/bulk/", action="set_aside", all="1", query=query, place=place
        )
        assert (f'name="selected" value="{keys(*chosen)}"' in page) is bool(chosen), (query, place)
        assert "Coral" not in page
    for place in (f"study/{cast.cor.pk}", "study/x", "planet/1", "study/"):
        answer, _page = posted("paula", "/milestones/bulk/", action="set_aside", all="1", place=place)
        assert answer.status_code == 404, place


def test_more_than_a_request_carries_are_refused_and_none_is_done(dates, posted, monkeypatch):
    monkeypatch.setattr(bulk_pages, "AT_ONCE", 2)
    for chosen in ({"all": "1"}, {"selected": keys(*dates[:3]), "confirmed": "1", "reason": "Given up"}):
        answer, page = posted("paula", "/milestones/bulk/", action="set_aside", **chosen)
        assert answer.status_code == 422
        assert "rows at once" in page
    assert states(*dates[:3]) == ["PLANNED"] * 3
    assert AT_ONCE == 500


# --- hostile ---------------------------------------------------------------------------------------------


def test_guessed_keys_tell_and_change_nothing(cast, dates, posted):
    coral, nobody = dates[3], dates[3].pk + 10_000
    pages = []
    for key in (coral.pk, nobody):
        answer, page = posted("paula", "/milestones/bulk/", selected=str(key), **ASIDE)
        assert answer.status_code == 422
        assert "None of the chosen rows is there any more." in page
        pages.append(page.replace(str(key), "").partition("<main")[2])
    assert "Coral" not in pages[0]
    assert states(coral) == ["PLANNED"]


def test_ten_thousand_keys_are_a_sentence_and_not_a_search(posted, dates):
    answer, page = posted(
        "paula", "/milestones/bulk/", selected=",".join(str(n) for n in range(1, 10_001)), **ASIDE
    )
    assert answer.status_code == 422
    assert "At most 500 rows at once" in page
    answer, _page = posted("paula", "/milestones/bulk/", selected=[str(n) for n in range(1, 10_001)], **ASIDE)
    assert answer.status_code == 400, "so many fields are no form of ours"
    assert states(*dates[:3]) == ["PLANNED"] * 3


def test_what_is_no_key_is_passed_over(posted, dates):
    assert keys_in(["1,2", "x", "-3", "1", "²", "9" * 30, ""]) == [1, 2]
    answer, page = posted("paula", "/milestones/bulk/", selected="x,'; --", **ASIDE)
    assert answer.status_code == 422
    assert "Choose rows first." in page


def test_no_deed_but_those_declared_and_for_those_who_may(dates, posted, client, cast):
    for who, action, status in (
        ("paula", "reopen", 404),
        ("paula", "nonsense", 404),
        ("paula", "", 404),
        ("quentin", "set_aside", 404),
        ("sam", "set_aside", 404),
        ("stella", "set_aside", 403),
    ):
        answer, _page = posted(
            who, "/milestones/bulk/", selected=keys(dates[0]), action=action, confirmed="1"
        )
        assert answer.status_code == status, (who, action)
    client.force_login(cast.paula)
    assert client.get("/milestones/bulk/").status_code == 405
    assert states(dates[0]) == ["PLANNED"]


def test_back_leads_into_the_product_and_nowhere_else(dates, posted):
    for back in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        _answer, page = posted(
            "paula", "/milestones/bulk/", action="set_aside", selected=keys(dates[0]), back=back
        )
        assert "evil" not in page
        assert "javascript:" not in page


def test_what_is_signed_or_nobodys_to_make_cannot_be_declared():
    for name, move in (("study-sites", "activate"), ("payables", "approve"), ("documents", "approve")):
        with pytest.raises(TypeError, match="not done to many at once"):
            action_of(LISTINGS[name].model(), move)


def test_every_declared_deed_is_one(cast):
    declared = {listing.name: listing.bulk for listing in LISTINGS.values() if listing.bulk}
    assert {
        "action-items",
        "expected-documents",
        "payables",
        "milestones",
        "subject-visits",
        "deviations",
    } <= set(declared)
    for name, deeds in declared.items():
        names = [action_of(LISTINGS[name].model(), deed).name for deed in deeds]
        assert len(set(names)) == len(names)
