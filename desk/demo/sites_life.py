"""
The life of the sites between their visits: who works there, who led the site before, and what was said on the
telephone. Everything through the services of the pages.
"""

import datetime

from directory.models import Person
from sites import services
from sites.models import SiteStaff

from . import staff
from .places import HAS_NO_VISITS
from .studies import PLANS

CONTACTS = (
    # who of us, site, days ago, kind, direction, with, topic, what was said
    ("cra", "2001", 1, "TELEPHONE", "OUT", "Marta Soler, Study coordinator", "RECRUITMENT",
     "Two patients come to screening next week; one more asked for the information sheet."),
    ("cra", "2001", 6, "E_MAIL", "IN", "Dr Jorge Pons", "ELIGIBILITY",
     "Asks whether topical steroids within 14 days exclude. Passed on to the medical monitor."),
    ("cra", "2002", 2, "TELEPHONE", "OUT", "Sergi Mas", "DATA",
     "Seven open queries older than ten days; he answers them by Friday."),
    ("cra", "2002", 19, "VIDEO", "OUT", "Dr Nuria Peris", "STAFF",
     "Walked her through the investigator's duties after the change; the delegation log was updated."),
    ("cra", "2003", 3, "TELEPHONE", "OUT", "Alba Campos", "VISIT",
     "Agreed the day of the next visit and the records to have ready."),
    ("cra", "2003", 12, "TELEPHONE", "OUT", "Alba Campos", "DATA",
     "Entry runs eleven days behind the visits; a second person helps from Monday on."),
    ("cra2", "1001", 4, "E_MAIL", "OUT", "Birgit Fahl", "SAMPLES",
     "New courier times from Monday; she confirmed she has the labels."),
    ("cra2", "1002", 5, "TELEPHONE", "IN", "Nils Kramer", "VISIT",
     "The investigator is ill; the visit of this week cannot take place. A new date follows."),
    ("cra2", "1002", 20, "E_MAIL", "IN", "Dr Anja Imhof", "STAFF",
     "The investigator leaves at the end of the quarter; enrolment stops until a successor is named."),
    ("cra2", "4001", 8, "TELEPHONE", "OUT", "Iwona Kruk", "SAFETY",
     "Reminded of the follow-up of the serious event of last month; the discharge letter is asked for."),
    ("cra2", "8001", 9, "TELEPHONE", "OUT", "Dr Jana Horáčková", "RECRUITMENT",
     "Nobody enrolled after five months. Two referring practices are written to; looked at again in four weeks."),
    ("cra2", "4003", 15, "VIDEO", "OUT", "Dr Marek Lasota", "RECRUITMENT",
     "Competing study took the first patients. He names a second clinic by the end of the month."),
    ("cra3", "5101", 3, "TELEPHONE", "OUT", "Study office", "DATA",
     "Last visits are entered; eleven queries of the data review are open."),
    ("cra3", "5102", 7, "E_MAIL", "OUT", "Dr Thomas Riedl", "VISIT",
     "Close-out visit agreed; list of what is to be ready was sent."),
    ("cra4", "6001", 2, "TELEPHONE", "IN", "Dr Dana Whitlock", "PRODUCT",
     "Asks how to return kits of two subjects who completed. Sent the form of the depot."),
    ("cra4", "6003", 7, "E_MAIL", "IN", "Dr Irene Castellan", "VISIT",
     "The airport is closed by snow; the visit is moved by two weeks."),
    ("cra4", "3401", 5, "VIDEO", "OUT", "Dr Fiona Macrae", "ELIGIBILITY",
     "One candidate had the last chemotherapy 19 days ago; comes back after the washout."),
    ("cra5", "7001", 4, "TELEPHONE", "OUT", "Dr Helen Marsh", "STAFF",
     "Introduced myself; the coordinator is on leave until Tuesday."),
    ("ssu", "4002", 2, "E_MAIL", "IN", "Kamila Bury", "CONTRACT",
     "The hospital's lawyer returned the agreement with two comments on liability."),
    ("ssu", "4002", 9, "TELEPHONE", "OUT", "Dr Adam Sowa", "DOCUMENTS",
     "Signed protocol page is on its way; the financial disclosure form is still missing."),
    ("ssu", "3201", 6, "E_MAIL", "OUT", "Contracts office", "CONTRACT",
     "Sent the third draft; the hospital asks for a higher overhead than the national template allows."),
    ("ssu", "3002", 7, "TELEPHONE", "OUT", "Secretary of Dr Uribe", "OTHER",
     "Not in the clinic until Thursday; call again."),
)  # fmt: skip


def play(stage):
    """Tell of the people of the sites and of the talks with them."""
    _staff(stage)
    _new_investigator(stage)
    _contacts(stage)


def _staff(stage):
    dice, rows = stage.dice("staff"), []
    for plan in PLANS:
        for site in plan.sites:
            if site.status in HAS_NO_VISITS or site.status == "UNDER_QUALIFICATION":
                continue
            named = staff.NAMED.get(site.number) or _made_up(site, dice)
            rows += [(plan, site, role, given, family, days) for role, given, family, days in named]
    # As many certificates end within sixty days as the table says.
    expiring = sum(days <= staff.EXPIRES_WITHIN for *_rest, days in rows)
    unnamed = [place for place, row in enumerate(rows) if row[1].number not in staff.NAMED]
    for place in dice.sample(unnamed, staff.EXPIRING - expiring):
        rows[place] = (*rows[place][:5], dice.randint(6, 58))
    for row in rows:
        _person(stage, *row)


def _made_up(site, dice):
    given, family = staff.GIVEN[site.country], staff.FAMILY[site.country]
    count = 2 if int(site.number) % 3 else 3
    for role, _title, _tasks in staff.ROLES[:count]:
        yield role, dice.choice(given), dice.choice(family), dice.randint(75, 900)


def _person(stage, plan, site, role, given, family, expires):
    record = stage.places[site.number]
    title, tasks = next((title, tasks) for name, title, tasks in staff.ROLES if name == role)
    person = Person.objects.create(
        title=title, given_name=given, family_name=family, organization=record.organization
    )
    began = min(site.selected - 40, plan.taken_over or site.selected)
    expires_on = stage.on + datetime.timedelta(days=expires)
    SiteStaff.objects.create(
        site=record,
        person=person,
        role=role,
        starts_on=stage.ago(began),
        tasks=list(tasks),
        cv_dated_on=stage.ago(began + 20),
        gcp_trained_on=expires_on - datetime.timedelta(days=3 * 365),
        gcp_expires_on=expires_on,
    )


def _new_investigator(stage):
    """In Valencia the sub-investigator took the site over."""
    successor = Person.objects.get(given_name="Nuria", family_name="Peris", title="Dr")
    services.replace_principal_investigator(
        actor=stage.people["lead"],
        site=stage.places["2002"],
        person=successor,
        starts_on=stage.ago(34),
        reason="The investigator moved to another hospital",
    )


def _contacts(stage):
    for who, number, days, kind, direction, with_whom, topic, text in CONTACTS:
        services.record_contact(
            actor=stage.people[who],
            today=stage.on,
            site=stage.places[number],
            happened_on=stage.day(-days, stage.places[number].country.nation_id),
            kind=kind,
            direction=direction,
            with_whom=with_whom,
            topic=topic,
            text=text,
        )
    services.record_contact(
        actor=stage.people["ucra"],
        today=stage.on,
        site=stage.places["2001"],
        happened_on=stage.day(-2),
        kind="TELEPHONE",
        with_whom="Elena Rius, Pharmacist",
        topic="PRODUCT",
        text="Kits 118 to 121 arrived; temperature log without excursion.",
        unblinded=True,
    )
