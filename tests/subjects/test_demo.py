"""The demo's subjects: enough of everything that the pages mean something, brought quickly."""

import datetime
import time

from django.utils import timezone

from ctms.access.scoping import everything
from desk.demo import budget, load, papers, payments, people, sites_life
from desk.demo.stage import Stage
from subjects.models import Allocation, Consent, Subject, SubjectVisit


def test_the_demo_has_subjects_in_every_state_and_visits_in_and_out_of_window(db, monkeypatch):
    took, play = [], people.play

    def timed(stage):
        began = time.monotonic()
        play(stage)
        took.append(time.monotonic() - began)

    # This chapter alone, without the monitor's visits before it and the chapters that take what it leaves.
    monkeypatch.setattr(Stage, "visits", lambda stage: None)
    monkeypatch.setattr(people, "play", timed)
    for later in (sites_life, papers, payments, budget):
        monkeypatch.setattr(later, "play", lambda stage: None)
    load()
    print(f"The demo's subjects took {took[0]:.1f} s")
    today = timezone.localdate()
    with everything("the demo is looked at as a whole"):
        subjects = Subject.objects.filter(study__protocol_number="VEL-301")
        consented, failed = subjects.count(), subjects.filter(status="SCREEN_FAILED").count()
        assert 55 <= consented <= 70
        assert 0.2 <= failed / consented <= 0.38, f"{failed} of {consented}"
        states = set(subjects.values_list("status", flat=True))
        assert states >= {"IN_SCREENING", "SCREEN_FAILED", "ON_TREATMENT", "COMPLETED", "WITHDRAWN"}
        visits = SubjectVisit.objects.filter(study__protocol_number="VEL-301")
        assert visits.out_of_window().count() >= 5
        assert visits.filter(status="MISSED").exists()
        week = (today - datetime.timedelta(days=3), today + datetime.timedelta(days=7))
        assert visits.filter(status="PLANNED", target_on__range=week).count() >= 3
        assert Consent.objects.filter(status="REQUIRED").count() == 2
        assert Allocation.objects.filter(study__protocol_number="VEL-301", unblinded=False).count() == 0
        assert Subject.objects.filter(study__protocol_number="COR-207").count() == 12
    assert took[0] < 30
