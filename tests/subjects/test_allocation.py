"""What a subject was allocated to is the circle's alone: on pages, in exports, in the API, in history, in reports."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from ctms.audit.trail import AUDITED
from ctms.imports.models import ImportRun
from studies.models import Arm
from subjects import services
from subjects.imports import bring_files
from subjects.models import Allocation
from tests.subjects.conftest import after
from tests.subjects.files import sheets

SECRET, KIT = "Velatorib 200 mg", "KIT-77123"
BLINDED = ("carla", "lena", "paula", "quentin", "milo", "ingrid", "fiona", "sam")


@pytest.fixture
def arm(cast, clinic):
    with acting_as(User.objects.system(), reason="The arms of the tests"):
        return Arm.objects.create(study=cast.vel, name=SECRET, sequence=1)


def allocated(clinic, arm, subject=None):
    subject = subject or clinic.randomised()
    return services.record_allocation(
        actor=clinic.person("uma"), subject=subject, arm=arm, kit_number=KIT, allocated_on=after(14)
    )


def test_the_circle_sees_an_allocation_and_nobody_else(clinic, cast, arm, assert_sees):
    allocation = allocated(clinic, arm)
    assert allocation.unblinded
    event = AUDITED["subjects.Allocation"].event_model
    for who in ("uma", "ursula"):
        assert_sees(cast.people[who], visible=[allocation])
        assert event.objects.visible_to(cast.people[who]).count() == 1
    for who in BLINDED:
        assert_sees(cast.people[who], hidden=[allocation])
        assert event.objects.visible_to(cast.people[who]).count() == 0


@pytest.mark.parametrize("masking", ["", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE"])
def test_a_study_that_does_not_say_it_is_open_is_masked(clinic, cast, arm, masking):
    with acting_as(User.objects.system(), reason="What the study says"):
        cast.vel.masking = masking
        cast.vel.save()
    subject = clinic.randomised()
    with pytest.raises(PermissionDenied):
        services.record_allocation(actor=cast.carla, subject=subject, arm=arm)
    assert allocated(clinic, arm, subject).unblinded


def test_in_an_open_study_the_cra_records_and_sees(clinic, cast, arm, assert_sees):
    with acting_as(User.objects.system(), reason="What the study says"):
        cast.vel.masking = "NONE"
        cast.vel.save()
    subject = clinic.randomised()
    allocation = services.record_allocation(actor=cast.carla, subject=subject, arm=arm)
    assert_sees(cast.carla, visible=[allocation])
    assert_sees(cast.sam, hidden=[allocation])


def _pages(subject):
    return (
        f"/subjects/{subject.pk}/", f"/subjects/{subject.pk}/history/", "/subjects/", "/subjects/?export=csv",
        f"/studies/{subject.study_id}/subjects/", f"/studies/{subject.study_id}/subject-matrix/", "/subject-visits/",
        "/allocations/", "/allocations/?export=csv", f"/consents/?q={subject.number}", "/journal/",
    )  # fmt: skip


@pytest.mark.parametrize("who", ["carla", "lena", "paula", "quentin"])
def test_no_page_and_no_export_tells_the_blinded(clinic, cast, arm, client, who):
    allocation = allocated(clinic, arm)
    client.force_login(cast.people[who])
    for address in _pages(allocation.subject):
        answer = client.get(address)
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert KIT not in text, address
        assert "Open the allocation" not in text, address
    assert client.get(f"/allocations/{allocation.pk}/").status_code == 404
    client.force_login(cast.uma)
    assert "Open the allocation" in client.get(f"/subjects/{allocation.subject.pk}/").content.decode()
    assert KIT in client.get(f"/allocations/{allocation.pk}/").content.decode()


def test_the_api_tells_the_blinded_nothing(clinic, cast, arm, client):
    allocation = allocated(clinic, arm)
    for who, seen in (("carla", 0), ("paula", 0), ("uma", 1)):
        client.force_login(cast.people[who])
        body = client.get("/api/v1/allocations/").json()
        assert len(body["results"]) == seen, who
        for slug in ("subjects", "subject-visits", "consents"):
            text = client.get(f"/api/v1/{slug}/").content.decode()
            assert KIT not in text
            assert SECRET not in text
    assert allocation.arm == arm


def test_a_blinded_person_brings_a_file_with_arms_and_learns_and_stores_nothing(clinic, cast, arm):
    report = bring_files(actor=cast.lena, study=cast.vel, files=sheets("csv"), now=timezone.now())
    assert report.errors == []
    assert report.counts["subjects"]["created"] == 3
    told = " ".join(report.notes)
    assert "unblinded team" in told
    assert "Placebo" not in told
    with everything("the test looks at all of it"):
        assert Allocation.objects.count() == 0
        assert "Placebo" not in str(list(ImportRun.objects.values_list("unresolved", "created")))
    report = bring_files(actor=cast.ursula, study=cast.vel, files=sheets("csv"), now=timezone.now())
    assert report.errors == []
    assert set(Allocation.objects.visible_to(cast.uma).values_list("arm_label", flat=True)) == {
        "Active",
        "Placebo",
    }
    assert not Allocation.objects.visible_to(cast.lena).exists()
    with everything("the test looks at all of it"):
        assert "llocation" not in str(list(ImportRun.objects.order_by("-pk").values_list("created")[:1]))


@pytest.mark.parametrize("who", ["carla", "lena"])
def test_the_form_and_the_api_answer_the_blinded_alike_whether_there_is_one_or_not(
    clinic, cast, arm, client, who
):
    one, other = allocated(clinic, arm).subject, clinic.randomised("2003-002")
    client.force_login(cast.people[who])
    told = {}
    for subject in (one, other):
        sent = {"subject": subject.pk, "arm": arm.pk, "allocated_on": after(14).isoformat()}
        page = client.post("/allocations/new/", sent)
        assert "already exists" not in page.content.decode()
        answer = client.post("/api/v1/allocations/", sent, content_type="application/json")
        told[subject] = (page.status_code, answer.status_code, answer.json())
    assert told[one] == told[other]
    assert told[one][1] == 403
    offered = client.get("/allocations/new/").content.decode()
    assert one.number not in offered
    assert other.number not in offered


def test_the_circle_is_told_by_page_and_api_that_there_is_one(clinic, cast, arm, client):
    subject = allocated(clinic, arm).subject
    client.force_login(cast.uma)
    sent = {"subject": subject.pk, "arm": arm.pk, "allocated_on": after(14).isoformat()}
    assert "already exists" in client.post("/allocations/new/", sent).content.decode()
    answer = client.post("/api/v1/allocations/", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/subject")
