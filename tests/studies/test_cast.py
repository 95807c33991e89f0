"""The cast is put to work at once, by rows; the services of the team would have written the same ones."""

from django.db import transaction

from ctms.access.models import PortfolioAssignment
from ctms.access.scoping import everything
from ctms.accounts.models import User
from studies.services.team import ASSIGNMENT_AT, assign, assign_everywhere
from tests import cast as casting
from tests.cast import ASSIGNMENTS, EVERYWHERE, LONG_AGO, bring_on_stage


def standing():
    """Return every assignment without its key and its history."""
    found = []
    with everything("the test compares all of them"):
        for model in (*ASSIGNMENT_AT.values(), PortfolioAssignment):
            for row in model.objects.select_related("user").order_by("pk"):
                values = {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields}
                del values["id"], values["user"]
                values.pop("content_object", None)
                place = str(getattr(row, "content_object", ""))
                found.append((model.__name__, row.user.username, place, values))
    return found


def test_the_cast_is_assigned_as_the_services_would(db, monkeypatch):
    def one_by_one(cast):
        system = User.objects.system()
        for who, role, where, more in ASSIGNMENTS:
            assign(actor=system, user=cast.people[who], role=role, place=cast.places[where], starts_on=LONG_AGO,
                   trained_on=LONG_AGO, **more)  # fmt: skip
        for who, role, more in EVERYWHERE:
            assign_everywhere(actor=system, user=cast.people[who], role=role, starts_on=LONG_AGO, **more)

    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr(casting, "_assignments", one_by_one)
        bring_on_stage()
        by_services = standing()
        transaction.set_rollback(True)
    assert standing() == []
    bring_on_stage()
    assert standing() == by_services
    assert len(by_services) == len(ASSIGNMENTS) + len(EVERYWHERE)
