"""Filters, sorting and columns of a list: all in its address, nothing in it that is not the person's to see."""

import csv
import datetime
import io

import pytest
from django.http import QueryDict

from ctms.audit.context import acting_as
from ctms.pages.choosing import Chosen
from ctms.pages.listing import LISTINGS, Listing
from studies.models import Milestone, StudyCountry
from tests.ctms.conftest import TODAY

DAY = datetime.timedelta(days=1)
MILESTONES = LISTINGS["milestones"]


@pytest.fixture
def dates(cast):
    """Four milestones of VEL-301 and one of COR-207."""
    with acting_as(cast.paula, reason="Dates"):
        make = Milestone.objects.create
        found = [
            make(study=cast.vel, name="Kick-off", kind="KICK_OFF", planned_on=TODAY, baseline_on=TODAY),
            make(study=cast.vel, name="Lock", planned_on=TODAY + DAY, baseline_on=TODAY),
            make(site=cast.madrid, name="Initiation", planned_on=TODAY + 2 * DAY, baseline_on=TODAY - DAY),
            make(study=cast.cor, name="Coral kick-off", planned_on=TODAY),
        ]
    return found


@pytest.fixture
def opened(client, cast):
    def opened(who, address, **headers):
        client.force_login(cast.people[who])
        answer = client.get(address, headers=headers)
        return answer, answer.content.decode(errors="replace")

    return opened


def chosen(person, query, **more):
    return Chosen(MILESTONES, person, QueryDict(query), **more)


def names(person, query, **more):
    return [row.name for row in chosen(person, query, **more).rows]


def heads(text):
    return next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


# --- filters -----------------------------------------------------------------------------------------


def test_several_values_of_one_filter_find_what_has_any_of_them(cast, dates):
    lock = dates[1]
    with acting_as(cast.paula, reason="Not needed"):
        Milestone.objects.create(study=cast.kin, name="Of no study of hers")
    assert names(cast.paula, "status=PLANNED&status=COMPLETED") == ["Kick-off", "Lock", "Initiation"]
    assert names(cast.paula, "status=COMPLETED&status=NOT_APPLICABLE") == []
    assert names(cast.paula, f"status=PLANNED&study={cast.vel.pk}&study={cast.cor.pk}") == [], (
        "a study one does not see is no choice, not even beside one that is"
    )
    assert names(cast.paula, "kind=KICK_OFF") == ["Kick-off"]
    assert lock.name in names(cast.paula, f"planned_on__gte={TODAY + DAY}&planned_on__lte={TODAY + DAY}")


def test_each_value_has_a_chip_that_takes_it_away_and_leaves_the_others(cast, dates):
    found = chosen(cast.paula, f"status=PLANNED&status=COMPLETED&planned_on__gte={TODAY}&page=3")
    assert [(chip.label, chip.value) for chip in found.chips] == [
        ("Status", "Planned"),
        ("Status", "Completed"),
        ("Planned from", "17 Mar 2026"),
    ]
    assert found.chips[0].without == f"status=COMPLETED&planned_on__gte={TODAY}"
    assert found.cleared == ""
    assert chosen(cast.paula, "status=PLANNED&columns=name,kind").cleared == "columns=name,kind"


def test_a_chip_of_a_study_one_does_not_see_is_its_number_and_not_its_name(cast, dates, opened):
    _answer, page = opened("paula", f"/milestones/?study={cast.vel.pk}&study={cast.cor.pk}")
    assert f"Study: {cast.cor.pk}" in page
    assert "COR-207" not in page


def test_the_filters_offer_what_one_sees_and_inside_a_study_only_what_is_in_it(cast, dates, opened):
    _answer, page = opened("paula", "/milestones/")
    assert f'name="study" value="{cast.vel.pk}"' in page
    assert f'name="study" value="{cast.cor.pk}"' not in page
    _answer, inside = opened("paula", f"/studies/{cast.vel.pk}/milestones/")
    assert 'name="study"' not in inside, "nobody asks for the study inside of it"
    with acting_as(cast.ada, reason="Another country"):
        elsewhere = StudyCountry.objects.create(study=cast.kin, nation=cast.germany.nation)
    _answer, sites = opened("quentin", "/study-sites/")
    assert f'name="country" value="{elsewhere.pk}"' in sites
    _answer, sites = opened("quentin", f"/studies/{cast.vel.pk}/study-sites/")
    assert f'name="country" value="{elsewhere.pk}"' not in sites
    assert f'name="country" value="{cast.germany.pk}"' in sites


def test_inside_a_place_the_study_of_an_address_means_nothing(cast, dates):
    assert names(cast.paula, f"study={cast.kin.pk}", place=cast.vel) == ["Kick-off", "Lock", "Initiation"]
    assert names(cast.paula, f"study={cast.kin.pk}", place=cast.madrid) == ["Initiation"]


def test_what_the_list_does_not_know_is_passed_over_and_said(cast, dates, opened):
    answer, page = opened(
        "paula", "/milestones/?colour=red&sort=nonsense,-name&columns=name,secret&status=PLANNED"
    )
    assert answer.status_code == 200
    assert "colour, secret, nonsense" in page
    assert "Kick-off" in page
    assert chosen(cast.paula, "status=PLANNED&page=2&sort=name&columns=kind&view=all").ignored == []


def test_names_in_an_address_are_shown_as_words_and_not_run(cast, dates, opened):
    _answer, page = opened("paula", "/milestones/?<script>alert(1)</script>=1&q=<img src=x>")
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


# --- sorting -----------------------------------------------------------------------------------------


def test_rows_are_sorted_by_several_columns_first_things_first(cast, dates):
    assert names(cast.paula, "sort=baseline_on,-name") == ["Initiation", "Lock", "Kick-off"]
    assert names(cast.paula, "sort=-baseline_on,name") == ["Kick-off", "Lock", "Initiation"]
    assert names(cast.paula, "sort=name,-name") == ["Initiation", "Kick-off", "Lock"], "each column once"


def test_the_head_of_a_column_sorts_by_it_alone_or_as_well(cast, dates):
    by_title = {
        head.title: head for head in chosen(cast.paula, "status=PLANNED&sort=study,-name&page=2").heads
    }
    name, study, site = by_title["Name"], by_title["Study"], by_title["Site"]
    assert (study.direction, study.rank, study.alone) == ("ascending", 1, "status=PLANNED&sort=-study")
    assert (name.direction, name.rank) == ("descending", 2)
    assert name.as_well == "status=PLANNED&sort=study,name"
    assert site.as_well == "status=PLANNED&sort=study,-name,site_number"
    assert by_title["Days late"].alone == "", "what is counted when it is shown is not sorted by"
    assert [chip.without for chip in chosen(cast.paula, "sort=study,-name").sort_chips] == [
        "sort=-name",
        "sort=study",
    ]


# --- columns -----------------------------------------------------------------------------------------


def test_an_address_chooses_the_columns_and_their_order_is_the_lists(cast, dates, opened):
    _answer, page = opened("paula", "/milestones/?columns=published,kind,name")
    assert page.index(">Kind</a>") < page.index(">Shown to the sponsor</a>")
    assert ">Baseline</a>" not in page
    titles = [head.title for head in chosen(cast.paula, "columns=status").heads]
    assert titles == ["Name", "Status"], "what opens the record stays"
    assert chosen(cast.paula, "columns=nothing").columns == chosen(cast.paula, "").columns


def test_an_export_holds_the_columns_of_the_page_and_no_others(cast, dates, opened):
    _answer, text = opened("paula", "/milestones/?columns=kind,name&export=csv")
    assert heads(text) == ["Name", "Kind"]
    _answer, text = opened("paula", f"/studies/{cast.vel.pk}/milestones/?export=csv")
    assert "Study" not in heads(text), "inside a study the page has no such column"
    assert "Study" in heads(opened("paula", "/milestones/?export=csv")[1])


def test_a_column_that_does_not_exist_shows_nothing_of_a_record(cast, dates, opened):
    for column in (
        "green_light",
        "study_sponsor",
        "study__sponsor__name",
        "pk",
        "version",
        "published_",
        "'",
    ):
        _answer, text = opened("paula", f"/milestones/?columns=name,{column}&export=csv")
        assert heads(text) == ["Name"], column


def test_two_columns_of_one_name_are_a_mistake():
    with pytest.raises(TypeError, match="two columns called name"):
        type("Twice", (Listing,), {"record": MILESTONES.record, "name": "twice", "columns": ("name",),
                                   "more_columns": ("name",)})  # fmt: skip


def _full(listing):
    return f"columns={','.join(column.key for column in listing.every_column())}"


@pytest.mark.parametrize(
    "name",
    ["studies", "study-sites", "milestones", "subjects", "subject-visits", "monitoring-visits", "monitoring-reports",
     "action-items", "deviations", "documents", "expected-documents", "payables", "payment-runs", "sponsor-invoices"],
)  # fmt: skip
def test_every_main_list_offers_more_columns_and_opens_with_all_of_them(cast, opened, name):
    listing = LISTINGS[name]
    assert listing.more_columns
    who = "fiona" if listing.rail and listing.rail[0] == "Finance" else "paula"
    answer, page = opened(who, f"/{name}/?{_full(listing)}")
    assert answer.status_code == 200
    assert "It was passed over" not in page


def test_the_queries_of_a_list_with_every_column_do_not_grow_with_its_rows(
    cast, dates, client, django_assert_max_num_queries
):
    with acting_as(cast.paula, reason="Many"):
        Milestone.objects.bulk_create([Milestone(site=cast.madrid, name=f"M{n}") for n in range(60)])
    client.force_login(cast.paula)
    client.get("/milestones/")
    with django_assert_max_num_queries(18):
        assert client.get(f"/milestones/?{_full(MILESTONES)}").status_code == 200


def test_of_very_many_records_the_first_are_offered_and_those_chosen(cast, dates, opened, monkeypatch):
    monkeypatch.setattr("ctms.pages.filters.MOST_OFFERED", 1)
    sites = sorted((cast.madrid, cast.berlin), key=lambda site: site.pk)
    _answer, page = opened("paula", f"/study-sites/?country={sites[1].country_id}")
    assert f'name="country" value="{sites[1].country_id}" checked' in page, "what is chosen is never lost"
    assert page.count('name="country" value=') == 2
    assert "The first 1." in page
    _answer, page = opened("paula", "/study-sites/")
    assert page.count('name="country" value=') == 1
