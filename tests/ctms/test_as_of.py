"""What was on record on a past day is read from history: as it stood, narrowed to who reads, in one query."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.as_of import count_as_of, database_now, end_of_day, named_as_of, remembered_since, rows_as_of
from ctms.audit.context import acting_as
from directory.models import Organization
from documents.models import Artifact, Document
from documents.services import classify_document
from monitoring import services
from monitoring.models import MonitoringVisit, VisitMonitor
from studies.models import Milestone, Study, StudySite
from tests.cast import bring_on_stage
from tests.documents.conftest import File
from tests.monitoring.conftest import Stage, bring_investigator

DAY = datetime.date(2026, 3, 17)


@pytest.fixture
def committed(committed_database):
    """The cast where each change is a transaction of its own, and so has its own instant."""
    return bring_on_stage()


def stood(user, model, moment, study, **place):
    return rows_as_of(user, model, moment, at={"study": study.pk, **place})


def milestone(cast, by="paula", **values):
    with acting_as(cast.people[by], reason="The plan"):
        return Milestone.objects.create(study=cast.vel, name="Kick-off", planned_on=DAY, **values)


def changed(cast, record, by="paula", **values):
    with acting_as(cast.people[by], reason="As agreed"):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def test_a_row_stands_as_it_stood_between_its_changes(committed):
    cast = committed
    before = database_now()
    one = milestone(cast)
    made = database_now()
    changed(cast, one, planned_on=DAY + datetime.timedelta(days=30))
    moved = database_now()
    changed(cast, one, name="Sponsor kick-off")

    assert stood(cast.paula, Milestone, before, cast.vel) == []
    assert [(m.pk, m.name, m.planned_on) for m in stood(cast.paula, Milestone, made, cast.vel)] == [
        (one.pk, "Kick-off", DAY)
    ]
    (then,) = stood(cast.paula, Milestone, moved, cast.vel)
    assert (then.name, then.planned_on) == ("Kick-off", DAY + datetime.timedelta(days=30))
    assert then.slippage_days is None, "it is a milestone, with what milestones can say of themselves"
    (now,) = stood(cast.paula, Milestone, database_now(), cast.vel)
    assert now.name == "Sponsor kick-off"


def test_what_was_removed_since_was_there_before_and_is_not_there_after(committed):
    cast = committed
    bring_investigator(cast)
    visit = Stage(cast).planned(others=("lena",))
    with_both = database_now()
    services.change_monitors(
        actor=cast.carla, on=DAY, visit=visit, primary_monitor=cast.carla, reason="Lena is ill"
    )

    def monitors(user, moment):
        return [one.user_id for one in stood(user, VisitMonitor, moment, cast.vel)]

    assert monitors(cast.paula, with_both) == [cast.carla.pk, cast.lena.pk]
    assert monitors(cast.paula, database_now()) == [cast.carla.pk]
    assert monitors(cast.chris, with_both) == [], "it lies at another site than his"
    assert monitors(cast.pavel, with_both) == []


def test_the_past_is_narrowed_to_the_places_of_whoever_reads(committed):
    cast = committed
    now = database_now()

    def sites(user, **place):
        return [one.pk for one in stood(user, StudySite, now, cast.vel, **place)]

    assert sites(cast.paula) == [cast.madrid.pk, cast.berlin.pk]
    assert sites(cast.paula, country=cast.spain.pk) == [cast.madrid.pk]
    assert sites(cast.paula, site=cast.berlin.pk) == [cast.berlin.pk]
    assert sites(cast.carla) == [cast.madrid.pk]
    assert sites(cast.pavel) == sites(cast.stella) == []
    assert [one.pk for one in stood(cast.carla, Study, now, cast.vel)] == [cast.vel.pk]
    assert count_as_of(StudySite, now, cast.vel.pk) == 2


def test_nobody_learns_of_an_unblinded_visit_from_the_past(committed):
    cast = committed
    bring_investigator(cast)
    stage = Stage(cast)
    stage.planned()
    stage.planned("uma", unblinded=True)
    now = database_now()
    assert [one.unblinded for one in stood(cast.uma, MonitoringVisit, now, cast.vel)] == [False, True]
    for blinded in (cast.paula, cast.carla, cast.quentin):
        assert [one.unblinded for one in stood(blinded, MonitoringVisit, now, cast.vel)] == [False]


def test_what_was_moved_into_the_unblinded_circle_has_no_past_for_the_blinded(committed):
    cast = committed
    document = File(cast).uploaded()
    as_blind_safe = database_now()
    assert [one.pk for one in stood(cast.tara, Document, as_blind_safe, cast.vel)] == [document.pk]
    telling = Artifact.objects.filter(unblinded_by_default=True, reference_model__status="CURRENT").first()
    classify_document(actor=cast.tara, record=document, artifact=telling, document_date=DAY)
    assert stood(cast.tara, Document, as_blind_safe, cast.vel) == []
    assert [one.pk for one in stood(cast.uma, Document, as_blind_safe, cast.vel)] == [document.pk]


def test_a_sponsor_sees_of_the_past_what_was_published_then_and_is_published_still(committed):
    cast = committed
    one = milestone(cast)
    unpublished = database_now()
    changed(cast, one, published=True)
    shown = database_now()
    assert stood(cast.sam, Milestone, unpublished, cast.vel) == []
    assert [m.pk for m in stood(cast.sam, Milestone, shown, cast.vel)] == [one.pk]
    changed(cast, one, published=False)
    assert stood(cast.sam, Milestone, shown, cast.vel) == []


def test_a_name_is_the_name_of_that_time(committed):
    cast = committed
    then = database_now()
    changed(cast, cast.hospital_madrid, by="ada", name="Hospital Nuevo")
    wanted = {cast.hospital_madrid.pk, None}
    assert (
        named_as_of(Organization, then, wanted)[cast.hospital_madrid.pk].name
        == "Hospital Clínico de Chamberí"
    )
    assert named_as_of(Organization, database_now(), wanted)[cast.hospital_madrid.pk].name == "Hospital Nuevo"


def test_the_past_is_one_query_however_many_rows_there_are(committed):
    cast = committed
    for name in ("a", "b", "c"):
        changed(cast, milestone(cast), name=name)
    moment, reader = database_now(), cast.fresh("paula")
    assert reader.has_perm("studies.view_milestone")
    with CaptureQueriesContext(connection) as queries:
        assert len(stood(reader, Milestone, moment, cast.vel)) == 3
    assert len(queries) == 1


def test_the_memory_of_a_study_begins_with_its_first_line(committed):
    cast = committed
    since = remembered_since(cast.vel)
    changed(cast, cast.vel, short_name="Velvet")
    assert remembered_since(cast.vel) == since < database_now()
    assert since > remembered_since(User.objects.system()) - datetime.timedelta(days=1)


def test_a_day_ends_where_the_reader_is():
    madrid, tokyo = ZoneInfo("Europe/Madrid"), ZoneInfo("Asia/Tokyo")
    assert end_of_day(DAY, madrid).isoformat() == "2026-03-18T00:00:00+01:00"
    assert end_of_day(DAY, madrid) - end_of_day(DAY, tokyo) == datetime.timedelta(hours=8)
    # The last Sunday of March has 23 hours.
    assert end_of_day(datetime.date(2026, 3, 29), madrid).isoformat() == "2026-03-30T00:00:00+02:00"


def test_the_past_is_never_read_without_somebody_who_reads(committed):
    with everything("a rule reads all; the past still asks for whom"), pytest.raises(TypeError):
        rows_as_of(Milestone, database_now(), at={"study": committed.vel.pk})
