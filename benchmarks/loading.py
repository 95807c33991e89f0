"""Fill the tables: the spine through the product, the million by SQL as the owner with history switched off."""

import datetime
import os
import random
from contextlib import closing
from pathlib import Path

import psycopg2

from ctms.accounts.models import User
from ctms.audit.context import acting_as
from directory.models import Country, Organization
from launcher.postgres import PORT
from launcher.servers import Servers
from studies.models import Study, StudyCountry, StudySite
from studies.services.team import assign, assign_everywhere

from .filling import history_columns

STUDIES, SITES = 24, 608
COUNTRIES = ("ES", "DE", "FR", "IT", "PL", "GB", "US", "JP", "BR", "CZ")
LONG_AGO = datetime.date(2024, 1, 1)

# Sites and studies are as unequal as in life: the cube of a random number favours the first ones.
MILESTONES = """
    CREATE TEMP TABLE numbered AS
        SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, study_id, country_id FROM studies_studysite;
    ALTER TABLE numbered ADD PRIMARY KEY (n);
    ANALYZE numbered;
    ALTER TABLE studies_milestone DISABLE TRIGGER USER;
    INSERT INTO studies_milestone (study_id, country_id, site_id, kind, name, planned_on, planned_precision,
        baseline_on, actual_on, actual_precision, published, source_key, status, version)
    SELECT s.study_id, CASE WHEN g.r < 0.95 THEN s.country_id END, CASE WHEN g.r < 0.85 THEN s.id END, 'OTHER',
        'Milestone ' || g.i, day, 'DAY', day, CASE WHEN g.r2 < 0.4 THEN day END, 'DAY', g.r2 > 0.8, '',
        CASE WHEN g.r2 < 0.4 THEN 'COMPLETED' WHEN g.r2 < 0.45 THEN 'NOT_APPLICABLE' ELSE 'PLANNED' END, 0
    FROM (SELECT i, random() AS r, random() AS r2, floor(%(sites)s * power(random(), 3))::int AS pick,
                 '2022-01-01'::date + floor(random() * 2500)::int AS day
          FROM generate_series(1, %(rows)s) AS i) AS g
    JOIN numbered AS s ON s.n = g.pick;
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE studies_milestone ENABLE TRIGGER USER;
    ANALYZE studies_milestone;
"""
HISTORY = """
    CREATE TEMP TABLE told AS
        SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM studies_milestone WHERE study_id = %(study)s;
    ALTER TABLE told ADD PRIMARY KEY (n);
    ANALYZE told;
    INSERT INTO studies_milestoneevent (pgh_created_at, pgh_label, pgh_context, pgh_transaction, pgh_obj_id,
        {columns})
    SELECT '2024-01-01'::timestamptz + g * interval '1 minute', 'update',
        '{{"actor": 1, "actor_name": "Loader", "reason": "Load", "channel": "import", "address": ""}}', g, m.id,
        {values}
    FROM generate_series(1, %(rows)s) AS g
    JOIN told AS t ON t.n = g %% (SELECT count(*) FROM told)
    JOIN studies_milestone AS m ON m.id = t.id;
    ANALYZE studies_milestoneevent;
"""


def as_owner():
    """Return a connection as `ctms_owner` to the throw-away servers of this benchmark, and to no others."""
    state = Path(os.environ["CTMS_VAR"])
    if not state.name.startswith("ctms-bench-"):
        raise SystemExit("Run it as ./run bench: it fills a database with a million invented rows.")
    return psycopg2.connect(
        host=os.environ["CTMS_DB_HOST"],
        port=PORT,
        dbname=os.environ["CTMS_DB_NAME"],
        user="ctms_owner",
        password=Servers(state).postgres.passwords.owner,
    )


def load_spine():
    """Make 24 studies in ten countries with 608 sites."""
    chance = random.Random(7)
    with acting_as(User.objects.system(), reason="Benchmark"):
        sponsor = Organization.objects.create(name="Bench Sponsor", kind="SPONSOR")
        hospital = Organization.objects.create(name="Bench Hospital", kind="HOSPITAL")
        studies = Study.objects.bulk_create(
            Study(protocol_number=f"BENCH-{n:02}", short_name=f"Bench {n}", sponsor=sponsor)
            for n in range(STUDIES)
        )
        nations = [Country.objects.get(pk=code) for code in COUNTRIES]
        countries = StudyCountry.objects.bulk_create(
            StudyCountry(study=study, nation=nation) for study in studies for nation in nations
        )
        StudySite.objects.bulk_create(
            StudySite(country=chance.choice(countries), organization=hospital, number=str(n))
            for n in range(SITES)
        )
    return studies


def load_milestones(rows):
    with closing(as_owner()) as connection, connection, connection.cursor() as cursor:
        cursor.execute(MILESTONES, {"rows": rows, "sites": SITES})


def load_history(rows, study):
    """Make `rows` lines of history in one study, one a minute."""
    with closing(as_owner()) as connection, connection, connection.cursor() as cursor:
        names = history_columns(cursor, "studies_milestoneevent")
        statement = HISTORY.format(columns=", ".join(names), values=", ".join(f"m.{name}" for name in names))
        cursor.execute(statement, {"rows": rows, "study": study.pk})


def vacuum():
    """Do what autovacuum does in a running house: visibility and statistics."""
    with closing(as_owner()) as connection:
        connection.autocommit = True
        connection.cursor().execute(
            "VACUUM ANALYZE studies_milestone, studies_milestoneevent, studies_studysite"
        )


def people(studies):
    """Return {what they are: their account}: three studies, one site, everything, and a sponsor of one study."""
    system = User.objects.system()
    found = {}
    with acting_as(system, reason="Benchmark"):
        for name in ("three studies", "one site", "everything", "sponsor of one"):
            found[name] = User.objects.create(username=name.replace(" ", "-"), email="")
    given = {"actor": system, "starts_on": LONG_AGO, "trained_on": LONG_AGO}
    for study in (studies[2], studies[9], studies[17]):
        assign(user=found["three studies"], role="clinical_lead", place=study, **given)
    site = StudySite.objects.visible_to(found["three studies"]).order_by("pk").first()
    assign(user=found["one site"], role="cra", place=site, **given)
    assign(user=found["sponsor of one"], role="sponsor", place=studies[2], **given)
    assign_everywhere(actor=system, user=found["everything"], role="quality", starts_on=LONG_AGO)
    return found
