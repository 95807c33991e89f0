"""Saved views: a name for an address; whoever opens one sees what they may see, and only colleagues read its name."""

import pytest

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.pages.models import SavedView
from studies.models import Milestone
from studies.services.team import assign
from tests.cast import LONG_AGO
from tests.ctms.conftest import TODAY


@pytest.fixture
def dates(cast):
    with acting_as(cast.paula, reason="Dates"):
        Milestone.objects.create(study=cast.vel, name="Kick-off", planned_on=TODAY)
        Milestone.objects.create(study=cast.cor, name="Coral kick-off", planned_on=TODAY)


@pytest.fixture
def asked(client, cast):
    """`asked("paula", "/milestones/")`, or with what is posted."""

    def asked(who, address, **posted):
        client.force_login(cast.people[who])
        answer = client.post(address, posted) if posted else client.get(address)
        return answer, answer.content.decode(errors="replace")

    return asked


@pytest.fixture
def saved(asked):
    """`saved("paula", "Late")`: a view kept by the page."""

    def saved(who, name, query="status=PLANNED&sort=-planned", **more):
        answer, page = asked(who, "/saved-views/", listing="milestones", name=name, query=query, **more)
        assert answer.status_code == 302, page
        asked(who, "/milestones/?view=all")  # the message that it is kept is read
        return SavedView.objects.get(owner__username=who, name=name)

    return saved


def test_a_view_is_kept_with_the_whole_address_and_opens_as_it_was(dates, asked, saved):
    view = saved("paula", "Late", "status=PLANNED&columns=name,kind&sort=-planned&page=4&export=csv")
    assert view.query == "status=PLANNED&columns=name,kind&sort=-planned"
    _answer, page = asked("paula", "/milestones/")
    assert 'href="/milestones/?status=PLANNED&amp;columns=name,kind&amp;sort=-planned"' in page
    _answer, page = asked("paula", f"/milestones/?{view.query}")
    assert f"/saved-views/{view.pk}/" in page, "the view that is shown is the one to change"
    _answer, page = asked("paula", "/milestones/?sort=-planned&columns=name,kind&status=PLANNED")
    assert f"/saved-views/{view.pk}/" in page, "whatever the order it is asked in"


def test_saving_leads_back_to_the_place_it_was_saved_in_and_nowhere_else(cast, asked):
    tab = f"/studies/{cast.vel.pk}/milestones/"
    for name, path, back in (
        ("One", tab, f"{tab}?sort=name"),
        ("Two", "//evil.example/", "/milestones/?sort=name"),
        ("Three", "https://evil.example/", "/milestones/?sort=name"),
    ):
        answer, _page = asked(
            "paula", "/saved-views/", listing="milestones", name=name, query="sort=name", path=path
        )
        assert answer["Location"] == back


def test_a_view_of_ones_own_is_nobody_elses(cast, dates, asked, saved):
    view = saved("paula", "Zebra late")
    for other in ("lena", "carla", "quentin", "sam", "ada"):
        assert "Zebra late" not in asked(other, "/milestones/")[1]
        assert asked(other, f"/saved-views/{view.pk}/")[0].status_code == 404
        assert asked(other, f"/saved-views/{view.pk}/", name="Mine now")[0].status_code == 404
        assert asked(other, f"/saved-views/{view.pk}/", delete="1")[0].status_code == 404
    view.refresh_from_db()
    assert view.name == "Zebra late"


def test_a_shared_view_is_offered_to_colleagues_and_shows_each_of_them_their_own_rows(
    cast, dates, asked, saved
):
    saved("paula", "Zebra late", shared="on")
    for colleague in ("lena", "carla", "quentin"):
        page = asked(colleague, "/milestones/")[1]
        assert "Zebra late" in page
        assert "Shared by Paula Marsh" in page
    for outside in ("sam", "ingrid"):
        assert "Zebra late" not in asked(outside, "/milestones/")[1], (
            "what the house calls things is not told"
        )
    assert "Zebra late" not in asked("pavel", "/milestones/")[1], "he works in another sponsor's study"
    page = asked("chris", "/milestones/?status=PLANNED&sort=-planned")[1]
    assert "Kick-off" in page
    assert "Coral" not in page


def test_what_the_unblinded_circle_calls_its_views_stays_in_it(cast, dates, asked, saved):
    saved("uma", "Zebra circle", shared="on")
    assert "Zebra circle" in asked("ursula", "/milestones/")[1]
    for blinded in ("paula", "carla", "quentin"):
        assert "Zebra circle" not in asked(blinded, "/milestones/")[1]


def test_the_circle_of_another_study_is_not_the_circle_a_view_was_named_in(cast, dates, asked, saved):
    """Stella is unblinded in COR-207 and monitors Madrid blinded: what Uma's circle calls its views is not hers."""
    system = User.objects.system()
    given = {"actor": system, "user": cast.stella, "starts_on": LONG_AGO, "trained_on": LONG_AGO}
    assign(**given, role="cra", place=cast.cor, unblinded=True)
    assign(**given, role="cra", place=cast.madrid)
    saved("uma", "Zebra circle", shared="on")
    assert "Zebra circle" in asked("ada", "/milestones/")[1], "she is unblinded in every study"
    assert "Zebra circle" not in asked("stella", "/milestones/")[1]
    saved("ada", "Zebra of every circle", shared="on")
    assert "Zebra of every circle" not in asked("uma", "/milestones/")[1]


def test_the_name_of_a_view_stands_in_no_history_journal_or_log(cast, dates, asked, saved):
    view = saved("uma", "Zebra kit of the other arm")
    asked("uma", f"/saved-views/{view.pk}/", name="Zebra renamed")
    asked("uma", f"/milestones/?{view.query}&export=csv")
    asked("uma", f"/saved-views/{view.pk}/", delete="1")
    common = ("/journal/", "/access-records/", "/search/?q=zebra", "/milestones/")
    for reader, more in (("quentin", ()), ("ada", ("/security-log/", f"/user-accounts/{cast.uma.pk}/"))):
        for address in (*common, *more):
            answer, page = asked(reader, address)
            assert answer.status_code == 200, (reader, address)
            assert "Zebra " not in page, (reader, address)


def test_what_was_said_to_one_person_is_not_shown_to_the_next_at_the_same_machine(dates, asked, client):
    asked("uma", "/saved-views/", listing="milestones", name="Zebra kit of the other arm", query="")
    client.post("/accounts/logout/")
    assert "Zebra kit" not in asked("carla", "/milestones/")[1]


def test_from_outside_nothing_is_shared(cast, dates, asked, saved):
    view = saved("sam", "Ours", shared="on")
    assert not view.shared
    page = asked("sam", "/milestones/?sort=name")[1]
    assert "Share it with my colleagues" not in page


def test_the_default_view_opens_with_the_list_and_every_row_is_one_click_away(cast, dates, asked, saved):
    first = saved("paula", "First", is_default="on")
    second = saved("paula", "Second", "sort=name", is_default="on")
    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True), "one default a list"
    answer, _page = asked("paula", "/milestones/")
    assert (answer.status_code, answer["Location"]) == (302, "/milestones/?sort=name")
    answer, page = asked("paula", "/milestones/?view=all")
    assert answer.status_code == 200
    assert 'href="/milestones/?view=all" aria-current="page"' in page
    assert asked("lena", "/milestones/")[0].status_code == 200, "it is nobody else's default"
    page = asked("paula", "/milestones/?sort=name")[1]
    assert 'href="/milestones/?view=all">Clear all' in page, "nothing leads back into the default by accident"


def test_a_view_is_renamed_shared_and_thrown_away_by_its_owner(dates, asked, saved):
    view = saved("paula", "Late")
    assert "Throw this view away" in asked("paula", f"/saved-views/{view.pk}/")[1]
    asked("paula", f"/saved-views/{view.pk}/", name="Later", shared="on")
    view.refresh_from_db()
    assert (view.name, view.shared, view.query) == ("Later", True, "status=PLANNED&sort=-planned")
    asked("paula", f"/saved-views/{view.pk}/", name="", delete="1")
    assert not SavedView.objects.exists()


def test_a_name_that_is_missing_or_taken_is_asked_for_again_and_the_query_kept(dates, asked, saved):
    saved("paula", "Late")
    for name, told in (("Late", "You have a view of this name already."), ("", "This field is required.")):
        answer, page = asked("paula", "/saved-views/", listing="milestones", name=name, query="sort=name")
        assert answer.status_code == 422
        assert told in page
        assert 'value="sort=name"' in page
    assert saved("lena", "Late").name == "Late", "two people may call theirs the same"


def test_an_old_view_is_harmless(dates, asked, saved):
    view = saved("paula", "Old", "gone=1&status=NEVER_WAS&columns=lost&sort=away")
    answer, page = asked("paula", f"/milestones/?{view.query}")
    assert answer.status_code == 200
    assert "gone, lost, away" in page
    assert "Kick-off" not in page, "a filter that cannot be read shows nothing, not everything"
    SavedView.objects.filter(pk=view.pk).update(listing="no-such-list")
    assert asked("paula", "/milestones/")[0].status_code == 200
    assert asked("paula", f"/saved-views/{view.pk}/")[0].status_code == 404
    assert asked("paula", f"/saved-views/{view.pk}/", delete="1")[0].status_code == 302


def test_views_are_kept_of_lists_one_may_open(asked):
    assert asked("stella", "/saved-views/", listing="milestones", name="x")[0].status_code == 403
    assert asked("sam", "/saved-views/", listing="payables", name="x")[0].status_code == 404
    assert asked("paula", "/saved-views/", listing="no-such-list", name="x")[0].status_code == 404
    assert asked("paula", "/saved-views/")[0].status_code == 405
    answer, _page = asked(
        "paula", "/saved-views/", listing="milestones", name="Long", query="q=" + "x" * 5000
    )
    assert answer.status_code == 302
    assert len(SavedView.objects.get().query) <= 2000
