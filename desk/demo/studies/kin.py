"""KIN-204: open-label phase II in lung cancer, in start-up with its first subjects."""

from desk.demo.plans import CountryPlan, Course, Fact, MilestonePlan, SitePlan, StudyPlan, VisitPlan

SITES = (
    SitePlan("3001", "ES", "Instituto Oncológico Alameda", "Sevilla", "Raúl Medina", "START_UP", "cra", 118, None, 74,
             target=5),
    SitePlan("3002", "ES", "Hospital Puerta Nueva", "Bilbao", "Ane Uribe", "UNDER_QUALIFICATION", "cra", target=4),
    SitePlan("3101", "FR", "Centre Clinique des Tilleuls", "Nantes", "Claire Vasseur", "ACTIVE", "cra5", 251, 120, 88,
             enrolled=1, screening=1, first_after=30, target=5),
    SitePlan("3102", "FR", "Hôpital de la Roseraie", "Dijon", "Bruno Lacaze", "INITIATED", "cra5", 160, None, 93,
             passed=(("INITIATED", 9),), target=4),
    SitePlan("3201", "IT", "Ospedale Santa Ginestra", "Parma", "Chiara Monti", "START_UP", "cra", 171, None, None,
             target=4),
    SitePlan("3202", "IT", "Istituto Clinico Valdoro", "Bergamo", "Sandro Bellini", "START_UP", "cra", 182, None, 112,
             target=4),
    SitePlan("3301", "US", "Prairie Oncology Associates", "Lincoln, NE", "Grace Lindholm", "ACTIVE", "cra4", 273, 182,
             66, enrolled=3, failed=2, first_after=66, newest=24, target=6),
    SitePlan("3302", "US", "Red Maple Cancer Center", "Ithaca, NY", "Victor Amadi", "ACTIVE", "cra4", 245, 140, 79,
             enrolled=1, failed=1, first_after=58, target=5),
    SitePlan("3401", "AU", "Wattle Bay Cancer Institute", "Newcastle", "Fiona Macrae", "ACTIVE", "cra4", 234, 150, 58,
             enrolled=2, failed=1, screening=1, first_after=16, newest=38, target=4),
    SitePlan("3402", "AU", "Kingfisher Regional Hospital", "Bendigo", "Ross Dunmore", "NOT_SELECTED", "cra4",
             passed=(("NOT_SELECTED", 236),), why="Too few patients in the second line"),
)  # fmt: skip

COUNTRIES = (
    CountryPlan("ES", "START_UP", 190, None, 2, 9),
    CountryPlan("FR", "OPEN", 270, 141, 2, 9, amended=80),
    CountryPlan("IT", "START_UP", 205, None, 2, 8),
    CountryPlan("US", "OPEN", 300, 199, 2, 11, amended=95),
    CountryPlan("AU", "OPEN", 262, 166, 2, 8, amended=90),
)


def _visits():
    always = ("Vital signs", "Blood sample")
    yield VisitPlan(
        "Screening", "Screening", -28, 0, 27, ("Informed consent", "Eligibility", "Imaging", *always)
    )
    yield VisitPlan("Cycle 1 day 1", "Treatment", 0, 0, 0, (*always, "Dispensing"))
    yield VisitPlan("Cycle 1 day 8", "Treatment", 7, 1, 1, always)
    yield VisitPlan("Cycle 1 day 15", "Treatment", 14, 1, 1, always)
    for cycle in range(2, 10):
        yield VisitPlan(f"Cycle {cycle} day 1", "Treatment", 21 * (cycle - 1), 3, 3, (*always, "Dispensing"))
        if cycle in (3, 5, 7, 9):
            yield VisitPlan(
                f"Imaging week {3 * (cycle - 1)}", "Treatment", 21 * (cycle - 1), 7, 7, ("Imaging",)
            )
    yield VisitPlan("Follow-up week 36", "Follow-up", 252, 14, 14, ("Vital signs",))


MILESTONES = (
    MilestonePlan("CONTRACT_SIGNED", "Contract signed", -334, -334, -333),
    MilestonePlan("PROTOCOL_APPROVAL", "Final protocol approved", -310, -306, Fact.FINAL_PROTOCOL),
    MilestonePlan("FIRST_SUBMISSION", "First regulatory submission", -290, -285, -288),
    MilestonePlan("FIRST_APPROVAL", "First regulatory approval", -210, -200, Fact.FIRST_DECISION),
    MilestonePlan("FIRST_SITE_ACTIVATED", "First site activated", -190, -182, Fact.FIRST_ACTIVATION),
    MilestonePlan("FIRST_SUBJECT_IN", "First subject in", -150, -140, Fact.FIRST_ENROLMENT),
    MilestonePlan("OTHER", "Last site activated", -20, 148),
    MilestonePlan("OTHER", "Contracts signed in Italy", -45, 20),
    MilestonePlan("OTHER", "Safety review of cohort A", 25, 45),
    MilestonePlan("LAST_SUBJECT_IN", "Last subject in", 300, 390),
    MilestonePlan("LAST_SUBJECT_LAST_VISIT", "Last subject last visit", 560, 650),
    MilestonePlan("DATABASE_LOCK", "Database lock", 610, 700),
    MilestonePlan("FIRST_APPROVAL", "Regulatory approval, France", -155, -145, Fact.FIRST_DECISION, "FR"),
    MilestonePlan("FIRST_SITE_ACTIVATED", "First site activated, France", -135, -125, Fact.FIRST_ACTIVATION, "FR"),
    MilestonePlan("FIRST_APPROVAL", "Regulatory approval, Spain", -60, 16, of="ES"),
    MilestonePlan("FIRST_SITE_ACTIVATED", "First site activated, Spain", -40, 34, of="ES"),
    MilestonePlan("FIRST_APPROVAL", "Regulatory approval, Italy", -55, 18, of="IT"),
    MilestonePlan("FIRST_SITE_ACTIVATED", "First site activated, Italy", -35, 41, of="IT"),
    MilestonePlan("SITE_ACTIVATED", "Site activated, 3001", -40, 34, of="3001"),
)  # fmt: skip

KIN = StudyPlan(
    key="kin",
    number="KIN-204",
    sponsor="halden",
    header={
        "short_name": "Kinostat in second-line NSCLC",
        "title": "An open-label phase II study of kinostat in patients with previously treated non-small cell "
        "lung cancer",
        "phase": "II",
        "study_type": "INTERVENTIONAL",
        "therapeutic_area": "Oncology",
        "indication": "Non-small cell lung cancer",
        "masking": "NONE",
        "allocation": "NON_RANDOMIZED",
        "enrolment_event": "REGISTRATION",
        "planned_sites": 10,
        "planned_countries": 5,
        "planned_screened": 58,
        "planned_enrolled": 40,
    },
    nct="NCT99020402",
    status="RECRUITING",
    passed=(("START_UP", 330),),
    since=182,
    countries=COUNTRIES,
    sites=SITES,
    versions=(("1.0", 308, "SUPERSEDED"), ("1.1", 110, "EFFECTIVE")),
    amendments=(("1", "Administrative amendment 1", 110, "The imaging charter was named; no change for subjects."),),
    arms=(("Cohort A", "EXPERIMENTAL"), ("Cohort B", "EXPERIMENTAL")),
    epochs=("Screening", "Treatment", "Follow-up"),
    visits=tuple(_visits()),
    milestones=MILESTONES,
    course=Course(
        last_treatment="Cycle 9 day 1",
        follow_up="Follow-up week 36",
        done=0,
        done_after=400,
        off=2,
        off_within=(100, 150),
        treated_within=160,
        off_early="PROGRESSIVE_DISEASE",
        ages=(44, 79),
        pace=1.0,
    ),
    team=(
        ("pm", "project_manager"), ("lead", "clinical_lead"), ("ssu", "start_up"), ("tmf", "tmf_specialist"),
        ("finance", "finance"), ("finance2", "finance"), ("medical", "medical_monitor"),
    ),
    started=334,
    complete=0.83,
    deviations=9,
    important=2,
)  # fmt: skip
