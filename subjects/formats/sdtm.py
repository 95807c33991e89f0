"""
SDTM data sets DM, SV and DS -> what they say of subjects and their visits, in this product's terms.

Which column becomes what: DM is the subject (USUBJID its identity, SITEID its site, RFICDTC or else DMDTC its consent,
RFXSTDTC or else RFSTDTC its first dose, RFXENDTC the end of treatment, DTHDTC death, ARM or ACTARM its allocation);
DS a randomisation (PROTOCOL MILESTONE) and how participation ended (DISPOSITION EVENT); SV its visits.
"""

import datetime
import re
from collections import Counter

from .dataset import DatasetRefused
from .said import Problem, Said, SubjectSaid, VisitSaid

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:$|[T ])")
_PARTIAL = re.compile(r"\d{4}(-\d{2})?$")
NO_ARM = frozenset(
    {"", "SCRNFAIL", "SCREEN FAILURE", "NOTASSGN", "NOT ASSIGNED", "NOTTRT", "NOT TREATED", "UNPLAN"}
)
DOMAINS = ("DM", "SV", "DS")


def domain_of(dataset):
    """Return DM, SV or DS, from the rows' own DOMAIN or else the data set's name; "" = none of them."""
    if "DOMAIN" in dataset.columns and dataset.rows:
        at = dataset.columns.index("DOMAIN")
        said = {str(row[at]).upper() for row in dataset.rows}
        if len(said) == 1 and said <= set(DOMAINS):
            return said.pop()
    return dataset.name if dataset.name in DOMAINS else ""


def read_sdtm(datasets):
    """
    Return what DM, SV and DS say together.

    :param datasets: {domain: Dataset}
    :raises DatasetRefused: a data set lacks the columns it is read by
    """
    said = Said()
    for domain, needed in (
        ("DM", ("USUBJID", "SITEID")),
        ("SV", ("USUBJID", "SVSTDTC")),
        ("DS", ("USUBJID", "DSDECOD")),
    ):
        if domain in datasets and (missing := [c for c in needed if c not in datasets[domain].columns]):
            raise DatasetRefused(f"{domain} has no column {', '.join(missing)}.")
    subjects = _demographics(datasets.get("DM"), said)
    _dispositions(datasets.get("DS"), subjects, said)
    _visits(datasets.get("SV"), subjects, said)
    said.subjects = list(subjects.values())
    for subject in said.subjects:
        _settle(subject)
    return said


# --- DM -----------------------------------------------------------------------------------------------


def _demographics(dataset, said):
    subjects: dict[str, SubjectSaid] = {}
    if dataset is None:
        return subjects
    by_collection = 0
    short = Counter(_text(record.get("SUBJID")) for _row, record in dataset.records())
    once = set(short.values()) == {1} and "" not in short
    for row, record in dataset.records():
        key = _text(record.get("USUBJID"))
        if not key:
            said.problems.append(Problem("DM", row, "USUBJID", "is empty and must not be"))
            continue
        if key in subjects:
            sentence = f"is the same subject as row {subjects[key].row}"
            said.problems.append(Problem("DM", row, "USUBJID", sentence))
            continue
        subject = SubjectSaid(key, row, number=_text(record.get("SUBJID")) if once else key)
        subject.site, subject.country = _text(record.get("SITEID")), _text(record.get("COUNTRY"))
        subject.sex = _sex(record.get("SEX"))
        subject.age = _age(record, row, said)
        by_collection += _days(subject, record, said)
        subject.arm = _arm(record)
        if (
            _text(record.get("ARMCD")).upper() == "SCRNFAIL"
            or "SCREEN FAIL" in _text(record.get("ARM")).upper()
        ):
            subject.end = "SCREEN_FAILED"
        if _text(record.get("DTHFL")).upper() == "Y" or "died_on" in subject.days:
            subject.end = "DIED"
        subjects[key] = subject
    if by_collection:
        said.notes.append(
            f"{by_collection} subjects have no day of consent (RFICDTC); the day of collection (DMDTC) was taken."
        )
    return subjects


def _days(subject, record, said):
    """Keep the days of a row of DM; returns 1 where the day of consent had to be presumed."""
    for name, columns in (
        ("consented_on", ("RFICDTC", "DMDTC")),
        ("first_dose_on", ("RFXSTDTC",) if "RFXSTDTC" in record else ("RFSTDTC",)),
        ("treatment_ended_on", ("RFXENDTC",)),
        ("last_seen_on", ("RFPENDTC", "RFENDTC")),
        ("died_on", ("DTHDTC",)),
    ):
        for column in columns:
            day = _day(record.get(column), "DM", subject.row, column, said)
            if day is not None:
                subject.days[name] = day
                break
    return int("consented_on" in subject.days and not _text(record.get("RFICDTC")))


def _sex(value):
    said = _text(value).upper()
    return {"F": "F", "FEMALE": "F", "M": "M", "MALE": "M"}.get(said, "U" if said else "")


def _age(record, row, said):
    value, unit = record.get("AGE"), _text(record.get("AGEU")).upper()
    if _text(value) == "" or unit not in ("", "YEARS", "YEAR"):
        return None
    try:
        age = float(value)
    except ValueError:
        age = -1.0
    if not 0 <= age <= 120:
        said.problems.append(Problem("DM", row, "AGE", f"{_shown(value)} is no age in years"))
        return None
    return int(age)


def _arm(record):
    for column in ("ACTARM", "ARM"):
        if (arm := _text(record.get(column))).upper() not in NO_ARM:
            return arm
    return ""


# --- DS -----------------------------------------------------------------------------------------------

_ENDS = {"COMPLETED": "COMPLETED", "DEATH": "DIED", "LOST TO FOLLOW-UP": "LOST_TO_FOLLOW_UP"}
_REASONS = {
    "ADVERSE EVENT": "ADVERSE_EVENT",
    "DEATH": "DEATH",
    "LACK OF EFFICACY": "LACK_OF_EFFICACY",
    "LOST TO FOLLOW-UP": "LOST_TO_FOLLOW_UP",
    "NON-COMPLIANCE WITH STUDY DRUG": "NON_COMPLIANCE",
    "PHYSICIAN DECISION": "PHYSICIAN_DECISION",
    "PREGNANCY": "PREGNANCY",
    "PROGRESSIVE DISEASE": "PROGRESSIVE_DISEASE",
    "DISEASE PROGRESSION": "PROGRESSIVE_DISEASE",
    "PROTOCOL DEVIATION": "PROTOCOL_DEVIATION",
    "PROTOCOL VIOLATION": "PROTOCOL_DEVIATION",
    "RECOVERY": "RECOVERY",
    "STUDY TERMINATED BY SPONSOR": "STUDY_TERMINATED",
    "TECHNICAL PROBLEMS": "TECHNICAL_PROBLEMS",
    "WITHDRAWAL BY SUBJECT": "WITHDRAWAL_BY_SUBJECT",
    "WITHDRAWAL BY PARENT/GUARDIAN": "WITHDRAWAL_BY_SUBJECT",
    "SITE TERMINATED BY SPONSOR": "SITE_TERMINATED",
}
_FAILURES = {
    "WITHDRAWAL BY SUBJECT": "CONSENT_WITHDRAWN",
    "LOST TO FOLLOW-UP": "LOST_CONTACT",
    "PHYSICIAN DECISION": "INVESTIGATOR_DECISION",
    "STUDY TERMINATED BY SPONSOR": "STUDY_CLOSED",
}


def _dispositions(dataset, subjects, said):
    if dataset is None:
        return
    alone = not subjects
    for row, record in dataset.records():
        key, code = _text(record.get("USUBJID")), _text(record.get("DSDECOD")).upper()
        if key not in subjects:
            if not alone:
                said.problems.append(Problem("DS", row, "USUBJID", f"{_shown(key)} is no subject of DM"))
                continue
            subjects[key] = SubjectSaid(key, row, source="DS")
        day = _day(record.get("DSSTDTC"), "DS", row, "DSSTDTC", said) or _day(
            record.get("DSDTC"), "DS", row, "DSDTC", said
        )
        _disposition(subjects[key], record, code, day)


def _disposition(subject, record, code, day):
    category, part = _text(record.get("DSCAT")).upper(), _text(record.get("DSSCAT")).upper()
    if category in ("PROTOCOL MILESTONE", "") and code in ("RANDOMIZED", "RANDOMISED", "ENROLLED"):
        _first(subject, "randomised_on", day)
    elif category == "PROTOCOL MILESTONE" and code == "INFORMED CONSENT OBTAINED" and day:
        subject.days["consented_on"] = day
    elif category not in ("DISPOSITION EVENT", "") or not code:
        return
    elif ("SCREEN" in code and "FAIL" in code) or code in ("FAILURE TO MEET RANDOMIZATION CRITERIA",):
        subject.end = "SCREEN_FAILED"
        _first(subject, "screen_failed_on", day)
    elif "TREATMENT" in part and "STUDY PARTICIPATION" not in part:
        if day:
            subject.days["treatment_ended_on"] = day
        if code != "COMPLETED":
            subject.treatment_end_reason = _REASONS.get(code, "OTHER")
    elif subject.end == "SCREEN_FAILED":
        subject.screen_failure_reason = _FAILURES.get(code, "OTHER")
        _first(subject, "screen_failed_on", day)
    else:
        if subject.end != "DIED":
            subject.end = _ENDS.get(code, "WITHDRAWN")
        if code != "COMPLETED":
            subject.end_reason = _REASONS.get(code, "OTHER")
        if day:
            subject.days["ended_on"] = day


def _first(subject, name, day):
    if day is not None:
        subject.days[name] = min(day, subject.days.get(name, day))


def _settle(subject):
    """Bring the days of a subject to the state they add up to; a screen failure was neither treated nor ended."""
    days = subject.days
    last, died = days.pop("last_seen_on", None), days.pop("died_on", None)
    if subject.end == "SCREEN_FAILED":
        days["screen_failed_on"] = days.get("screen_failed_on") or days.pop("ended_on", None) or last
        if days["screen_failed_on"] is None:
            days["screen_failed_on"] = days.get("consented_on")
        for name in ("randomised_on", "first_dose_on", "treatment_ended_on", "ended_on"):
            days.pop(name, None)
        subject.screen_failure_reason = subject.screen_failure_reason or "OTHER"
        subject.end, subject.end_reason = "", ""
        if days["screen_failed_on"] is None:
            del days["screen_failed_on"]
        return
    if subject.end == "DIED":
        days["ended_on"] = died or days.get("ended_on") or last
        subject.end_reason = "DEATH"
        if days["ended_on"] is None:
            del days["ended_on"]
    # A treatment that is said to have ended after the participation ended with it.
    ended, treated = days.get("ended_on"), days.get("treatment_ended_on")
    if ended and treated and treated > ended:
        days["treatment_ended_on"] = ended
    if "first_dose_on" not in days:
        days.pop("treatment_ended_on", None)


# --- SV -----------------------------------------------------------------------------------------------


def _visits(dataset, subjects, said):
    if dataset is None:
        return
    seen: Counter = Counter()
    left_out = 0
    for row, record in dataset.records():
        key = _text(record.get("USUBJID"))
        if not key or (subjects and key not in subjects):
            said.problems.append(Problem("SV", row, "USUBJID", f"{_shown(key)} is no subject of DM"))
            continue
        number, name = _visit_number(record.get("VISITNUM")), _text(record.get("VISIT"))
        if not number and not name:
            said.problems.append(
                Problem("SV", row, "VISITNUM", "neither VISITNUM nor VISIT says which visit it is")
            )
            continue
        occurred = _text(record.get("SVOCCUR")).upper()
        day = _day(record.get("SVSTDTC"), "SV", row, "SVSTDTC", said)
        if day is None and occurred != "N":
            left_out += 1
            continue
        seen[key, number or name] += 1
        times = seen[key, number or name]
        visit = VisitSaid(
            key, row, number=number, name=name or f"Visit {number}", occurred_on=day, missed=occurred == "N"
        )
        # The same number again is a visit beside the schedule, whatever it is called.
        visit.unscheduled = name.upper().startswith("UNSCHED") or times > 1
        visit.key = f"SV/{number or name}"[:110] + (f"#{times}" if times > 1 else "")
        said.visits.append(visit)
    if left_out:
        said.notes.append(f"{left_out} visits have no day, or no whole day, and were left out.")


def _visit_number(value):
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) < 1e15 else ""
    written = _text(value)
    try:
        return f"{float(written):g}" if written and abs(float(written)) < 1e15 else ""
    except ValueError:
        return written[:20]


# --- cells --------------------------------------------------------------------------------------------


def _text(value):
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _shown(value):
    """Return a cell for a sentence; what a damaged file holds may be long or nothing at all."""
    written = "".join(letter if letter.isprintable() else "?" for letter in str(value))[:40]
    return written or "an empty cell"


def _day(value, domain, row, column, said):
    """Return the day of an ISO 8601 text; a part of a date is no day, and what is no date is a problem."""
    written = _text(value)
    if not written or _PARTIAL.match(written) or written.startswith("--"):
        return None
    if found := _DAY.match(written):
        try:
            return datetime.date.fromisoformat(found[1])
        except ValueError:
            pass
    said.problems.append(Problem(domain, row, column, f"{_shown(written)} is no date in ISO 8601"))
    return None
