"""VEL-301: phase III in atopic dermatitis, recruiting and behind its plan."""

from desk.demo.plans import CountryPlan, Course, Fact, MilestonePlan, SitePlan, StudyPlan, VisitPlan

ALWAYS = ("EASI score", "Blood sample")

SITES = (
    SitePlan("2001", "ES", "Hospital del Encinar", "Madrid", "Lucía Ferrán", "ACTIVE", "cra", 452, 334, 68,
             enrolled=23, failed=8, screening=2, first_after=48, newest=4, target=18),
    SitePlan("2002", "ES", "Clínica Bahía Azul", "Valencia", "Marc Oliver", "ACTIVE", "cra", 406, 305, 57,
             enrolled=8, failed=3, first_after=22, newest=12),
    SitePlan("2003", "ES", "Hospital Sierra Norte", "Zaragoza", "Pilar Aznar", "ACTIVE", "cra", 424, 275, 91,
             enrolled=7, failed=4, screening=1, first_after=18, newest=9, qualified=False),
    SitePlan("1001", "DE", "Klinikum Lindenhof", "Köln", "Katrin Ebert", "ACTIVE", "cra2", 464, 318, 97,
             enrolled=10, failed=5, screening=1, first_after=34, newest=7, target=12),
    SitePlan("1002", "DE", "Hautzentrum Elbtal", "Dresden", "Uwe Lorenz", "ENROLMENT_HOLD", "cra2", 418, 290, 83,
             enrolled=7, failed=2, first_after=61, newest=46, passed=(("ACTIVE", 290), ("ENROLMENT_HOLD", 21)),
             why="The principal investigator leaves; a successor is being named"),
    SitePlan("1003", "DE", "Dermatologische Klinik Sonnwald", "Regensburg", "Friederike Hauck", "ACTIVE", "cra2",
             427, 240, 124, enrolled=7, failed=2, first_after=70, newest=15, target=8),
    SitePlan("4001", "PL", "Szpital Nad Wisłą", "Kraków", "Ewa Zawada", "ACTIVE", "cra2", 387, 270, 71,
             enrolled=8, failed=3, first_after=34, newest=6),
    SitePlan("4002", "PL", "Klinika Zielony Park", "Wrocław", "Adam Sowa", "START_UP", "cra2", 96, None, None,
             target=8),
    SitePlan("4003", "PL", "Centrum Dermatologii Bursztyn", "Gdynia", "Marek Lasota", "ACTIVE", "cra2", 274, 135, 93,
             failed=1, target=8),
    SitePlan("6001", "US", "Cedar Hollow Skin Research", "Asheville, NC", "Dana Whitlock", "ACTIVE", "cra4", 398, 300,
             72, enrolled=8, failed=4, first_after=38, newest=10, target=12),
    SitePlan("6002", "US", "Lakeside Dermatology Trials", "Duluth, MN", "Peter Okafor", "ACTIVE", "cra4", 339, 255, 61,
             enrolled=7, failed=3, screening=1, first_after=14, newest=5, qualified=False),
    SitePlan("6003", "US", "Mesa Verde Clinical Partners", "Durango, CO", "Irene Castellan", "ACTIVE", "cra4", 356,
             225, 88, enrolled=6, failed=3, first_after=33, newest=18),
    SitePlan("6004", "US", "Harbor Point Medical Group", "Portland, ME", "Samuel Thorne", "DROPPED", "cra4", 362, None,
             None, passed=(("DROPPED", 241),), why="The hospital could not agree on the budget"),
    SitePlan("7001", "GB", "Brackenfield Infirmary", "Sheffield", "Helen Marsh", "ACTIVE", "cra5", 393, 285, 55,
             enrolled=7, failed=2, screening=1, first_after=18, newest=8),
    SitePlan("7002", "GB", "Kelwater Hospital", "Bristol", "Aidan Rowe", "ACTIVE", "cra5", 326, 190, 67,
             enrolled=4, failed=2, first_after=64, newest=21, qualified=False, target=8),
    SitePlan("8001", "CZ", "Nemocnice Pod Javorem", "Brno", "Jana Horáčková", "ACTIVE", "cra2", 276, 160, 70,
             failed=2, target=8),
)  # fmt: skip

COUNTRIES = (
    CountryPlan("ES", "OPEN", 478, 348, 3, 38, amended=95),
    CountryPlan("DE", "OPEN", 476, 341, 3, 30, amended=88),
    CountryPlan("US", "OPEN", 470, 340, 4, 34, amended=118),
    CountryPlan("GB", "OPEN", 455, 316, 2, 18),
    CountryPlan("PL", "OPEN", 450, 302, 3, 22, amended=67),
    CountryPlan("CZ", "OPEN", 340, 214, 1, 8),
)


def _visits():
    yield VisitPlan("Screening", "Screening", -28, 0, 27, ("Informed consent", "Eligibility", *ALWAYS))
    yield VisitPlan("Day 1", "Treatment", 0, 0, 0, ("Eligibility", *ALWAYS, "Dispensing"))
    for week in (2, 4, 8, 12, 16, 20, 24):
        window = 3 if week <= 12 else 7
        yield VisitPlan(f"Week {week}", "Treatment", 7 * week, window, window, (*ALWAYS, "Dispensing"))
    yield VisitPlan("Follow-up week 28", "Follow-up", 196, 7, 7, ALWAYS)


MILESTONES = (
    # kind, name, days from today: baseline, planned, reached; of which country or site
    MilestonePlan("CONTRACT_SIGNED", "Contract signed", -486, -486, -484),
    MilestonePlan("KICK_OFF", "Sponsor kick-off meeting", -478, -476, -475),
    MilestonePlan("PROTOCOL_APPROVAL", "Final protocol approved", -450, -440, Fact.FINAL_PROTOCOL),
    MilestonePlan("FIRST_SUBMISSION", "First regulatory submission", -424, -416, -413),
    MilestonePlan("PUBLIC_REGISTRATION", "Public registration", -400, -395, -396),
    MilestonePlan("MONITORING_PLAN", "Monitoring plan approved", -390, -380, -378),
    MilestonePlan("FIRST_APPROVAL", "First regulatory approval", -362, -350, Fact.FIRST_DECISION),
    MilestonePlan("FIRST_SITE_ACTIVATED", "First site activated", -340, -330, Fact.FIRST_ACTIVATION),
    MilestonePlan("FIRST_SUBJECT_IN", "First subject in", -310, -286, Fact.FIRST_ENROLMENT),
    MilestonePlan("OTHER", "Half of the subjects in", -152, -110, Fact.HALF_ENROLLED),
    MilestonePlan("OTHER", "Amendment 1 approved in every country", -30, -4),
    MilestonePlan("OTHER", "Last site activated", -30, -6),
    MilestonePlan("OTHER", "Interim data review", 9, 12),
    MilestonePlan("LAST_SUBJECT_IN", "Last subject in", 31, 77),
    MilestonePlan("LAST_SUBJECT_LAST_VISIT", "Last subject last visit", 266, 290),
    MilestonePlan("DATABASE_LOCK", "Database lock", 315, 340),
    MilestonePlan("CLINICAL_STUDY_REPORT", "Clinical study report final", 430, 455),
    MilestonePlan("FIRST_APPROVAL", "Regulatory approval, Spain", -362, -350, Fact.FIRST_DECISION, "ES"),
    MilestonePlan("FIRST_SITE_ACTIVATED", "First site activated, Spain", -340, -330, Fact.FIRST_ACTIVATION, "ES"),
    MilestonePlan("FIRST_APPROVAL", "Regulatory approval, Germany", -355, -345, Fact.FIRST_DECISION, "DE"),
    MilestonePlan("FIRST_SITE_ACTIVATED", "First site activated, Germany", -332, -322, Fact.FIRST_ACTIVATION, "DE"),
    MilestonePlan("FIRST_APPROVAL", "Regulatory approval, Poland", -330, -310, Fact.FIRST_DECISION, "PL"),
    MilestonePlan("FIRST_SITE_ACTIVATED", "First site activated, Poland", -300, -280, Fact.FIRST_ACTIVATION, "PL"),
    MilestonePlan("SITE_ACTIVATED", "Site activated, 4002", -30, 33, of="4002"),
)  # fmt: skip

VEL = StudyPlan(
    key="vel",
    number="VEL-301",
    sponsor="halden",
    header={
        "short_name": "Velatorib in atopic dermatitis",
        "title": "A randomised, double-blind, placebo-controlled study of velatorib in adults with moderate to severe "
        "atopic dermatitis",
        "phase": "III",
        "study_type": "INTERVENTIONAL",
        "therapeutic_area": "Dermatology",
        "indication": "Atopic dermatitis",
        "masking": "DOUBLE",
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "planned_sites": 16,
        "planned_countries": 6,
        "planned_screened": 215,
        "planned_enrolled": 150,
    },
    nct="NCT99030101",
    status="RECRUITING",
    passed=(("START_UP", 480),),
    since=333,
    countries=COUNTRIES,
    sites=SITES,
    versions=(("1.0", 441, "SUPERSEDED"), ("2.0", 150, "EFFECTIVE")),
    amendments=(("1", "Amendment 1", 150, "A pregnancy test at each visit, and the window of week 16 widened."),),
    arms=(("Velatorib 200 mg", "EXPERIMENTAL"), ("Placebo", "PLACEBO_COMPARATOR")),
    epochs=("Screening", "Treatment", "Follow-up"),
    visits=tuple(_visits()),
    milestones=MILESTONES,
    course=Course(
        last_treatment="Week 24",
        follow_up="Follow-up week 28",
        done=39,
        done_after=206,
        off=4,
        off_within=(174, 192),
        treated_within=160,
        ends=(("WITHDRAWN", "WITHDRAWAL_BY_SUBJECT", 2), ("WITHDRAWN", "ADVERSE_EVENT", 1),
              ("LOST_TO_FOLLOW_UP", "LOST_TO_FOLLOW_UP", 1)),
    ),
    team=(
        ("pm", "project_manager"), ("lead", "clinical_lead"), ("ssu", "start_up"), ("tmf", "tmf_specialist"),
        ("finance", "finance"), ("finance2", "finance"), ("medical", "medical_monitor"), ("sponsor", "sponsor"),
    ),
    started=486,
    deviations=88,
    important=11,
)  # fmt: skip
