"""The people and places every test speaks of.

Two sponsors. Northwind's studies VEL-301 (Spain and Germany) and KIN-204; Meridian's COR-207 (Poland).
Paula manages VEL-301, Lena leads it, Carla monitors its Madrid site, Chris its Berlin site; Uma is
unblinded there with Ursula as her lead; Quentin is quality and reads everything; Sam is at Northwind,
Simone at Meridian; Ada administers; Stella has an account and no assignment at all. Pavel manages COR-207.
On VEL-301 Sue opens sites, Tara keeps the trial master file, Fiona and Felix do its payments, Milo is its medical
monitor, and Ingrid inspects it for a while. Fergus does the payments of COR-207. Harriet is head of operations: she
reads every study and does nothing in any.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.auth.models import Permission

from ctms.access.models import PortfolioAssignment
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from directory.models import Country, Organization
from studies.models import Study, StudyCountry, StudySite
from studies.services.team import ASSIGNMENT_AT

PASSWORD = "Correct-Horse-7-Battery"
ZONE = "Europe/Madrid"  # where all of them work
LONG_AGO = datetime.date(2024, 1, 1)
FAR_AHEAD = datetime.date(2099, 12, 31)
PEOPLE = {
    "paula": "Paula Marsh",
    "lena": "Lena Brandt",
    "carla": "Carla Ruiz",
    "chris": "Chris Vogel",
    "uma": "Uma Okafor",
    "ursula": "Ursula Keller",
    "quentin": "Quentin Hale",
    "sam": "Sam Rivers",
    "simone": "Simone Petit",
    "ada": "Ada Lind",
    "stella": "Stella Stranger",
    "pavel": "Pavel Novak",
    "sue": "Sue Tanaka",
    "tara": "Tara Nowak",
    "fiona": "Fiona Grant",
    "felix": "Felix Moser",
    "fergus": "Fergus Doyle",
    "milo": "Milo Andersen",
    "ingrid": "Ingrid Sand",
    "harriet": "Harriet Long",
}


# (who, role, where, more)
ASSIGNMENTS = (
    ("paula", "project_manager", "vel", {}),
    ("lena", "clinical_lead", "vel", {}),
    ("carla", "cra", "madrid", {}),
    ("chris", "cra", "berlin", {}),
    ("uma", "cra", "vel", {"unblinded": True}),
    ("ursula", "clinical_lead", "vel", {"unblinded": True}),
    ("sam", "sponsor", "vel", {}),
    ("simone", "sponsor", "cor", {}),
    ("pavel", "project_manager", "cor", {}),
    ("sue", "start_up", "vel", {}),
    ("tara", "tmf_specialist", "vel", {}),
    ("fiona", "finance", "vel", {}),
    ("felix", "finance", "vel", {}),
    ("fergus", "finance", "cor", {}),
    ("milo", "medical_monitor", "vel", {}),
    ("ingrid", "inspector", "vel", {"ends_on": FAR_AHEAD}),
)
EVERYWHERE = (
    ("quentin", "quality", {}),
    ("harriet", "operations_head", {}),
    ("ada", "administrator", {"unblinded": True}),
)


@dataclass
class Cast:
    """Named people and places; `cast.fresh("carla")` is a new request's user object."""

    people: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)

    def __getattr__(self, name):
        for shelf in ("people", "places"):
            if name in self.__dict__.get(shelf, {}):
                return self.__dict__[shelf][name]
        raise AttributeError(name)

    def fresh(self, name):
        return User.objects.get(username=name)


def bring_on_stage():
    """Create the cast; returns it."""
    system = User.objects.system()
    cast = Cast()
    with acting_as(system, reason="The cast of the tests"):
        cast.people |= _people()
        _places(cast)
        _assignments(cast)
    return cast


def _people():
    users = []
    for username, name in PEOPLE.items():
        first, last = name.split(" ", 1)
        user = User(
            username=username,
            first_name=first,
            last_name=last,
            email=f"{username}@example.org",
            time_zone=ZONE,
            identity_verified_on=LONG_AGO,
            signature_statement_on=LONG_AGO,
        )
        user.set_password(PASSWORD)
        users.append(user)
    return {user.username: user for user in User.objects.bulk_create(users)}


def _places(cast):
    places = cast.places
    for key, name, kind in (
        ("northwind", "Northwind Therapeutics", "SPONSOR"),
        ("meridian", "Meridian Biosciences", "SPONSOR"),
        ("hospital_madrid", "Hospital Clínico de Chamberí", "HOSPITAL"),
        ("hospital_berlin", "Klinikum am Fließ", "HOSPITAL"),
        ("hospital_krakow", "Szpital Pod Wawelem", "HOSPITAL"),
    ):
        places[key] = Organization.objects.create(name=name, kind=kind)
    for key, number, sponsor in (
        ("vel", "VEL-301", "northwind"),
        ("kin", "KIN-204", "northwind"),
        ("cor", "COR-207", "meridian"),
    ):
        places[key] = Study.objects.create(
            protocol_number=number,
            short_name=number.title(),
            sponsor=places[sponsor],
            title=f"Study {number}",
        )
    for key, study, code in (("spain", "vel", "ES"), ("germany", "vel", "DE"), ("poland", "cor", "PL")):
        places[key] = StudyCountry.objects.create(study=places[study], nation=Country.objects.get(pk=code))
    for key, country, hospital, number in (
        ("madrid", "spain", "hospital_madrid", "2003"),
        ("berlin", "germany", "hospital_berlin", "1001"),
        ("krakow", "poland", "hospital_krakow", "4001"),
    ):
        places[key] = StudySite.objects.create(
            country=places[country], organization=places[hospital], number=number
        )


def _assignments(cast):
    """
    Write at once what the services of the team write one by one; that it is the same, tests/studies/test_cast.py says.

    Nearly every test begins here, and one by one it took four fifths of the cast's 360 queries.
    """
    permissions = {
        (one.codename, one.content_type.model): one
        for one in Permission.objects.filter(codename__startswith="act_as_").select_related("content_type")
    }
    rows = defaultdict(list)
    for who, role, where, more in ASSIGNMENTS:
        place = cast.places[where]
        model = ASSIGNMENT_AT[type(place).__name__]
        rows[model].append(
            model(
                user=cast.people[who],
                permission=permissions[f"act_as_{role}", place._meta.model_name],
                content_object=place,
                starts_on=LONG_AGO,
                trained_on=LONG_AGO,
                **more,
            )
        )
    for who, role, more in EVERYWHERE:
        rows[PortfolioAssignment].append(
            PortfolioAssignment(
                user=cast.people[who], role=role, starts_on=LONG_AGO, trained_on=LONG_AGO, **more
            )
        )
    for model, found in rows.items():
        model.objects.bulk_create(found)
