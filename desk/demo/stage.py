"""
The demo: two sponsors, three studies and the work of a few weeks, invented, written through the same services
as the pages. Dates are relative to today. This is the stage with its people, places and visits; what happens on
it in each room of the house stands in the chapters beside this module. The whole portfolio of a CRO comes with the
first pages.
"""

import datetime
import secrets
from dataclasses import dataclass

from django.conf import settings

from ctms.calendar.working_days import is_working_day
from ctms.numbering.models import Series
from ctms.signatures.proving import prove
from ctms.workflow.engine import adopt, perform
from directory.models import Country, Organization, Person
from monitoring import services as monitoring
from monitoring.models import MonitoringReport, MonitoringVisit
from sites.models import SiteRole, SiteStaff
from studies.models import (
    Activity,
    Arm,
    Epoch,
    Milestone,
    PlannedVisit,
    PlannedVisitActivity,
    ProtocolVersion,
    Study,
    StudyCountry,
    StudyIdentifier,
    StudySite,
)
from studies.services.team import assign, assign_everywhere

SOURCE = "Demo portfolio"


@dataclass(frozen=True)
class Login:
    """One demo login and what it is good for."""

    username: str
    name: str
    good_for: str
    zone: str = "Europe/Berlin"


LOGINS = (
    Login("pm", "Martha Quinn", "project manager of VEL-301 and KIN-204: plans, team, milestones, import"),
    Login("lead", "Jonas Reuter", "clinical lead of VEL-301: approves reports, classifies deviations"),
    Login(
        "cra",
        "Inés Calvo",
        "CRA of three Spanish sites: plans visits, writes and signs reports",
        "Europe/Madrid",
    ),
    Login("cra2", "Tomasz Wilk", "CRA of the Polish and German sites", "Europe/Warsaw"),
    Login("ucra", "Noor Haddad", "unblinded CRA of VEL-301: pharmacy visits nobody blinded knows of"),
    Login("ulead", "Greta Holm", "unblinded lead of VEL-301: approves the unblinded reports"),
    Login("qa", "Owen Pryce", "quality: reads every study, its history and its journal", "Europe/London"),
    Login(
        "ssu", "Livia Costa", "start-up specialist of VEL-301: opens sites, keeps agreements", "Europe/Madrid"
    ),
    Login("tmf", "Henrik Dahl", "TMF specialist: upload, review queue, what is missing"),
    Login(
        "finance", "Nadia Ferri", "finance of VEL-301: prepares payment runs, sponsor budget", "Europe/Rome"
    ),
    Login(
        "finance2", "Colm Byrne", "finance of VEL-301: approves what somebody else prepared", "Europe/London"
    ),
    Login("medical", "Dr Elif Arslan", "medical monitor of VEL-301: classifies deviations"),
    Login(
        "inspector", "Jeanne Roux", "inspector: reads VEL-301 for thirty days, everything she opens is logged"
    ),
    Login("sponsor", "Alice Moreau", "sponsor of VEL-301: sees what was published to her"),
    Login("sponsor2", "Ben Castle", "sponsor of COR-207: sees nothing of VEL-301", "Europe/London"),
    Login("admin", "Rosa Lindqvist", "administrator: reads everything, gives access, changes no record"),
)


def demo_password():
    """Return the demo's password, made once and kept beside the demo's other state."""
    path = settings.VAR / "demo_password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"demo-{secrets.token_hex(4)}-ctms")
        path.chmod(0o600)
    return path.read_text().strip()


class Stage:
    """Builds the portfolio step by step; every step is a service the pages call too."""

    def __init__(self, system, people, on):
        self.system, self.people, self.on = system, people, on
        self.places = {}

    def play(self):
        self.sponsors()
        self.vel()
        self.kin()
        self.cor()
        self.visits()

    def day(self, offset, country="ES"):
        """Return the working day nearest after today + offset: nobody visits a site on a holiday."""
        day = self.on + datetime.timedelta(days=offset)
        while not is_working_day(day, country):
            day += datetime.timedelta(days=1 if offset > 0 else -1)
        return day

    # --- places and people ----------------------------------------------------------------------------

    def sponsors(self):
        for key, name in (("halden", "Halden Therapeutics"), ("corvia", "Corvia Biosciences")):
            self.places[key] = Organization.objects.create(name=name, kind="SPONSOR", country_id="GB")

    def study(self, key, sponsor, number, **fields):
        study = Study.objects.create(sponsor=self.places[sponsor], protocol_number=number, **fields)
        self.places[key] = study
        return study

    def site(self, study, code, number, hospital, city, investigator, status):
        country, _new = StudyCountry.objects.get_or_create(study=study, nation=Country.objects.get(pk=code))
        organization = Organization.objects.create(name=hospital, kind="HOSPITAL", city=city, country_id=code)
        site = StudySite.objects.create(
            country=country, organization=organization, number=number, planned_enrolled=10
        )
        # Since when it stands so: what was due then is late by now, or there.
        since = self.day(-360 if status in ("ACTIVE", "ENROLMENT_HOLD", "ENROLMENT_CLOSED") else -55, code)
        if status != "IDENTIFIED":
            adopt(site, status, actor=self.system, reason=SOURCE, happened_on=since)
        if country.status == "PLANNED":
            adopt(
                country,
                "OPEN" if status in ("ACTIVE", "ENROLMENT_HOLD") else "START_UP",
                actor=self.system,
                reason=SOURCE,
                happened_on=since,
            )
        given, family = investigator.split(" ", 1)
        person = Person.objects.create(
            title="Dr", given_name=given, family_name=family, organization=organization
        )
        SiteStaff.objects.create(
            site=site, person=person, role=SiteRole.PRINCIPAL_INVESTIGATOR, starts_on=self.day(-400, code)
        )
        self.places[number] = site
        return site

    def give(self, who, role, place, **more):
        started = self.on - datetime.timedelta(days=400)
        assign(
            actor=self.system,
            user=self.people[who],
            role=role,
            place=self.places[place],
            starts_on=started,
            trained_on=started,
            **more,
        )

    # --- studies --------------------------------------------------------------------------------------

    def vel(self):
        study = self.study(
            "vel",
            "halden",
            "VEL-301",
            short_name="Velatorib in atopic dermatitis",
            title="A randomised, double-blind, placebo-controlled study of velatorib in adults with moderate to severe "
            "atopic dermatitis",
            phase="III",
            study_type="INTERVENTIONAL",
            therapeutic_area="Dermatology",
            indication="Atopic dermatitis",
            masking="DOUBLE",
            allocation="RANDOMIZED",
            planned_sites=9,
            planned_countries=3,
            planned_enrolled=150,
        )
        StudyIdentifier.objects.create(study=study, kind="NCT", value="NCT99030101")
        adopt(study, "RECRUITING", actor=self.system, reason=SOURCE, happened_on=self.day(-400))
        for code, number, hospital, city, investigator, status in (
            ("ES", "2001", "Hospital del Encinar", "Madrid", "Lucía Ferrán", "ACTIVE"),
            ("ES", "2002", "Clínica Bahía Azul", "Valencia", "Marc Oliver", "ACTIVE"),
            ("ES", "2003", "Hospital Sierra Norte", "Zaragoza", "Pilar Aznar", "ACTIVE"),
            ("DE", "1001", "Klinikum Lindenhof", "Köln", "Katrin Ebert", "ACTIVE"),
            ("DE", "1002", "Hautzentrum Elbtal", "Dresden", "Uwe Lorenz", "ENROLMENT_HOLD"),
            ("PL", "4001", "Szpital Nad Wisłą", "Kraków", "Ewa Zawada", "ACTIVE"),
            ("PL", "4002", "Klinika Zielony Park", "Wrocław", "Adam Sowa", "START_UP"),
        ):
            self.site(study, code, number, hospital, city, investigator, status)
        self.plan_of_vel(study)
        self.milestones_of_vel(study)
        self.give("pm", "project_manager", "vel")
        self.give("lead", "clinical_lead", "vel")
        for number in ("2001", "2002", "2003"):
            self.give("cra", "cra", number)
        for number in ("1001", "1002", "4001", "4002"):
            self.give("cra2", "cra", number)
        self.give("ucra", "cra", "vel", unblinded=True)
        self.give("ulead", "clinical_lead", "vel", unblinded=True)
        self.give("sponsor", "sponsor", "vel")
        for login, role in (
            ("ssu", "start_up"),
            ("tmf", "tmf_specialist"),
            ("finance", "finance"),
            ("finance2", "finance"),
            ("medical", "medical_monitor"),
        ):
            self.give(login, role, "vel")
        self.give("inspector", "inspector", "vel", ends_on=self.on + datetime.timedelta(days=30))
        long_ago = self.on - datetime.timedelta(days=400)
        assign_everywhere(actor=self.system, user=self.people["qa"], role="quality", starts_on=long_ago)
        assign_everywhere(
            actor=self.system,
            user=self.people["admin"],
            role="administrator",
            starts_on=long_ago,
            unblinded=True,
        )

    def plan_of_vel(self, study):
        version = ProtocolVersion.objects.create(study=study, label="2.0", dated_on=self.day(-150))
        adopt(version, "EFFECTIVE", actor=self.system, reason=SOURCE)
        for place, (name, kind) in enumerate(
            (("Velatorib 200 mg", "EXPERIMENTAL"), ("Placebo", "PLACEBO_COMPARATOR")), 1
        ):
            Arm.objects.create(study=study, sequence=place, name=name, kind=kind)
        epochs = {
            name: Epoch.objects.create(study=study, sequence=place, name=name)
            for place, name in enumerate(("Screening", "Treatment", "Follow-up"), 1)
        }
        activities = {
            name: Activity.objects.create(study=study, sequence=place, name=name)
            for place, name in enumerate(
                ("Informed consent", "Eligibility", "EASI score", "Blood sample", "Dispensing"), 1
            )
        }
        always = ("EASI score", "Blood sample")
        schedule: list[tuple] = [
            ("Screening", "Screening", -28, 0, 27, ("Informed consent", "Eligibility", *always))
        ]
        schedule += [("Day 1", "Treatment", 0, 0, 0, ("Eligibility", *always, "Dispensing"))]
        for week in (2, 4, 8, 12, 16, 20, 24):
            window = 3 if week <= 12 else 7
            schedule.append((f"Week {week}", "Treatment", 7 * week, window, window, (*always, "Dispensing")))
        schedule.append(("Follow-up week 28", "Follow-up", 196, 7, 7, always))
        for place, (name, epoch, offset, before, after, done) in enumerate(schedule, 1):
            visit = PlannedVisit.objects.create(
                study=study,
                sequence=place,
                name=name,
                epoch=epochs[epoch],
                offset_days=offset,
                window_before_days=before,
                window_after_days=after,
            )
            for activity in done:
                PlannedVisitActivity.objects.create(planned_visit=visit, activity=activities[activity])

    def milestones_of_vel(self, study):
        for kind, name, baseline, planned, actual in (
            ("CONTRACT_SIGNED", "Contract signed", -486, -486, -484),
            ("PROTOCOL_APPROVAL", "Final protocol approved", -450, -440, -441),
            ("FIRST_SITE_ACTIVATED", "First site activated", -340, -330, -329),
            ("FIRST_SUBJECT_IN", "First subject in", -310, -286, -286),
            ("OTHER", "Half of the subjects in", -95, -80, -71),
            ("OTHER", "Last site activated", -30, -6, None),
            ("OTHER", "Interim data review", 9, 12, None),
            ("LAST_SUBJECT_IN", "Last subject in", 70, 92, None),
            ("LAST_SUBJECT_LAST_VISIT", "Last subject last visit", 266, 290, None),
            ("DATABASE_LOCK", "Database lock", 315, 340, None),
        ):
            self.milestone(study, kind, name, baseline, planned, actual, published=kind != "OTHER")

    def milestone(self, study, kind, name, baseline, planned, actual, *, published=False):
        milestone = Milestone.objects.create(
            study=study,
            kind=kind,
            name=name,
            baseline_on=self.day(baseline),
            planned_on=self.day(planned),
            published=published,
        )
        if actual is not None:
            perform(milestone, "complete", actor=self.system, happened_on=self.day(actual))

    def kin(self):
        study = self.study(
            "kin",
            "halden",
            "KIN-204",
            short_name="Kinostat in second-line NSCLC",
            title="An open-label phase II study of kinostat in patients with previously treated non-small cell "
            "lung cancer",
            phase="II",
            study_type="INTERVENTIONAL",
            therapeutic_area="Oncology",
            indication="Non-small cell lung cancer",
            masking="NONE",
            planned_sites=10,
            planned_countries=5,
            planned_enrolled=40,
        )
        StudyIdentifier.objects.create(study=study, kind="NCT", value="NCT99020402")
        adopt(study, "START_UP", actor=self.system, reason=SOURCE, happened_on=self.day(-70))
        self.site(study, "ES", "3001", "Instituto Oncológico Alameda", "Sevilla", "Raúl Medina", "START_UP")
        self.site(study, "ES", "3002", "Hospital Puerta Nueva", "Bilbao", "Ane Uribe", "UNDER_QUALIFICATION")
        self.milestone(study, "FIRST_SITE_ACTIVATED", "First site activated", 20, 34, None)
        self.milestone(study, "FIRST_SUBJECT_IN", "First subject in", 45, 61, None)
        self.give("pm", "project_manager", "kin")
        self.give("lead", "clinical_lead", "kin")
        self.give("cra", "cra", "3001")

    def cor(self):
        study = self.study(
            "cor",
            "corvia",
            "COR-207",
            short_name="Corvasant in heart failure",
            title="A randomised, double-blind, dose-finding study of corvasant in heart failure with reduced "
            "ejection fraction",
            phase="II",
            study_type="INTERVENTIONAL",
            therapeutic_area="Cardiology",
            indication="Heart failure",
            masking="DOUBLE",
            planned_sites=12,
            planned_countries=4,
            planned_enrolled=96,
        )
        StudyIdentifier.objects.create(study=study, kind="NCT", value="NCT99020703")
        adopt(study, "RECRUITMENT_CLOSED", actor=self.system, reason=SOURCE, happened_on=self.day(-700))
        self.site(study, "PL", "5001", "Instytut Serca Mazowsze", "Warszawa", "Piotr Lis", "ENROLMENT_CLOSED")
        self.site(study, "DE", "5101", "Herzklinik am Wall", "Bremen", "Anke Sander", "ENROLMENT_CLOSED")
        self.milestone(
            study, "LAST_SUBJECT_LAST_VISIT", "Last subject last visit", 20, 30, None, published=True
        )
        self.milestone(study, "DATABASE_LOCK", "Database lock", 70, 80, None, published=True)
        self.give("cra2", "cra", "5001")
        self.give("sponsor2", "sponsor", "cor")

    # --- visits ---------------------------------------------------------------------------------------

    def visits(self):
        self.taken_over("2001", "SIV", -330)
        self.taken_over("2001", "IMV", -96)
        first = self.approved("2001", "IMV", -13, "cra", "Six subjects reviewed. The file is complete.", item=(
            "File the renewed laboratory certificate", 30))  # fmt: skip
        self.approved("2002", "IMV", -11, "cra", "Consent and eligibility in order; one finding on storage.", no=(
            "product_storage", "Two temperature readings were not recorded on two days; no excursion was seen."
        ), deviation=("2002-006", "WINDOW", "Week 8 visit five days after its window"))  # fmt: skip
        monitoring.show_to_sponsor(
            actor=self.people["lead"], report=first, shown=True, reason="Agreed with the sponsor"
        )
        self.approved("1001", "IMV", -12, "cra2", "Four subjects reviewed; data entry is current.")
        self.submitted(
            "1002", "FCV", -8, "cra2", "The storage of source documents was put right during the visit."
        )
        self.submitted(
            "2003", "IMV", -10, "cra", "Three subjects reviewed; one consent form to be corrected."
        )
        self.written("2002", "IMV", -5, "cra")
        self.conducted("4001", "IMV", -16, "cra2")
        self.planned("2001", "IMV", 30, "cra")
        self.planned("2003", "IMV", 8, "cra", confirm=True)
        self.planned("1001", "IMV", 36, "cra2")
        cancelled = self.planned("1002", "IMV", 5, "cra2")
        perform(
            cancelled,
            "cancel",
            actor=self.people["cra2"],
            reason="The investigator is ill; a new date follows",
        )
        self.planned("3001", "SIV", 27, "cra")
        self.approved(
            "2001",
            "IMV",
            -9,
            "ucra",
            "Kits and allocation agree with the pharmacy's records.",
            unblinded=True,
        )
        self.conducted("2002", "IMV", -4, "ucra", unblinded=True)
        monitoring.raise_action_item(
            actor=self.people["cra"],
            site=self.places["2002"],
            text="Send the signed delegation log of the new sub-investigator",
            opened_on=self.day(-45),
            due_on=self.day(-12),
        )

    def taken_over(self, number, visit_type, offset):
        """Enter a visit of the time before this system, as an import does: it has a past, and no report here."""
        site = self.places[number]
        day = self.day(offset, site.country.nation_id)
        visit = MonitoringVisit.objects.create(
            site=site,
            visit_type=visit_type,
            number=Series.next_of("monitoring-visit", site.pk, visit_type, "blinded"),
            method="ON_SITE",
            planned_start_on=day,
            planned_end_on=day,
            actual_start_on=day,
            actual_end_on=day,
        )
        adopt(visit, "CONDUCTED", actor=self.system, reason=SOURCE, happened_on=day)

    def planned(self, number, visit_type, offset, who, *, unblinded=False, confirm=False):
        site = self.places[number]
        first = self.day(offset, site.country.nation_id)
        visit = monitoring.plan_visit(
            actor=self.people[who],
            on=self.on,
            site=site,
            visit_type=visit_type,
            method="ON_SITE",
            planned_start_on=first,
            planned_end_on=first,
            primary_monitor=self.people[who],
            unblinded=unblinded,
        )
        return perform(visit, "confirm", actor=self.people[who]) if confirm else visit

    def conducted(self, number, visit_type, offset, who, *, unblinded=False):
        visit = self.planned(number, visit_type, offset, who, unblinded=unblinded, confirm=True)
        monitoring.conduct_visit(
            actor=self.people[who],
            visit=visit,
            started_on=visit.planned_start_on,
            ended_on=visit.planned_end_on,
        )
        return MonitoringReport.objects.select_related("visit").get(visit=visit)

    def written(self, number, visit_type, offset, who, *, unblinded=False, summary="", no=None):
        report = self.conducted(number, visit_type, offset, who, unblinded=unblinded)
        for place, (question, _answer) in enumerate(monitoring.questions_of(report)):
            value, comment = ("NOT_REVIEWED", "Planned for the next visit.") if place == 7 else ("YES", "")
            if no and question.key == no[0]:
                value, comment = "NO", no[1]
            if not summary and place > 8:
                break
            monitoring.save_answer(
                actor=self.people[who], report=report, question_key=question.key, value=value, comment=comment
            )
        if summary:
            monitoring.save_summary(actor=self.people[who], report=report, summary=summary)
        return MonitoringReport.objects.select_related("visit").get(pk=report.pk)

    def submitted(
        self, number, visit_type, offset, who, summary, *, unblinded=False, no=None, item=None, deviation=None
    ):
        report = self.written(number, visit_type, offset, who, unblinded=unblinded, summary=summary, no=no)
        if item:
            monitoring.raise_action_item(
                actor=self.people[who],
                site=report.site,
                report=report,
                text=item[0],
                opened_on=report.visit.last_day,
                due_on=report.visit.last_day + datetime.timedelta(days=item[1]),
            )
        if deviation:
            monitoring.raise_deviation(
                actor=self.people[who],
                site=report.site,
                report=report,
                subject_number=deviation[0],
                category=deviation[1],
                description=deviation[2],
                occurred_on=report.visit.first_day - datetime.timedelta(days=11),
                identified_on=report.visit.first_day,
            )
        return self.sign(report, "submit", who)

    def approved(self, number, visit_type, offset, who, summary, *, unblinded=False, **findings):
        report = self.submitted(number, visit_type, offset, who, summary, unblinded=unblinded, **findings)
        return self.sign(report, "approve", "ulead" if unblinded else "lead")

    def sign(self, report, name, who):
        person = self.people[who]
        return perform(report, name, actor=person, proof=prove(person, password=demo_password()))
