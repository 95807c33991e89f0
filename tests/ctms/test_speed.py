"""What makes pages quick changes nothing of what they show and to whom."""

import gzip
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.html import parse_html
from django.test.utils import CaptureQueriesContext

from ctms.access.access import access_of
from ctms.access.scoping import ScopeNotChosen
from ctms.api.columns import columns_of, read_answers
from ctms.api.reading import Reading
from ctms.api.records import endpoints
from ctms.api.writing import written
from ctms.audit.context import acting_as
from ctms.audit.journal import newest
from ctms.pages.filters import OneOf
from ctms.pages.journal import Told, told_lines, without_record
from ctms.pages.turning import next_of, page_of
from studies.models import Milestone


@pytest.fixture
def dates(cast):
    with acting_as(cast.paula, reason="Dates for the tests"):
        for number in range(7):
            Milestone.objects.create(
                study=cast.vel, name=f"Date {number}", planned_on=f"2026-03-{20 - number}"
            )
        Milestone.objects.create(study=cast.cor, name="Elsewhere", planned_on="2026-03-01")


def test_a_page_has_the_rows_of_one_statement_in_their_order(cast, dates, django_assert_num_queries):
    rows = (
        Milestone.objects.visible_to(cast.paula).select_related("study__sponsor").order_by("planned_on", "pk")
    )
    whole = list(rows)
    assert [row.name for row in whole] == [f"Date {number}" for number in range(6, -1, -1)]
    with django_assert_num_queries(2):
        page = page_of(rows, 2, 5)
        assert [row.study.sponsor.name for row in page] == ["Northwind Therapeutics"] * 3
    assert page == whole[2:5]
    assert page_of(rows, 10, 20) == []


def test_the_api_asks_in_one_for_what_reads_little_along(cast, dates, django_assert_num_queries):
    rows = Milestone.objects.visible_to(cast.paula).order_by("pk")
    with django_assert_num_queries(1):
        few = next_of(rows.select_related("study__sponsor"), 3)
    far = (
        "study__sponsor__country",
        "country__nation",
        "site__organization__country",
        "site__country__nation",
    )
    with django_assert_num_queries(2):
        many = next_of(rows.select_related(*far), 3)
    assert few == many == list(rows)[:3]


def test_a_page_travels_compressed_and_a_file_as_it_is(cast, dates, client):
    client.force_login(cast.paula)
    page = client.get("/milestones/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Date 3" in gzip.decompress(page.content).decode()
    book = client.get("/milestones/?export=xlsx", headers={"Accept-Encoding": "gzip"})
    assert book.status_code == 200
    assert "Content-Encoding" not in book.headers


def test_no_right_comes_from_where_django_keeps_rights(cast):
    permission = Permission.objects.filter(content_type__app_label="studies", codename="view_milestone").get()
    cast.stella.user_permissions.add(permission)
    stella = cast.fresh("stella")
    assert not stella.has_perm("studies.view_milestone")
    assert not Milestone.objects.visible_to(stella).exists()
    assert cast.fresh("paula").has_perm("studies.view_milestone")


def test_the_journal_asks_as_often_for_many_lines_of_a_kind_as_for_few(
    cast, dates, django_assert_num_queries
):
    access_of(cast.paula)
    with CaptureQueriesContext(connection) as few:
        before = told_lines(cast.paula, study=cast.vel.pk, limit=1000)
    with acting_as(cast.paula, reason="More dates"):
        for number in range(9):
            Milestone.objects.create(study=cast.vel, name=f"Later {number}")
    with django_assert_num_queries(len(few)):
        lines = told_lines(cast.paula, study=cast.vel.pk, limit=1000)
    assert len(lines) == len(before) + 9
    changes = next(
        {change.label: change.after for change in told.entry.changes}
        for told in lines
        if told.label == "studies.Milestone"
    )
    assert changes["Study"] == cast.vel.protocol_number
    assert changes["Name"] == "Later 8"


def test_the_journal_is_asked_of_nothing_by_somebody_without_access(cast, dates):
    assert newest(access_of(cast.stella), may_read=lambda model: False) == []


def test_the_journal_leads_to_no_record_that_was_removed(cast):
    event = SimpleNamespace(pgh_obj_id=4711, pgh_id=1)
    line = SimpleNamespace(label="finance.Fee", event=event)
    assert without_record([line]) == {("finance.Fee", 4711)}
    assert Told(line, entry=None).url == "/fees/4711/"
    assert Told(line, entry=None, removed=True).url == ""


def test_what_a_list_of_the_api_reads_by_columns_is_what_its_record_answers(cast, house):
    compared = set()
    for slug, viewset in endpoints():
        if columns_of(viewset.read_serializer) is None:
            continue
        for person in ("paula", "ursula", "fiona", "ada"):
            rows = viewset.declaration.rows_answered(cast.fresh(person)).order_by("pk")
            answers = [
                answer for _position, answer in read_answers(viewset.read_serializer, rows, 50, ["pk"])
            ]
            assert answers == [written(viewset.read_serializer, row) for row in rows[:50]], slug
            compared |= {slug} if answers else set()
    # Those with words made of columns, with parts, and with what the first of them says.
    assert compared >= {
        "monitoring-visits",
        "monitoring-reports",
        "documents",
        "site-staff",
        "site-agreements",
    }


def test_a_list_of_the_api_reads_no_record_where_columns_are_enough(cast, dates, django_assert_num_queries):
    serializer = dict(endpoints())["milestones"].read_serializer
    rows = Milestone.objects.visible_to(cast.paula).order_by("planned_on", "pk")
    with django_assert_num_queries(1) as asked:
        found = read_answers(serializer, rows, 3, ["planned_on", "pk"])
    assert [answer["name"] for _position, answer in found] == ["Date 6", "Date 5", "Date 4"]
    assert [position for position, _answer in found] == [(row.planned_on, row.pk) for row in rows[:3]]
    assert "protocol_number" not in asked[0]["sql"]


def test_a_list_of_the_api_is_read_of_rows_somebody_may_see(cast, dates, django_assert_num_queries):
    serializer = dict(endpoints())["milestones"].read_serializer
    with pytest.raises(ScopeNotChosen):
        read_answers(serializer, Milestone.objects.order_by("pk"), 3, ["pk"])
    nothing = Milestone.objects.visible_to(cast.stella).order_by("pk")
    with django_assert_num_queries(0):
        assert read_answers(serializer, nothing, 3, ["pk"]) == []


def test_the_columns_of_a_list_are_asked_for_by_keys_alone():
    with pytest.raises(ValueError, match="keys"):
        Reading(Milestone, "pk", ["pk"], [Concat("name", Value("of somebody"))]).of_keys([1])


def test_a_list_to_choose_one_of_is_written_as_the_framework_would(cast):
    choices = [("", "All"), (7, "Ruiz & <Sons>"), (8, "Brandt")]
    for value in (None, "", "7", 8):
        plain, ours = (
            kind(choices=choices, attrs={"class": "wide"}).render("monitor", value, {"id": "id_monitor"})
            for kind in (forms.Select, OneOf)
        )
        assert parse_html(ours) == parse_html(plain)
