"""
The life of the sites between their visits: who works there, who led the site before, what was said on the telephone,
and the letters around the visits of the stage. Everything through the services of the pages.
"""

import datetime

from ctms.workflow.engine import perform
from directory.models import Person
from monitoring import services as monitoring
from monitoring.models import MonitoringVisit
from sites import services
from sites.models import SiteRole, SiteStaff

STAFF = (
    # site, role, title, given, family, begins days ago, tasks, GCP expires in days
    (
        "2001",
        SiteRole.STUDY_COORDINATOR,
        "",
        "Marta",
        "Soler",
        395,
        ("DATA_ENTRY", "QUERIES", "CONSENT"),
        410,
    ),
    ("2001", SiteRole.SUB_INVESTIGATOR, "Dr", "Jorge", "Pons", 390, ("ELIGIBILITY", "ADVERSE_EVENTS"), 43),
    ("2001", SiteRole.PHARMACIST, "", "Elena", "Rius", 390, ("DISPENSING", "ACCOUNTABILITY"), 300),
    ("2002", SiteRole.STUDY_COORDINATOR, "", "Sergi", "Mas", 380, ("DATA_ENTRY", "QUERIES"), 22),
    ("2002", SiteRole.SUB_INVESTIGATOR, "Dr", "Nuria", "Peris", 380, ("ELIGIBILITY", "EXAMINATION"), 520),
    ("2003", SiteRole.STUDY_COORDINATOR, "", "Alba", "Campos", 350, ("DATA_ENTRY", "REGULATORY"), 260),
    ("1001", SiteRole.STUDY_COORDINATOR, "", "Birgit", "Fahl", 370, ("DATA_ENTRY", "BLOOD_DRAW"), 190),
    ("1002", SiteRole.STUDY_COORDINATOR, "", "Nils", "Kramer", 340, ("DATA_ENTRY",), 88),
    ("4001", SiteRole.STUDY_COORDINATOR, "", "Iwona", "Kruk", 330, ("DATA_ENTRY", "QUERIES"), 150),
    ("4001", SiteRole.SUB_INVESTIGATOR, "Dr", "Piotr", "Walczak", 330, ("ADVERSE_EVENTS",), 640),
    ("4002", SiteRole.STUDY_COORDINATOR, "", "Kamila", "Bury", 40, ("REGULATORY",), 700),
)
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
    ("cra2", "1001", 4, "E_MAIL", "OUT", "Birgit Fahl", "SAMPLES",
     "New courier times from Monday; she confirmed she has the labels."),
    ("cra2", "1002", 5, "TELEPHONE", "IN", "Nils Kramer", "VISIT",
     "The investigator is ill; the visit of this week cannot take place. A new date follows."),
    ("cra2", "4001", 8, "TELEPHONE", "OUT", "Iwona Kruk", "SAFETY",
     "Reminded of the follow-up of the serious event of last month; the discharge letter is asked for."),
    ("ssu", "4002", 2, "E_MAIL", "IN", "Kamila Bury", "CONTRACT",
     "The hospital's lawyer returned the agreement with two comments on liability."),
    ("ssu", "4002", 9, "TELEPHONE", "OUT", "Dr Adam Sowa", "DOCUMENTS",
     "Signed protocol page is on its way; the financial disclosure form is still missing."),
    ("ssu", "3002", 7, "TELEPHONE", "OUT", "Secretary of Dr Uribe", "OTHER",
     "Not in the clinic until Thursday; call again."),
)  # fmt: skip


def play(stage):
    """Tell of the people, the talks and the letters of the sites; the stage has its places and visits already."""
    _staff(stage)
    _new_investigator(stage)
    _contacts(stage)
    _letters(stage)


def _ago(stage, days):
    return stage.on - datetime.timedelta(days=days)


def _staff(stage):
    for number, role, title, given, family, since, tasks, expires in STAFF:
        site = stage.places[number]
        person = Person.objects.create(
            title=title, given_name=given, family_name=family, organization=site.organization
        )
        expires_on = stage.on + datetime.timedelta(days=expires)
        SiteStaff.objects.create(
            site=site,
            person=person,
            role=role,
            starts_on=_ago(stage, since),
            tasks=list(tasks),
            cv_dated_on=_ago(stage, since + 20),
            gcp_trained_on=expires_on - datetime.timedelta(days=3 * 365),
            gcp_expires_on=expires_on,
        )


def _new_investigator(stage):
    """In Valencia the sub-investigator took the site over."""
    successor = Person.objects.get(given_name="Nuria", family_name="Peris")
    services.replace_principal_investigator(
        actor=stage.people["lead"],
        site=stage.places["2002"],
        person=successor,
        starts_on=_ago(stage, 34),
        reason="The investigator moved to another hospital",
    )


def _contacts(stage):
    for who, number, days, kind, direction, with_whom, topic, text in CONTACTS:
        # The start-up specialist works on one study; the other study's lead calls for it.
        actor = stage.people["lead" if number == "3002" else who]
        services.record_contact(
            actor=actor,
            today=stage.on,
            site=stage.places[number],
            happened_on=stage.day(-days),
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


def _letters(stage):
    """Sent and filed ones, one acknowledged, two being written; what nobody wrote yet is late by itself."""
    _letter(stage, "2001", "IMV", "cra", "FOLLOW_UP", written=7, sent=6, acknowledged=4)
    _letter(stage, "1001", "IMV", "cra2", "FOLLOW_UP", written=5, sent=5)
    _letter(stage, "2002", "IMV", "cra", "FOLLOW_UP", written=3)
    _letter(stage, "2003", "IMV", "cra", "CONFIRMATION", written=2, sent=2)
    _letter(stage, "3001", "SIV", "cra", "CONFIRMATION", written=0)
    _letter(stage, "2001", "IMV", "ucra", "FOLLOW_UP", written=5, sent=4, unblinded=True)


def _letter(stage, number, visit_type, who, kind, *, written, sent=None, acknowledged=None, unblinded=False):
    person = stage.people[who]
    state = ("CONDUCTED",) if kind == "FOLLOW_UP" else ("PLANNED", "CONFIRMED")
    visits = MonitoringVisit.objects.filter(
        site=stage.places[number], visit_type=visit_type, status__in=state, unblinded=unblinded
    )
    visit = visits.filter(monitors__user=person).order_by("planned_start_on").first()
    letter = monitoring.write_letter(actor=person, on=_ago(stage, written), visit=visit, kind=kind)
    if sent is not None:
        letter = perform(letter, "send", actor=person, happened_on=_ago(stage, sent))
    if acknowledged is not None:
        perform(letter, "acknowledge", actor=person, happened_on=_ago(stage, acknowledged))
