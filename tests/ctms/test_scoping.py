"""A queryset nobody chose a view of is refused, whatever way it is read; and what must go on working does."""

import pickle

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Prefetch
from django.forms import modelform_factory
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from ctms.access.scoping import ScopeNotChosen, everything
from ctms.audit.context import acting_as
from studies.models import (
    Milestone,
    PlannedVisit,
    PlannedVisitActivity,
    Study,
    StudyAssignment,
    StudyIdentifier,
    StudySite,
)

SITES = StudySite.objects


def in_a_generator():
    with everything("a reason does not help here"):
        yield SITES.count()


LEAKS = {
    "all": lambda c: list(SITES.all()),
    "get": lambda c: SITES.get(pk=c.madrid.pk),
    "first": lambda c: SITES.first(),
    "last": lambda c: SITES.last(),
    "404": lambda c: get_object_or_404(StudySite, pk=c.madrid.pk),
    "values": lambda c: list(SITES.values("pk")),
    "values_list": lambda c: list(SITES.values_list("pk", flat=True)),
    "slice": lambda c: SITES.all()[0],
    "slice of several": lambda c: list(SITES.all()[:2]),
    "len": lambda c: len(SITES.filter(number="2003")),
    "bool": lambda c: bool(SITES.filter(number="2003")),
    "in": lambda c: c.madrid in SITES.all(),
    "repr": lambda c: repr(SITES.all()),
    "pickle": lambda c: pickle.dumps(SITES.all()),
    "count": lambda c: SITES.count(),
    "exists": lambda c: SITES.filter(number="2003").exists(),
    "aggregate": lambda c: SITES.aggregate(n=Count("pk")),
    "iterator": lambda c: list(SITES.iterator()),
    "update": lambda c: SITES.filter(number="2003").update(number="1"),
    "bulk_update": lambda c: SITES.bulk_update([c.madrid], ["number"]),
    "delete": lambda c: SITES.all().delete(),
    "modelform choices": lambda c: list(
        modelform_factory(Milestone, fields=["site"])().fields["site"].choices
    ),
    "drf field": lambda c: serializers.PrimaryKeyRelatedField(queryset=SITES.all()).to_internal_value(
        c.madrid.pk
    ),
    "and": lambda c: list(SITES.visible_to(c.paula) & SITES.all()),
    "or": lambda c: list(SITES.all() | SITES.visible_to(c.paula)),
    "or, turned round": lambda c: list(SITES.visible_to(c.paula) | SITES.all()),
    "xor": lambda c: list(SITES.visible_to(c.paula) ^ SITES.all()),
    "union": lambda c: list(SITES.visible_to(c.paula).union(SITES.all())),
    "intersection": lambda c: list(SITES.visible_to(c.paula).intersection(SITES.all())),
    "difference": lambda c: list(SITES.all().difference(SITES.visible_to(c.paula))),
    "in_bulk": lambda c: SITES.in_bulk([c.madrid.pk]),
    "dates": lambda c: list(Milestone.objects.dates("planned_on", "day")),
    "get_or_create": lambda c: SITES.get_or_create(number="2003"),
    "update_or_create": lambda c: SITES.update_or_create(number="2003", defaults={"zone": "UTC"}),
    "latest": lambda c: SITES.latest("pk"),
    "earliest": lambda c: SITES.earliest("pk"),
    "contains": lambda c: SITES.all().contains(c.madrid),
    "select_for_update": lambda c: SITES.select_for_update().get(pk=c.madrid.pk),
    "raw": lambda c: list(SITES.raw("SELECT * FROM studies_studysite")),
    "explain": lambda c: SITES.all().explain(),
    "upsert": lambda c: SITES.bulk_create(
        [c.madrid], update_conflicts=True, unique_fields=["id"], update_fields=["number"]
    ),
    "named filter": lambda c: list(Milestone.objects.open()),
    "reverse relation": lambda c: list(c.vel.identifiers.all()),
    "reverse relation, counted": lambda c: c.vel.identifiers.count(),
    "many to many": lambda c: list(PlannedVisit.objects.visible_to(c.paula).get().activities.all()),
    "prefetch without Prefetch": lambda c: list(
        Study.objects.visible_to(c.paula).prefetch_related("identifiers")
    ),
    "prefetch of an open Prefetch": lambda c: list(
        Study.objects.visible_to(c.paula).prefetch_related(
            Prefetch("identifiers", StudyIdentifier.objects.all())
        )
    ),
    "history": lambda c: list(StudySite.events.rel.related_model.objects.all()),
    "history of one": lambda c: list(c.madrid.events.all()),
    "everything in a generator": lambda c: list(in_a_generator()),
    "everything without a reason": lambda c: everything(""),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_reading_what_nobody_chose_is_refused(cast, plan, leak):
    number = cast.madrid.number
    with pytest.raises(ScopeNotChosen), transaction.atomic():
        LEAKS[leak](cast)
    cast.madrid.refresh_from_db()
    assert cast.madrid.number == number


def prefetched(c):
    sight = Prefetch("identifiers", StudyIdentifier.objects.visible_to(c.paula), to_attr="shown")
    return [number.value for number in Study.objects.visible_to(c.paula).prefetch_related(sight).get().shown]


ALLOWED = {
    "visible_to": lambda c: {s.number for s in SITES.visible_to(c.paula)} == {"2003", "1001"},
    "visible_to, filtered afterwards": lambda c: (
        SITES.visible_to(c.paula).filter(number="2003").get() == c.madrid
    ),
    "visible_to, filtered before": lambda c: SITES.filter(number="2003").visible_to(c.paula).count() == 1,
    "visible_to both sides of or": lambda c: (
        (SITES.visible_to(c.chris) | SITES.visible_to(c.carla)).count() == 2
    ),
    "union of two views": lambda c: len(SITES.visible_to(c.chris).union(SITES.visible_to(c.carla))) == 2,
    "none": lambda c: list(SITES.none()) == [] and SITES.none().count() == 0,
    "slice of a view": lambda c: len(SITES.visible_to(c.paula)[:1]) == 1,
    "a further permission": lambda c: SITES.visible_to(c.carla, "studies.change_studysite").count() == 0,
    "everything": lambda c: sum(1 for _ in _all_sites()) == 3,
    "forward key": lambda c: SITES.visible_to(c.carla).get().country.study == c.vel,
    "select_related": lambda c: (
        SITES.visible_to(c.carla).select_related("country__nation").get().country.nation_id == "ES"
    ),
    "reverse relation, narrowed": lambda c: c.vel.identifiers.visible_to(c.paula).count() == 1,
    "Prefetch with a view": lambda c: prefetched(c) == ["NCT01234567"],
    "refresh": lambda c: c.madrid.refresh_from_db() is None,
    "history, narrowed": lambda c: (
        c.madrid.events.visible_to(c.carla).count() == 1 and c.madrid.events.visible_to(c.chris).count() == 0
    ),
    "a subquery of a view": lambda c: (
        Study.objects.visible_to(c.paula).filter(pk__in=SITES.visible_to(c.paula).values("study")).count()
        == 1
    ),
}


def _all_sites():
    with everything("a test counts them"):
        return list(SITES.all())


@pytest.mark.parametrize("use", ALLOWED)
def test_what_somebody_chose_is_read(cast, plan, use):
    assert ALLOWED[use](cast)


def test_records_are_made_saved_and_removed_without_choosing(cast, plan):
    with acting_as(cast.paula, reason="Not needed at screening"):
        cast.madrid.number = "2004"
        cast.madrid.save()
        plan.delete()
        SITES.bulk_create([StudySite(country=cast.germany, organization=cast.hospital_krakow, number="9")])
    assert SITES.visible_to(cast.carla).get().number == "2004"
    assert not PlannedVisitActivity.objects.visible_to(cast.paula).exists()
    assert SITES.visible_to(cast.paula).get(number="9").study == cast.vel, (
        "the place is the trigger's to fill"
    )


def test_uniqueness_is_checked_against_rows_the_person_does_not_see(cast):
    twin = StudySite(country=cast.poland, organization=cast.hospital_madrid, number="4001")
    with pytest.raises(ValidationError, match="Another site of this study has this number"):
        twin.full_clean()
    StudySite(country=cast.poland, organization=cast.hospital_madrid, number="4002").full_clean()


def test_everything_ends_with_its_block(cast):
    with everything("outer"):
        with everything("inner"):
            assert SITES.count() == 3
        assert SITES.count() == 3
    with pytest.raises(ScopeNotChosen, match=r"studies\.StudySite: call visible_to"):
        SITES.count()


def test_an_assignment_is_read_freely_because_it_is_the_grant(cast):
    assert StudyAssignment.objects.filter(user=cast.paula).count() == 1
