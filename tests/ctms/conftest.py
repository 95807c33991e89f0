"""What tests of the kernel share: records of the studies app on which its rules are tried."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from ctms.signatures.proving import prove
from ctms.workflow.engine import perform
from finance.models import Payee, SiteAgreement
from studies.models import (
    Activity,
    Epoch,
    Milestone,
    PlannedVisit,
    PlannedVisitActivity,
    StudyIdentifier,
)
from subjects.models import SubjectVisit
from tests.architecture.test_blinding import House
from tests.cast import LONG_AGO, PASSWORD
from tests.monitoring.conftest import bring_investigator

TODAY = datetime.date(2026, 3, 17)


def refusal_of(sql, *params):
    """Run SQL as the product's role; return the first line of the refusal, or '' when it went through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError as refused:
        return str(refused).splitlines()[0]
    return ""


@pytest.fixture
def milestone(cast):
    """A milestone of VEL-301 nobody has published."""
    with acting_as(cast.paula, reason="The sponsor agreed"):
        return Milestone.objects.create(study=cast.vel, name="Kick-off", kind="KICK_OFF", planned_on=TODAY)


@pytest.fixture
def plan(cast):
    """A planned visit of VEL-301 with one activity, and the cross between them."""
    with acting_as(cast.paula, reason="The protocol's plan"):
        activity = Activity.objects.create(study=cast.vel, name="Vital signs", key="A1")
        visit = PlannedVisit.objects.create(
            study=cast.vel, name="Screening", epoch=Epoch.objects.create(study=cast.vel, name="Run-in")
        )
        cross = PlannedVisitActivity.objects.create(planned_visit=visit, activity=activity)
        StudyIdentifier.objects.create(study=cast.vel, kind="NCT", value="NCT01234567")
    return cross


@pytest.fixture
def initiated(cast, monkeypatch):
    """The Madrid site, brought to where only the signed green light is missing."""
    monkeypatch.setattr("studies.workflows.activating.ACTIVATION_REQUIREMENTS", [])
    for name in ("qualify", "select", "start_up", "initiate"):
        perform(cast.madrid, name, actor=cast.sue, happened_on=LONG_AGO, reason="Trained elsewhere")
    cast.madrid.refresh_from_db()
    return cast.madrid


@pytest.fixture
def activated(cast, initiated):
    """The Madrid site with its signed green light."""
    proof = prove(cast.paula, password=PASSWORD)
    perform(initiated, "activate", actor=cast.paula, happened_on=LONG_AGO, proof=proof)
    initiated.refresh_from_db()
    return initiated


@pytest.fixture
def api(client, cast):
    """Return a function that calls the API as somebody, with a token of theirs."""

    def call(who, method, path, *, headers=None, **options):
        secret = create_token(user=cast.people[who], name="test")
        body = {} if method == "get" else {"content_type": "application/json"}
        headers = {"Authorization": f"Bearer {secret}", **(headers or {})}
        return getattr(client, method)(f"/api/v1/{path}", headers=headers, **body, **options)

    return call


@pytest.fixture
def house(cast, monkeypatch):
    """A row of nearly every kind in VEL-301, unblinded ones too."""
    monkeypatch.setattr("monitoring.tasks.print_report", lambda report: b"%%PDF-1.7 %d" % report.pk)
    monkeypatch.setattr("monitoring.tasks.print_letter", lambda letter: b"%%PDF-1.7 letter %d" % letter.pk)
    bring_investigator(cast)
    made = House(cast).furnish().work_unblinded()
    with acting_as(cast.paula, reason="More kinds"):
        Milestone.objects.create(study=cast.vel, name="Kestrel shown", published=True)
        Milestone.objects.create(study=cast.vel, name="Kestrel hidden")
        Payee.objects.create(site=cast.madrid, legal_name="Fundación Alba", nation_id="ES", currency="EUR")
        SiteAgreement.objects.create(site=cast.madrid, reference="CTA-77", parties="A\nB", currency="EUR")
        SubjectVisit.objects.create(
            subject=made.subject, site=cast.madrid, kind="UNSCHEDULED", name="Fall", occurred_on=LONG_AGO
        )
    return made
