"""The sponsor budgets of the three studies: what was agreed, line by line."""

from dataclasses import dataclass, field

AMERICA, WESTERN, EASTERN = ["US", "CA", "AU"], ["ES", "DE", "GB", "FR", "IT"], ["PL", "CZ", "HU"]
ON_SITE = ["ON_SITE", "HYBRID"]


@dataclass(frozen=True)
class Line:
    """
    One line of a contract; `cost` is the house's part.

    :param earned: units a month counted by hand, the month before last at the end
    """

    code: str
    group: str
    task: str
    unit: str
    price: str
    units: str
    driver: str = "MANUAL"
    visit_types: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    earned: tuple[int, ...] = ()
    cost: str = "0.66"
    kind: str = "FEE"


@dataclass(frozen=True)
class Contract:
    """
    What one study was contracted for, and how it is billed.

    :param invoices: [(months from today of the first and last month, days ago it was sent, how it stands)]
    :param change: (why, scope, sites assumed then, {line: units more})
    """

    study: str
    number: str
    purchase_order: str
    since: int
    lasts: int
    sites: int
    visits: int
    subjects: int
    months: int
    lines: tuple[Line, ...]
    invoices: tuple[tuple, ...] = ()
    change: tuple = ()
    dispute: str = ""


def _monitoring(america, western, eastern, remote=0):
    days = "VISIT_DAY_REPORTED"
    yield Line("MON-01", "MONITORING", "Interim monitoring, Western Europe", "VISIT_DAY", "2950", western, days,
               ["IMV"], ON_SITE, WESTERN)  # fmt: skip
    yield Line("MON-02", "MONITORING", "Interim monitoring, Central and Eastern Europe", "VISIT_DAY", "2150", eastern,
               days, ["IMV"], ON_SITE, EASTERN)  # fmt: skip
    yield Line("MON-05", "MONITORING", "Interim monitoring, overseas", "VISIT_DAY", "4200", america, days, ["IMV"],
               ON_SITE, AMERICA)  # fmt: skip
    if remote:
        yield Line(
            "MON-03", "MONITORING", "Remote visit, report only", "REPORT", "1350", remote, "REMOTE_REPORT"
        )


def _pass_through(travel, fees, couriers, earned):
    for code, group, task, price, each in (
        ("PT-01", "MONITORING", "Travel of monitors, at cost", travel, earned[0]),
        ("PT-02", "REGULATORY", "Fees of authorities and ethics committees, at cost", fees, earned[1]),
        ("PT-03", "SITE_MANAGEMENT", "Couriers, translations and printing, at cost", couriers, earned[2]),
    ):
        amount, units = price
        yield Line(code, group, task, "MODULE", amount, units, earned=each, cost="1.00", kind="PASS_THROUGH")


VEL = Contract(
    "vel", "HTX-CSA-0301", "4500187320", 486, 913, 16, 214, 150, 30,
    (
        Line("SU-01", "START_UP", "Site qualification visit", "VISIT", "2250", "16", "REPORT_APPROVED", ["SQV"]),
        Line("SU-02", "START_UP", "Site initiation visit", "VISIT", "3300", "15", "REPORT_APPROVED", ["SIV"]),
        Line("SU-03", "START_UP", "Start-up package of a country", "COUNTRY", "34600", "6",
             earned=(1, 2, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)),
        Line("REG-01", "REGULATORY", "Submission to authority or ethics committee", "SUBMISSION", "3450", "28",
             "SUBMISSION_FILED"),
        Line("SM-01", "SITE_MANAGEMENT", "Site management", "SITE_MONTH", "460", "400", "SITE_MONTH", cost="0.58"),
        *_monitoring("42", "66", "32", "40"),
        Line("MON-04", "MONITORING", "For-cause and co-monitoring visit", "VISIT", "2950", "4", "REPORT_APPROVED",
             ["FCV", "CMV"]),
        Line("PM-01", "PROJECT_MANAGEMENT", "Project management", "STUDY_MONTH", "14800", "30", "STUDY_MONTH",
             cost="0.71"),
        Line("MED-01", "SAFETY", "Medical monitoring", "STUDY_MONTH", "5150", "30", "STUDY_MONTH"),
        Line("DM-01", "DATA_MANAGEMENT", "Data management", "STUDY_MONTH", "9400", "30", "STUDY_MONTH"),
        Line("PM-02", "PROJECT_MANAGEMENT", "Set-up of the study: plans, systems, vendors", "MODULE", "218300", "1",
             earned=(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        Line("PM-03", "START_UP", "Investigator meeting", "MEETING", "98000", "2",
             earned=(1, 0, 0, 1, 0, 0, 0, 0, 0, 0)),
        Line("DM-02", "DATA_MANAGEMENT", "Building and testing of the data base", "MODULE", "131000", "3",
             earned=(1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)),
        Line("STA-01", "STATISTICS", "Tables, listings and figures", "OUTPUT", "540", "560",
             earned=(0, 0, 0, 74, 0, 88, 0, 46, 66, 63, 37)),
        Line("MW-01", "MEDICAL_WRITING", "Clinical study report", "DOCUMENT", "58000", "1"),
        Line("SAF-01", "SAFETY", "Processing of serious adverse events", "SAE", "410", "340",
             earned=(0, 4, 8, 12, 11, 18, 14, 17, 22, 16, 18)),
        Line("TMF-01", "TMF", "Keeping the trial master file", "STUDY_MONTH", "3650", "30", "STUDY_MONTH"),
        Line("CO-01", "CLOSE_OUT", "Close-out visit", "VISIT", "2900", "15", "REPORT_APPROVED", ["COV"]),
        *_pass_through(("2180", "290"), ("3350", "60"), ("1", "1026800"),
                       ((12, 14, 17, 18, 21, 19, 18, 22, 19, 20), (9, 14, 6, 5, 2, 3, 0, 1, 2, 4),
                        (44380, 49310, 58190, 65070, 61210, 69430, 62520, 74310, 71490, 69390))),
    ),
    invoices=((-16, -11, 300, "PAID"), (-10, -7, 170, "PAID"), (-6, -5, 110, "PAID"), (-4, -3, 47, "SENT"),
              (-2, -2, 20, "DISPUTED")),
    dispute="The sponsor counts one monitoring day less in Dresden; the visit's report was sent to them.",
)  # fmt: skip

KIN = Contract(
    "kin", "HTX-CSA-0204", "4500191184", 334, 1190, 10, 128, 40, 39,
    (
        Line("SU-01", "START_UP", "Site qualification visit", "VISIT", "2250", "10", "REPORT_APPROVED", ["SQV"]),
        Line("SU-02", "START_UP", "Site initiation visit", "VISIT", "3300", "9", "REPORT_APPROVED", ["SIV"]),
        Line("SU-03", "START_UP", "Start-up package of a country", "COUNTRY", "17750", "5",
             earned=(0, 1, 1, 1, 1, 0, 0, 0)),
        Line("REG-01", "REGULATORY", "Submission to authority or ethics committee", "SUBMISSION", "6900", "12",
             "SUBMISSION_FILED"),
        Line("SM-01", "SITE_MANAGEMENT", "Site management", "SITE_MONTH", "460", "265", "SITE_MONTH", cost="0.58"),
        *_monitoring("62", "71", "0.5"),
        Line("PM-01", "PROJECT_MANAGEMENT", "Project management", "STUDY_MONTH", "14800", "39", "STUDY_MONTH",
             cost="0.73"),
        Line("DM-01", "DATA_MANAGEMENT", "Data management", "STUDY_MONTH", "7900", "39", "STUDY_MONTH"),
        Line("STA-01", "STATISTICS", "Tables, listings and figures", "OUTPUT", "540", "310",
             earned=(0, 0, 0, 22, 0, 0)),
        Line("MW-01", "MEDICAL_WRITING", "Clinical study report", "DOCUMENT", "58000", "1"),
        Line("SAF-01", "SAFETY", "Processing of serious adverse events", "SAE", "410", "130", earned=(0, 1, 1, 2, 3)),
        Line("TMF-01", "TMF", "Keeping the trial master file", "STUDY_MONTH", "3150", "39", "STUDY_MONTH"),
        Line("CO-01", "CLOSE_OUT", "Close-out visit", "VISIT", "2900", "9", "REPORT_APPROVED", ["COV"]),
        *_pass_through(("2390", "170"), ("3350", "48"), ("1", "742900"),
                       ((3, 4, 4, 5, 5), (7, 9, 6, 3, 1, 2), (14820, 18115, 17240, 21093, 19940))),
    ),
    invoices=((-11, -4, 76, "PAID"), (-3, -2, 24, "SENT")),
    change=("MORE_SITES", "Two sites more in Italy and Australia, as those chosen first sign late.", 12,
            {"SU-01": 2, "SU-02": 2, "SU-03": 1, "REG-01": 2, "SM-01": 48, "MON-01": 22, "MON-05": 3, "CO-01": 2}),
)  # fmt: skip

COR = Contract(
    "cor", "CRV-TRF-0207", "PO-88213", 304, 520, 12, 71, 96, 17,
    (
        Line("TR-01", "START_UP", "Take-over of the study", "MODULE", "96500", "1", earned=(1, 0, 0, 0, 0, 0, 0, 0)),
        Line("SM-01", "SITE_MANAGEMENT", "Site management", "SITE_MONTH", "460", "168", "SITE_MONTH", cost="0.58"),
        *_monitoring("22", "29", "71"),
        Line("PM-01", "PROJECT_MANAGEMENT", "Project management", "STUDY_MONTH", "14800", "17", "STUDY_MONTH",
             cost="0.71"),
        Line("DM-01", "DATA_MANAGEMENT", "Data management", "STUDY_MONTH", "9400", "17", "STUDY_MONTH"),
        Line("STA-01", "STATISTICS", "Tables, listings and figures", "OUTPUT", "540", "360",
             earned=(0, 0, 24, 0, 0, 36, 0, 61)),
        Line("MW-01", "MEDICAL_WRITING", "Clinical study report", "DOCUMENT", "58000", "1"),
        Line("SAF-01", "SAFETY", "Processing of serious adverse events", "SAE", "410", "90",
             earned=(6, 9, 7, 5, 6, 3, 4, 2)),
        Line("TMF-01", "TMF", "Keeping the trial master file", "STUDY_MONTH", "3650", "17", "STUDY_MONTH"),
        Line("CO-01", "CLOSE_OUT", "Close-out visit", "VISIT", "2900", "12", "REPORT_APPROVED", ["COV"]),
        *_pass_through(("1940", "78"), ("2850", "22"), ("1", "365600"),
                       ((6, 5, 7, 6, 6, 5, 4), (3, 1, 2, 0, 1, 2, 1),
                        (21340, 24418, 19870, 22655, 20190, 18325, 17610))),
    ),
    invoices=((-10, -4, 68, "PAID"), (-3, -3, 41, "SENT")),
)  # fmt: skip

CONTRACTS = (VEL, KIN, COR)
