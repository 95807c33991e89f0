"""COR-207: phase IIb in heart failure, taken over from another house; enrolment closed, subjects in follow-up."""

from desk.demo.plans import CountryPlan, Course, Fact, MilestonePlan, SitePlan, StudyPlan, VisitPlan


def _site(number, country, hospital, city, investigator, monitor, activated, enrolled, failed, newest, *,
          status="ENROLMENT_CLOSED", closed=None, stopped=183):  # fmt: skip
    passed = [("ACTIVE", activated), ("ENROLMENT_CLOSED", stopped)]
    if closed is not None:
        passed.append(("CLOSED", closed))
    return SitePlan(number, country, hospital, city, investigator, status, monitor, activated + 124, activated, 80,
                    enrolled=enrolled, failed=failed, first_after=40, newest=newest, passed=tuple(passed),
                    target=8)  # fmt: skip


SITES = (
    _site("5001", "PL", "Instytut Serca Mazowsze", "Warszawa", "Piotr Lis", "cra2", 640, 17, 5, 184),
    _site("5002", "PL", "Szpital Świętego Rocha", "Lublin", "Beata Kruszewska", "cra2", 622, 11, 3, 187),
    _site("5003", "PL", "Klinika Kardiologii Bałtyk", "Gdańsk", "Jerzy Mazurek", "cra3", 611, 8, 2, 190),
    _site("5004", "PL", "Centrum Medyczne Topola", "Łódź", "Dorota Pawlik", "cra3", 604, 6, 2, 236),
    _site("5101", "DE", "Herzklinik am Wall", "Bremen", "Anke Sander", "cra3", 633, 13, 3, 185),
    _site("5102", "DE", "Krankenhaus Birkenau", "Kassel", "Thomas Riedl", "cra3", 596, 8, 2, 228),
    _site("5103", "DE", "Kardiologie am Stadtpark", "Rostock", "Silke Brandes", "cra3", 560, 1, 0, 420,
          status="CLOSED", closed=118, stopped=290),
    _site("5201", "HU", "Zöldliget Kórház", "Győr", "Katalin Somogyi", "cra3", 618, 10, 3, 186),
    _site("5202", "HU", "Tiszapart Szívközpont", "Szeged", "Gábor Halmos", "cra3", 590, 7, 1, 231),
    _site("5203", "HU", "Bakony Klinika", "Veszprém", "Márta Fekete", "cra3", 571, 3, 1, 330,
          status="CLOSED", closed=92),
    _site("5301", "CA", "Silver Birch Heart Centre", "Halifax", "Andrew Delorme", "cra4", 609, 9, 2, 188),
    _site("5302", "CA", "Prairie Lake Hospital", "Regina", "Nicole Bastien", "cra4", 566, 3, 1, 318,
          status="CLOSED", closed=74),
)  # fmt: skip

COUNTRIES = (
    CountryPlan("PL", "RECRUITMENT_CLOSED", 800, 668, 4, 32),
    CountryPlan("DE", "RECRUITMENT_CLOSED", 790, 655, 3, 24),
    CountryPlan("HU", "RECRUITMENT_CLOSED", 780, 640, 3, 22),
    CountryPlan("CA", "RECRUITMENT_CLOSED", 770, 630, 2, 18),
)


def _visits():
    always = ("Vital signs", "Blood sample")
    yield VisitPlan("Screening", "Screening", -28, 0, 27, ("Informed consent", "Eligibility", "ECG", *always))
    yield VisitPlan("Day 1", "Treatment", 0, 0, 0, (*always, "ECG", "Dispensing"))
    for week, window in ((2, 3), (4, 3), (8, 3), (12, 3), (18, 7), (26, 7)):
        yield VisitPlan(f"Week {week}", "Treatment", 7 * week, window, window, (*always, "Dispensing"))
    yield VisitPlan("Follow-up week 30", "Follow-up", 210, 7, 7, (*always, "ECG"))


MILESTONES = (
    MilestonePlan("FIRST_SITE_ACTIVATED", "First site activated", -650, -640, Fact.FIRST_ACTIVATION),
    MilestonePlan("FIRST_SUBJECT_IN", "First subject in", -612, -600, Fact.FIRST_ENROLMENT),
    MilestonePlan("OTHER", "Study taken over", -300, -304, -304),
    MilestonePlan("LAST_SUBJECT_IN", "Last subject in", -230, -190, Fact.LAST_ENROLMENT),
    MilestonePlan("OTHER", "Gap list of the take-over settled", -120, 14),
    MilestonePlan("LAST_SUBJECT_LAST_VISIT", "Last subject last visit", 12, 30),
    MilestonePlan("OTHER", "Last site closed", 55, 70),
    MilestonePlan("DATABASE_LOCK", "Database lock", 70, 79),
    MilestonePlan("CLINICAL_STUDY_REPORT", "Clinical study report final", 190, 200),
)

COR = StudyPlan(
    key="cor",
    number="COR-207",
    sponsor="corvia",
    header={
        "short_name": "Corvasant in heart failure",
        "title": "A randomised, double-blind, dose-finding study of corvasant in heart failure with reduced "
        "ejection fraction",
        "phase": "II",
        "study_type": "INTERVENTIONAL",
        "therapeutic_area": "Cardiology",
        "indication": "Heart failure",
        "masking": "DOUBLE",
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "planned_sites": 12,
        "planned_countries": 4,
        "planned_screened": 125,
        "planned_enrolled": 96,
    },
    nct="NCT99020703",
    status="RECRUITMENT_CLOSED",
    passed=(("START_UP", 800), ("RECRUITING", 640)),
    since=183,
    countries=COUNTRIES,
    sites=SITES,
    versions=(("2.0", 560, "SUPERSEDED"), ("3.0", 380, "EFFECTIVE")),
    arms=(("Corvasant 5 mg", "EXPERIMENTAL"), ("Corvasant 10 mg", "EXPERIMENTAL"), ("Placebo", "PLACEBO_COMPARATOR")),
    epochs=("Screening", "Treatment", "Follow-up"),
    visits=tuple(_visits()),
    milestones=MILESTONES,
    course=Course(
        last_treatment="Week 26",
        follow_up="Follow-up week 30",
        done=84,
        done_after=224,
        off=10,
        off_within=(191, 205),
        treated_within=186,
        ends=(("WITHDRAWN", "WITHDRAWAL_BY_SUBJECT", 5), ("WITHDRAWN", "ADVERSE_EVENT", 3),
              ("WITHDRAWN", "PHYSICIAN_DECISION", 1), ("LOST_TO_FOLLOW_UP", "LOST_TO_FOLLOW_UP", 2),
              ("DIED", "DEATH", 2)),
        ages=(48, 79),
        pace=1.0,
    ),
    team=(
        ("pm", "project_manager"), ("lead", "clinical_lead"), ("tmf", "tmf_specialist"), ("finance", "finance"),
        ("finance2", "finance"), ("medical", "medical_monitor"), ("sponsor2", "sponsor"),
    ),
    taken_over=304,
    interval=56,
    started=304,
    complete=0.78,
    deviations=86,
    important=8,
)  # fmt: skip
