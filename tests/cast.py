"""The people and places every test speaks of.

Two sponsors. Northwind's studies VEL-301 (Spain and Germany) and KIN-204; Meridian's COR-207 (Poland).
Paula manages VEL-301, Lena leads it, Carla monitors its Madrid site, Chris its Berlin site; Uma is
unblinded there with Ursula as her lead; Quentin is quality and reads everything; Sam is at Northwind,
Simone at Meridian; Ada administers; Stella has an account and no assignment at all. Pavel manages COR-207.
On VEL-301 Sue opens sites, Tara keeps the trial master file, Fiona and Felix do its payments, Milo is its medical
monitor, and Ingrid inspects it for a while. Fergus does the payments of COR-207.
"""

import datetime
from dataclasses import dataclass, field

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from directory.models import Country, Organization
from studies.models import Study, StudyCountry, StudySite
from studies.services.team import assign, assign_everywhere

PASSWORD = "Correct-Horse-7-Battery"
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
}


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
        for username, name in PEOPLE.items():
            cast.people[username] = _person(username, name)
        _places(cast)
    _assignments(cast, system)
    return cast


def _person(username, name):
    first, last = name.split(" ", 1)
    user = User(
        username=username,
        first_name=first,
        last_name=last,
        email=f"{username}@example.org",
        time_zone="Europe/Madrid",
        identity_verified_on=LONG_AGO,
        signature_statement_on=LONG_AGO,
    )
    user.set_password(PASSWORD)
    user.save()
    return user


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


def _assignments(cast, system):
    def give(who, role, where, **more):
        assign(
            actor=system,
            user=cast.people[who],
            role=role,
            place=cast.places[where],
            starts_on=LONG_AGO,
            trained_on=LONG_AGO,
            **more,
        )

    give("paula", "project_manager", "vel")
    give("lena", "clinical_lead", "vel")
    give("carla", "cra", "madrid")
    give("chris", "cra", "berlin")
    give("uma", "cra", "vel", unblinded=True)
    give("ursula", "clinical_lead", "vel", unblinded=True)
    give("sam", "sponsor", "vel")
    give("simone", "sponsor", "cor")
    give("pavel", "project_manager", "cor")
    give("sue", "start_up", "vel")
    give("tara", "tmf_specialist", "vel")
    give("fiona", "finance", "vel")
    give("felix", "finance", "vel")
    give("fergus", "finance", "cor")
    give("milo", "medical_monitor", "vel")
    give("ingrid", "inspector", "vel", ends_on=FAR_AHEAD)
    assign_everywhere(actor=system, user=cast.people["quentin"], role="quality", starts_on=LONG_AGO)
    assign_everywhere(
        actor=system, user=cast.people["ada"], role="administrator", starts_on=LONG_AGO, unblinded=True
    )
