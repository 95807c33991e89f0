"""What a house has recorded at its sites, as SQL over `spot`: each site, its CRA and how busy it is."""

from ctms.files.models import StoredFile
from directory.models import Person
from documents.models import Document, DocumentVersion, ExpectedDocument
from finance.models import Payable, SiteAgreement
from monitoring.models import (
    ActionItem,
    Deviation,
    MonitoringReport,
    MonitoringVisit,
    VisitLetter,
    VisitMonitor,
)
from sites.models import SiteStaff
from studies.models import Milestone
from subjects.models import Subject, SubjectVisit

PLACE = {"study_id": "s.study_id", "country_id": "s.country_id", "site_id": "s.id"}
PARENTS = {"study_id": "p.study_id", "country_id": "p.country_id", "site_id": "p.site_id"}


def each_site(average, also=""):
    """Return a FROM clause of so many rows a site as it is busy, at least one: `n` counts them, `r` is random."""
    return f"""(SELECT s.*, g.n, random() AS r, random() AS r2 {also} FROM spot AS s
        CROSS JOIN LATERAL generate_series(1, greatest(1, round({average} * s.busy)::int)) AS g(n)) AS s"""


STAFF = (
    Person,
    "spot AS s CROSS JOIN generate_series(1, 4) AS n",
    {"given_name": "'Person ' || n", "family_name": "'Of site ' || s.id"},
)
ROLES = (
    SiteStaff,
    """spot AS s CROSS JOIN generate_series(1, 4) AS n
        JOIN directory_person AS p ON p.family_name = 'Of site ' || s.id AND p.given_name = 'Person ' || n""",
    {
        **PLACE,
        "person_id": "p.id",
        "role": "(ARRAY['PRINCIPAL_INVESTIGATOR','SUB_INVESTIGATOR','STUDY_COORDINATOR','PHARMACIST'])[n]",
        "starts_on": "%(long_ago)s",
        "tasks": "'{}'",
    },
)
OF_STUDIES = (
    Milestone,
    """(SELECT s.id, n, (ARRAY['FIRST_SUBJECT_IN','LAST_SUBJECT_IN','LAST_SUBJECT_LAST_VISIT','DATABASE_LOCK'])[n / 5]
        AS gate, %(today)s::date - 600 + n * 60 + (s.id %% 40)::int AS day, n <= 9 AS reached
        FROM studies_study AS s CROSS JOIN generate_series(1, 20) AS n) AS s""",
    {
        "study_id": "s.id",
        "kind": "CASE WHEN s.n %% 5 = 0 THEN s.gate ELSE 'OTHER' END",
        "name": "'Milestone of the study ' || s.n",
        "planned_on": "s.day",
        "baseline_on": "s.day - 10",
        "actual_on": "CASE WHEN s.reached THEN s.day END",
        "status": "CASE WHEN s.reached THEN 'COMPLETED' ELSE 'PLANNED' END",
        "published": "s.n %% 5 = 0",
    },
)
MILESTONES = (
    Milestone,
    # A table that is to hold a million has them at the sites, as a plan of every site's steps would.
    each_site("(6 + %(rows)s / %(sites)s)", ", '2024-01-01'::date + floor(random() * 1400)::int AS day"),
    {
        **PLACE,
        "name": "'Milestone ' || s.n",
        "planned_on": "s.day",
        "baseline_on": "s.day - 10",
        "actual_on": "CASE WHEN s.day < %(today)s AND s.r < 0.9 THEN s.day END",
        "status": "CASE WHEN s.day < %(today)s AND s.r < 0.9 THEN 'COMPLETED' ELSE 'PLANNED' END",
        "published": "s.r2 > 0.8",
    },
)
VISITS = (
    MonitoringVisit,
    # The last two of a site lie ahead, what came before was mostly conducted.
    each_site(6, ", %(today)s::date + (g.n - greatest(1, round(6 * s.busy)::int) + 1) * 45 AS day"),
    {
        **PLACE,
        "visit_type": "CASE WHEN s.n = 1 THEN 'SIV' ELSE 'IMV' END",
        "number": "s.n",
        "planned_start_on": "s.day - 10",
        "planned_end_on": "s.day - 9",
        "actual_start_on": "CASE WHEN s.day - 9 < %(today)s AND s.r < 0.9 THEN s.day - 10 END",
        "actual_end_on": "CASE WHEN s.day - 9 < %(today)s AND s.r < 0.9 THEN s.day - 9 END",
        "purpose": "'Routine monitoring'",
        "status": """CASE WHEN s.day - 9 < %(today)s AND s.r < 0.9 THEN 'CONDUCTED' WHEN s.r > 0.97 THEN 'CANCELLED'
            WHEN s.r < 0.5 THEN 'CONFIRMED' ELSE 'PLANNED' END""",
    },
)
MONITORS = (
    VisitMonitor,
    "monitoring_monitoringvisit AS p JOIN spot AS s ON s.id = p.site_id",
    {**PARENTS, "visit_id": "p.id", "user_id": "s.cra", "part": "'PRIMARY'"},
)
REPORTS = (
    MonitoringReport,
    """(SELECT p.*, CASE WHEN actual_end_on < %(today)s::date - 25 OR random() < 0.3 THEN 'APPROVED'
            WHEN random() < 0.4 THEN 'IN_REVIEW' ELSE 'DRAFT' END AS state
        FROM monitoring_monitoringvisit AS p WHERE status = 'CONDUCTED') AS p""",
    {
        **PARENTS,
        "visit_id": "p.id",
        "template_id": "(SELECT min(id) FROM monitoring_reporttemplate)",
        "summary": "'All is as it should be, but for what the items say.'",
        "submitted_on": "CASE WHEN p.state <> 'DRAFT' THEN p.actual_end_on + 7 END",
        "approved_on": "CASE WHEN p.state = 'APPROVED' THEN p.actual_end_on + 14 END",
        "snapshot": """CASE WHEN p.state <> 'DRAFT' THEN '{"answers": []}'::jsonb END""",
        "status": "p.state",
    },
)
LETTERS = (
    VisitLetter,
    """(SELECT p.*, s.cra, k AS kind FROM monitoring_monitoringvisit AS p JOIN spot AS s ON s.id = p.site_id
        CROSS JOIN unnest(ARRAY['CONFIRMATION','FOLLOW_UP']) AS k
        WHERE p.status = 'CONDUCTED' AND p.actual_end_on < %(today)s::date - 20) AS p""",
    {
        **PARENTS,
        "visit_id": "p.id",
        "kind": "p.kind",
        "dated_on": "p.planned_start_on",
        "subject": "'Your visit'",
        "body": "'Thank you for your time.'",
        "written_by_id": "p.cra",
        "sent_by_id": "p.cra",
        "sent_on": "p.planned_start_on",
        "snapshot": "'{}'::jsonb",
        "status": "'SENT'",
    },
)
ITEMS = (
    ActionItem,
    each_site(8, ", %(today)s::date - floor(random() * 600)::int AS day"),
    {
        **PLACE,
        "number": "s.n",
        "text": "'File what is missing, number ' || s.n",
        "opened_on": "s.day",
        "due_on": "s.day + 30",
        "closed_on": "CASE WHEN s.r < 0.8 THEN s.day + 20 END",
        "status": "CASE WHEN s.r < 0.8 THEN 'CLOSED' WHEN s.r < 0.9 THEN 'IN_PROGRESS' ELSE 'OPEN' END",
    },
)
DEVIATIONS = (
    Deviation,
    each_site(5, ", %(today)s::date - floor(random() * 600)::int AS day"),
    {
        **PLACE,
        "number": "s.n",
        "category": "(ARRAY['WINDOW','CONSENT','DOSING','SAMPLE','OTHER'])[1 + s.n %% 5]",
        "description": "'A visit outside of its window, number ' || s.n",
        "occurred_on": "s.day - 5",
        "identified_on": "s.day",
        "importance": "CASE WHEN s.r < 0.1 THEN 'IMPORTANT' WHEN s.r < 0.8 THEN 'NOT_IMPORTANT' ELSE '' END",
        "status": "CASE WHEN s.r < 0.6 THEN 'CLOSED' WHEN s.r < 0.8 THEN 'CONFIRMED' ELSE 'NEW' END",
    },
)
SUBJECTS = (
    Subject,
    each_site(12, ", %(today)s::date - floor(random() * 400)::int AS day"),
    {
        **PLACE,
        "number": "'S' || s.id || '-' || lpad(s.n::text, 3, '0')",
        "sex": "CASE WHEN s.r2 < 0.5 THEN 'F' ELSE 'M' END",
        "age_at_consent": "18 + (s.r2 * 60)::int",
        "consented_on": "s.day",
        "screen_failed_on": "CASE WHEN s.r < 0.2 THEN s.day + 14 END",
        "randomised_on": "CASE WHEN s.r >= 0.3 THEN s.day + 14 END",
        "first_dose_on": "CASE WHEN s.r >= 0.3 THEN s.day + 15 END",
        "enrolled_on": "CASE WHEN s.r >= 0.3 THEN s.day + 14 END",
        "status": """CASE WHEN s.r < 0.2 THEN 'SCREEN_FAILED' WHEN s.r < 0.3 THEN 'IN_SCREENING'
            ELSE 'ON_TREATMENT' END""",
    },
)
SUBJECT_VISITS = (
    SubjectVisit,
    """(SELECT p.*, v.id AS planned, v.name, p.consented_on + v.offset_days + 28 AS day, random() AS r
        FROM subjects_subject AS p JOIN studies_plannedvisit AS v ON v.study_id = p.study_id) AS p""",
    {
        **PARENTS,
        "subject_id": "p.id",
        "planned_visit_id": "p.planned",
        "name": "p.name",
        "target_on": "p.day",
        "window_starts_on": "p.day - 3",
        "window_ends_on": "p.day + 3",
        "occurred_on": "CASE WHEN p.day < %(today)s AND p.r < 0.93 THEN p.day + floor(p.r * 5)::int END",
        "status": """CASE WHEN p.day < %(today)s AND p.r < 0.93 THEN 'OCCURRED'
            WHEN p.day < %(today)s AND p.r < 0.97 THEN 'MISSED' ELSE 'PLANNED' END""",
    },
)
# Eighteen a site: eleven thousand at 608 sites.
ARTIFACTS = """(SELECT id, name, row_number() OVER (ORDER BY number, id) - 1 AS nth, count(*) OVER () AS many
    FROM documents_artifact WHERE at_site)"""
EXPECTED = (
    ExpectedDocument,
    each_site(18, ", %(today)s::date - 500 + floor(random() * 600)::int AS day")
    + f" JOIN {ARTIFACTS} AS a ON a.nth = s.n %% a.many",
    {
        **PLACE,
        "level": "'SITE'",
        "artifact_id": "a.id",
        "label": "a.name",
        "key": "'bench-' || s.id || '-' || s.n",
        "due_on": "s.day",
        "status": """CASE WHEN s.day < %(today)s AND s.r < 0.8 THEN 'FULFILLED' WHEN s.r < 0.85 THEN 'NOT_APPLICABLE'
            WHEN s.r < 0.9 THEN 'RECEIVED' ELSE 'EXPECTED' END""",
    },
)
DOCUMENTS = (
    Document,
    """(SELECT p.*, a.name AS title, random() AS r FROM documents_expecteddocument AS p
        JOIN documents_artifact AS a ON a.id = p.artifact_id WHERE p.status IN ('FULFILLED', 'RECEIVED')) AS p""",
    {
        **PARENTS,
        "artifact_id": "p.artifact_id",
        "expected_id": "p.id",
        "title": "p.title || ' of site ' || p.site_id",
        "document_date": "p.due_on - 20",
        "language": "'en'",
        "uploaded_by_id": "(SELECT cra FROM spot WHERE id = p.site_id)",
        "published": "p.status = 'FULFILLED' AND p.r < 0.4",
        "status": """CASE WHEN p.status = 'FULFILLED' THEN 'APPROVED' WHEN p.r < 0.3 THEN 'IN_REVIEW'
            WHEN p.r < 0.6 THEN 'SUBMITTED' WHEN p.r < 0.8 THEN 'RETURNED' ELSE 'DRAFT' END""",
    },
)
FILES = (
    StoredFile,
    "documents_document AS p",
    {
        "name": "'document-' || p.id || '.pdf'",
        "content_type": "'application/pdf'",
        "size": "100000 + p.id %% 400000",
        "sha256": "encode(sha256(p.id::text::bytea), 'hex')",
        "stored_by_id": "%(system)s",
    },
)
VERSIONS = (
    DocumentVersion,
    "documents_document AS p JOIN files_storedfile AS f ON f.name = 'document-' || p.id || '.pdf'",
    {
        **PARENTS,
        "document_id": "p.id",
        "number": "'1.0'",
        "file_id": "f.id",
        "sha256": "f.sha256",
        "filed_on": "p.document_date",
    },
)
AGREEMENTS = (
    SiteAgreement,
    "spot AS s",
    {
        **PLACE,
        "reference": "'CTA-' || s.id",
        "parties": "E'Sponsor\\nHospital'",
        "currency": "'EUR'",
        "effective_on": "%(long_ago)s",
        "executed_on": "%(long_ago)s",
        "status": "'FULLY_EXECUTED'",
    },
)
PAYABLES = (
    Payable,
    """(SELECT v.*, a.id AS agreement, v.id %% 5 < 3 AS confirmed FROM subjects_subjectvisit AS v
        JOIN finance_siteagreement AS a ON a.site_id = v.site_id
        WHERE v.status = 'OCCURRED' AND v.id %% 4 = 0) AS p""",
    {
        **PARENTS,
        "agreement_id": "p.agreement",
        "kind": "'PLANNED_VISIT'",
        "event_key": "'subjects.SubjectVisit/' || p.id",
        "event_on": "p.occurred_on",
        "what": "p.name",
        "subject_id": "p.subject_id",
        "subject_visit_id": "p.id",
        "currency": "'EUR'",
        "amount": "250",
        "overhead": "0",
        "holdback": "0",
        "total": "250",
        "confirmed_by_id": "CASE WHEN p.confirmed THEN %(system)s END",
        "confirmed_on": "CASE WHEN p.confirmed THEN p.occurred_on END",
        "hold_codes": "CASE WHEN p.confirmed THEN ARRAY['NO_PAYEE']::varchar[] ELSE '{}' END",
        "status": "CASE WHEN p.confirmed THEN 'ON_HOLD' ELSE 'ACCRUED' END",
    },
)
# In the order they need one another.
RECORDED = (
    STAFF,
    ROLES,
    OF_STUDIES,
    MILESTONES,
    VISITS,
    MONITORS,
    REPORTS,
    LETTERS,
    ITEMS,
    DEVIATIONS,
    SUBJECTS,
    SUBJECT_VISITS,
    EXPECTED,
    DOCUMENTS,
    FILES,
    VERSIONS,
    AGREEMENTS,
    PAYABLES,
)
