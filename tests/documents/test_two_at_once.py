"""Two workers see at the same moment which documents stand for what is expected."""

import threading

from django.db import connections

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.workflow.engine import adopt
from documents import services
from documents.calculations import match
from documents.models import ExpectedDocument
from documents.services import expecting
from studies.models import StudySite
from tests.cast import LONG_AGO, bring_on_stage

from .conftest import DAY, File


def test_two_workers_who_match_at_once_move_each_expected_document_once(committed_database, monkeypatch):
    cast = bring_on_stage()
    with acting_as(User.objects.system(), reason="A site of a test"):
        cast.places["zaragoza"] = StudySite.objects.create(
            country=cast.spain, organization=cast.hospital_madrid, number="2009"
        )
        adopt(cast.zaragoza, "SELECTED", actor=User.objects.system(), reason="test", happened_on=LONG_AGO)
    services.bring_expectations(cast.vel, on=DAY)
    File(cast).approved(place="zaragoza")
    both_have_read, outcomes = threading.Barrier(2), []

    def match_side_by_side(*facts):
        try:
            both_have_read.wait(timeout=2)
        except threading.BrokenBarrierError:
            pass  # the other one waits until this one is done
        return match(*facts)

    def work():
        try:
            services.match_expectations(cast.vel, on=DAY)
            outcomes.append("matched")
        except Exception as refusal:
            outcomes.append(str(refusal))
        finally:
            connections.close_all()

    monkeypatch.setattr(expecting, "match", match_side_by_side)
    workers = [threading.Thread(target=work) for _place in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert outcomes == ["matched", "matched"]
    with everything("what was matched"):
        found = ExpectedDocument.objects.filter(
            study=cast.vel, artifact__number="05.02.04", site=cast.zaragoza
        )
        assert [row.status for row in found] == ["FULFILLED"]
