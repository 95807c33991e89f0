"""A house at work: studies, sites, people and all they have recorded, as many and as uneven as in life."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import Permission

from ctms.access.models import PortfolioAssignment
from ctms.accounts.models import User
from ctms.audit.trail import AUDITED
from ctms.search.entries import kinds
from ctms.search.keeping import PUT, TABLE, table_of
from directory.models import Organization
from studies.models import (
    PlannedVisit,
    SiteAssignment,
    Study,
    StudyAssignment,
    StudyCountry,
    StudySite,
)

from .filling import fill, tell
from .records import RECORDED

COUNTRIES = ("ES", "DE", "FR", "IT", "PL", "GB", "US", "JP", "BR", "CZ")
SPONSORS, SITES_OF_A_CRA = 8, 6
# How many studies one person of a role has.
STUDIES_OF = {
    "project_manager": 3,
    "clinical_lead": 3,
    "tmf_specialist": 6,
    "finance": 6,
    "start_up": 6,
    "medical_monitor": 6,
    "sponsor": 3,
}
LONG_AGO = datetime.date(2024, 1, 1)


@dataclass(frozen=True)
class Size:
    """
    How large a house is.

    :param density: how much was recorded at a site, 1 = as in life
    :param milestones: at all sites, beside those as in life: one table, its history and its entries in the search
        grow alone
    """

    studies: int = 24
    sites: int = 608
    density: float = 1.0
    milestones: int = 0


SIZES = {"1": Size(), "10": Size(studies=240, sites=6080), "million": Size(milestones=1_000_000)}


class Loader:
    """Fills an empty database through one connection of the owner of its tables."""

    def __init__(self, connection, size, today):
        self.connection, self.cursor = connection, connection.cursor()
        self.known = {
            "today": today,
            "long_ago": LONG_AGO,
            "studies": size.studies,
            "sites": size.sites,
            "hospitals": max(1, size.sites // 2),
            "density": size.density,
            "rows": size.milestones,
            "cras": (size.sites + SITES_OF_A_CRA - 1) // SITES_OF_A_CRA,
            "system": User.objects.system().pk,
        }
        self.counts = {}

    def fill(self, model, source, **columns):
        made = fill(self.cursor, model, source, columns, self.known)
        self.counts[model] = self.counts.get(model, 0) + made

    def run(self, sql):
        self.cursor.execute(sql, self.known)
        self.connection.commit()

    def load(self):
        """Make everything; returns {model: rows}."""
        self.run("SELECT setseed(0.7)")
        self.spine()
        self.people()
        self.run(SPOTS)
        for model, source, columns in RECORDED:
            self.fill(model, source, **columns)
        recorded = dict.fromkeys(model for model, *_rest in RECORDED)
        for model in (Study, StudyCountry, StudySite, PlannedVisit, *recorded):
            if model._meta.label in AUDITED:
                tell(self.cursor, model)
        self.find_again()
        self.vacuum()
        return self.counts

    def find_again(self):
        """Make the entries of the search, which the triggers did not."""
        self.cursor.execute(f"TRUNCATE {TABLE}")
        for kind in kinds().values():
            self.cursor.execute(PUT % kind.rows(table_of(kind)))
        self.connection.commit()

    def spine(self):
        self.fill(
            Organization,
            f"generate_series(1, {SPONSORS}) AS n",
            name="'Sponsor ' || n",
            kind="'SPONSOR'",
        )
        self.fill(
            Organization,
            "generate_series(1, %(hospitals)s) AS n",
            name="'University Hospital ' || n",
            kind="'HOSPITAL'",
            city="(ARRAY['Madrid','Berlin','Lyon','Milan','Cracow','Leeds','Boston','Kobe','Recife'])[1 + n %% 9]",
        )
        self.fill(
            Study,
            "generate_series(1, %(studies)s) AS n JOIN (SELECT row_number() OVER (ORDER BY id) AS nth, id "
            f"FROM directory_organization WHERE kind = 'SPONSOR') AS s ON s.nth = 1 + n %% {SPONSORS}",
            protocol_number="'BEN-' || lpad(n::text, 4, '0')",
            short_name="'Invented study ' || n",
            title="'A randomised study of an invented product in an invented condition, number ' || n",
            sponsor_id="s.id",
            phase="(ARRAY['I','II','III','IV'])[1 + n %% 4]",
            masking="'NONE'",
            planned_sites="(%(sites)s / %(studies)s)::int",
            planned_enrolled="300",
            status="(ARRAY['RECRUITING','RECRUITING','FOLLOW_UP','START_UP','CLOSE_OUT'])[1 + n %% 5]",
        )
        self.fill(
            StudyCountry,
            f"studies_study AS s CROSS JOIN unnest(ARRAY{list(COUNTRIES)}) AS nation",
            study_id="s.id",
            nation_id="nation",
            status="'OPEN'",
        )
        self.fill(StudySite, SITES, **SITE_COLUMNS)
        self.fill(
            PlannedVisit,
            "studies_study AS s CROSS JOIN generate_series(1, 11) AS n",
            study_id="s.id",
            key="'V' || n",
            sequence="n",
            name="'Visit ' || n",
            label="'Visit ' || n",
            offset_days="(n - 2) * 28",
            window_before_days="3",
            window_after_days="3",
        )

    def people(self):
        """One CRA for six sites, one of each other role for some studies, and one who reads everything."""
        self.make_users("cra", self.known["cras"])
        self.assign(
            SiteAssignment,
            "cra",
            f"""(SELECT id, (row_number() OVER (ORDER BY study_id, country_id, id) - 1) / {SITES_OF_A_CRA} AS nth
                FROM studies_studysite) AS place JOIN accounts_user AS u ON u.username = 'cra-' || place.nth""",
        )
        for role, each in STUDIES_OF.items():
            self.make_users(role, (self.known["studies"] + each - 1) // each)
            self.assign(
                StudyAssignment,
                role,
                f"""(SELECT id, (row_number() OVER (ORDER BY id) - 1) / {each} AS nth FROM studies_study) AS place
                    JOIN accounts_user AS u ON u.username = '{role}-' || place.nth""",
            )
        self.make_users("quality", 1)
        self.fill(
            PortfolioAssignment,
            "accounts_user WHERE username = 'quality-0'",
            user_id="id",
            role="'quality'",
            starts_on="%(long_ago)s",
            trained_on="%(long_ago)s",
        )

    def make_users(self, role, count):
        self.fill(
            User,
            f"generate_series(0, {count - 1}) AS n",
            username=f"'{role}-' || n",
            first_name=f"'{role.replace('_', ' ').title()}'",
            last_name="'No. ' || n",
            email=f"'{role}-' || n || '@example.org'",
            password="'!'",
            date_joined="'2024-01-01'",
        )

    def assign(self, model, role, source):
        place = model.content_object.field.related_model._meta.model_name
        permission = Permission.objects.get(
            codename=f"act_as_{role}",
            content_type__app_label="studies",
            content_type__model=place,
        )
        self.fill(
            model,
            source,
            user_id="u.id",
            content_object_id="place.id",
            permission_id=str(permission.pk),
            starts_on="%(long_ago)s",
            trained_on="%(long_ago)s",
        )

    def vacuum(self):
        """Do what autovacuum does in a running house: visibility and statistics."""
        self.connection.commit()
        self.connection.autocommit = True
        self.cursor.execute("VACUUM ANALYZE")


# The square of a random number favours the first studies: the largest of 24 has a hundred sites, the smallest ten.
SITES = """
    (SELECT n, floor(%(studies)s * power(random(), 2))::int AS pick, floor(10 * random())::int AS nation,
        random() AS r FROM generate_series(1, %(sites)s) AS n) AS g
    JOIN (SELECT id, study_id, row_number() OVER (PARTITION BY study_id ORDER BY id) - 1 AS nth,
            dense_rank() OVER (ORDER BY study_id) - 1 AS study FROM studies_studycountry) AS c
        ON c.study = g.pick AND c.nth = g.nation
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM directory_organization
            WHERE kind = 'HOSPITAL') AS h ON h.nth = g.n %% %(hospitals)s
"""
SITE_COLUMNS = {
    "study_id": "c.study_id",
    "country_id": "c.id",
    "organization_id": "h.id",
    "number": "lpad(g.n::text, 5, '0')",
    "planned_enrolled": "12",
    "status": """CASE WHEN g.r < 0.55 THEN 'ACTIVE' WHEN g.r < 0.7 THEN 'ENROLMENT_CLOSED'
        WHEN g.r < 0.8 THEN 'START_UP'
        WHEN g.r < 0.9 THEN 'INITIATED' ELSE 'CLOSED' END""",
}
# Every site with its CRA and how busy it is: on average one, a few three times that, many nearly idle.
SPOTS = """
    CREATE TEMP TABLE spot AS
        SELECT s.id, s.study_id, s.country_id, a.user_id AS cra, %(density)s * 3 * power(random(), 2) AS busy
        FROM studies_studysite AS s JOIN studies_siteassignment AS a ON a.content_object_id = s.id ORDER BY s.id;
    ANALYZE spot;
"""


def load_house(connection, size, today):
    """Fill an empty database; returns {model: how many rows were made}."""
    return Loader(connection, size, today).load()
