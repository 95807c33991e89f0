"""
Write what files say of subjects and their visits: all of it or nothing, as often as they are brought.

Whose a value is: the feed's, until a person changes it here. `fed` keeps what the last file said; a value that is
neither what that file said nor what this one says was changed by hand: it stays, and the report says so.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.access.scoping import everything
from ctms.accounts.models import SYSTEM
from ctms.audit.context import acting_as
from ctms.workflow.declare import TransitionRefused, flow_with
from ctms.workflow.engine import adopt_many, perform
from studies.models import Arm, ProtocolVersion, StudySite
from subjects.calculations import disorder_of, state_reached, window_of
from subjects.formats.said import Problem
from subjects.models import (
    DAY_OF_STATE,
    ENDED,
    Allocation,
    Consent,
    ConsentStatus,
    Subject,
    SubjectStatus,
    SubjectVisit,
    SubjectVisitStatus,
    VisitKind,
    numbers_given,
    subject_code,
)

from .allocating import may_record, new_allocation
from .scheduling import BATCH, asked_by, due_visits, new_visit, plan_of
from .subject_days import days_of, green_light_on
from .taking_over_sites import make_sites

IMPORT = "subjects.import_subjects"
LONGEST_KEY = 120
EARLIEST = datetime.date(1950, 1, 1)


@dataclass
class PeopleReport:
    """What became of the rows; with errors, nothing was written."""

    counts: dict[str, Counter] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False

    def count(self, what, done):
        self.counts.setdefault(what, Counter())[done] += 1

    @property
    def unchanged(self):
        return not any(counter["created"] or counter["updated"] for counter in self.counts.values())


class _TakenBack(Exception):
    """A rehearsal, or a row that cannot be written: undo all."""


def bring_people(*, actor, study, said, reason, now, dry_run=False, may_make_sites=False):
    """
    Bring what files say to a study; returns a PeopleReport.

    :param said: formats.said.Said
    :param now: the moment, by which each site's today is known
    """
    report = PeopleReport(errors=list(said.problems), notes=list(said.notes), dry_run=dry_run)
    try:
        with acting_as(actor, reason=reason), everything("a file is compared with all subjects of its study"):
            if not report.errors:
                _Bringing(actor, study, said, reason, now, report, may_make_sites).bring()
            if report.errors or dry_run:
                raise _TakenBack
    except _TakenBack:
        pass
    except (IntegrityError, DataError) as refused:
        sentence = str(refused).strip().split("\n")[0]
        report.errors.append(Problem("", 0, "", sentence))
    if report.errors:
        report.counts = {}
    return report


class _Bringing:
    """One import: what is there, what is said, what is new."""

    def __init__(self, actor, study, said, reason, now, report, may_make_sites):
        self.actor, self.study, self.said, self.reason, self.now = actor, study, said, reason, now
        self.report, self.may_make_sites = report, may_make_sites
        self.new = []  # (Subject, SubjectSaid)

    def bring(self):
        self.read_what_is_there()
        for one in self.said.subjects:
            self.take(one, self.subject)
        self.refuse_what_is_twice()
        if self.report.errors:
            return
        self.write_new_subjects()
        self.index_subjects()
        signed = Consent.objects.filter(study=self.study, status=ConsentStatus.SIGNED).order_by(
            "signed_on", "pk"
        )
        self.consented = dict(
            signed.filter(protocol_version__isnull=False).values_list("subject", "protocol_version")
        )
        self.bring_visits()
        if self.report.errors:
            return
        self.schedule_new()

    def take(self, one, step):
        """Do one row in a savepoint of its own, and keep what is wrong with it."""
        try:
            with transaction.atomic():
                step(one)
        except _Wrong as wrong:
            self.report.errors.append(Problem(one.source, one.row, wrong.column, wrong.sentence))
        except TransitionRefused as refused:
            self.report.errors.append(Problem(one.source, one.row, "", refused.sentence))
        except ValidationError as refused:
            self.report.errors.append(Problem(one.source, one.row, "", " ".join(refused.messages)))
        except (IntegrityError, DataError) as refused:
            sentence = str(refused).strip().split("\n")[0]
            self.report.errors.append(Problem(one.source, one.row, "", sentence))

    # --- what is there --------------------------------------------------------------------------------

    def read_what_is_there(self):
        if self.may_make_sites:
            made = make_sites(actor=self.actor, study=self.study, said=self.said.subjects, reason=self.reason)
            for _site in made:
                self.report.count("sites", "created")
        sites = StudySite.objects.filter(study=self.study).exclude(number="")
        self.sites = {site.number: site for site in sites.select_related("study", "country__nation")}
        self.green_lights = {site.pk: green_light_on(site) for site in self.sites.values()}
        self.may = {site.pk: self.may_import(site) for site in self.sites.values()}
        self.may_allocate = {
            site.pk: may_record(self.actor, self.study, site) for site in self.sites.values()
        }
        if self.said.names_allocation and not all(self.may_allocate.values()):
            self.report.notes.append(
                _(
                    "What a file says on treatment allocation is the unblinded team's to record; it was left out."
                )
            )
        self.versions = {v.label.casefold(): v for v in ProtocolVersion.objects.filter(study=self.study)}
        self.arms = {}
        for arm in Arm.objects.filter(study=self.study):
            self.arms |= {text.casefold(): arm for text in (arm.name, arm.label) if text}
        self.plan = plan_of(self.study.pk)
        self.index_subjects()

    def index_subjects(self):
        rows = Subject.objects.filter(study=self.study).select_related("site__country__nation", "study")
        self.by_key, self.by_number = {}, {}
        self.numbers_used = set(numbers_given(self.study.pk).values_list("number", flat=True))
        for subject in rows:
            self.by_number[subject.number] = subject
            if subject.source_key:
                self.by_key[subject.source_key] = subject

    def may_import(self, site):
        if self.actor.username == SYSTEM and self.actor.is_active:
            return True
        return access_of(self.actor).allows_at(IMPORT, site.place())

    def site_called(self, number):
        """Return the site; a place where the actor brings nothing is not told from one that does not exist."""
        site = self.sites.get(number) or self._without_leading_zeros(number)
        if site is None or not self.may[site.pk]:
            raise _Wrong("SITE", _("%s is no site of this study where you bring subjects") % (number or "—"))
        return site

    def _without_leading_zeros(self, number):
        plain = number.lstrip("0")
        found = [site for known, site in self.sites.items() if known.lstrip("0") == plain and plain]
        return found[0] if len(found) == 1 else None

    # --- subjects -------------------------------------------------------------------------------------

    def subject(self, said):
        if len(said.key) > LONGEST_KEY:
            raise _Wrong("USUBJID", _("has more than %d characters") % LONGEST_KEY)
        subject = self.by_key.get(said.key) if said.key else None
        subject = subject or self.by_number.get(said.number)
        if subject is None:
            self.new_subject(said)
        else:
            self.known_subject(subject, said)

    def new_subject(self, said):
        if not said.site:
            raise _Wrong("SITE", _("is empty and must not be for a new subject"))
        site = self.site_called(said.site)
        self.check_code(said.number, "NUMBER")
        if said.number in self.numbers_used:
            raise _Wrong("NUMBER", _("another subject had %s; numbers are never used again") % said.number)
        for code in (said.screening_number, said.randomisation_number):
            if code:
                self.check_code(code, "NUMBER")
        subject = Subject(
            site=site, number=said.number, source_key=said.key, sex=said.sex, age_at_consent=said.age
        )
        subject.screening_number, subject.randomisation_number = (
            said.screening_number,
            said.randomisation_number,
        )
        subject.screen_failure_reason = said.screen_failure_reason
        subject.treatment_end_reason, subject.end_reason = said.treatment_end_reason, said.end_reason
        subject.screened_before_as = self.former(said)
        for name, day in said.days.items():
            setattr(subject, name, day)
        self.check_days(subject, site, said.days)
        state = state_reached(said.days, said.end)
        subject.fed = _fed_of(said, state)
        subject.fill_place()
        subject.count_enrolment()
        self.new.append((subject, said, state))
        self.report.count("subjects", "created")

    def former(self, said):
        if not said.former:
            return None
        former = self.by_number.get(said.former)
        if former is None or former.status != "SCREEN_FAILED":
            raise _Wrong("FORMER", _("%s is no screen failure of this study") % said.former)
        return former

    def check_code(self, value, column):
        try:
            subject_code(value)
        except ValidationError as refused:
            raise _Wrong(column, " ".join(refused.messages)) from None

    def check_days(self, subject, site, days):
        if sentence := disorder_of(days_of(subject)):
            raise _Wrong("", sentence)
        today = self.now.astimezone(site.time_zone()).date()
        for day in days.values():
            if day > today:
                raise _Wrong("", _("%s lies in the future") % day.isoformat())
            if day < EARLIEST:
                raise _Wrong("", _("%s lies before any trial kept here") % day.isoformat())
        first = self.green_lights[site.pk]
        if first and days.get("consented_on") and days["consented_on"] < first:
            raise _Wrong("", _("the consent lies before the site's green light on %s") % first.isoformat())

    def refuse_what_is_twice(self):
        seen = {}
        for subject, said, _state in self.new:
            for what in {("number", subject.number), ("key", said.key)} - {("key", "")}:
                if what in seen:
                    sentence = _("is the same subject as row %d") % seen[what]
                    self.report.errors.append(Problem(said.source, said.row, "", sentence))
                    break
                seen[what] = said.row

    def write_new_subjects(self):
        subjects = [subject for subject, _said, _state in self.new]
        Subject.objects.bulk_create(subjects, batch_size=BATCH)
        by_state: dict[str, list] = {}
        for subject, _said, state in self.new:
            by_state.setdefault(state, []).append(subject)
        for state, group in by_state.items():
            if state != "PRE_SCREENED":
                day = DAY_OF_STATE[SubjectStatus(state)]
                days = {subject.pk: getattr(subject, day) for subject in group}
                adopt_many(group, state, actor=self.actor, reason=self.reason, days=days)
        self.write_consents()
        self.write_allocations([(subject, said) for subject, said, _state in self.new])

    def write_consents(self):
        consents = []
        for subject, said, _state in self.new:
            if subject.consented_on:
                version = (
                    self.versions.get(said.protocol_version.casefold()) if said.protocol_version else None
                )
                consent = Consent(
                    subject=subject,
                    form_version=said.form_version[:60],
                    protocol_version=version,
                    signed_on=subject.consented_on,
                )
                consent.fill_place()
                consents.append(consent)
        if consents:
            Consent.objects.bulk_create(consents, batch_size=BATCH)
            days = {consent.pk: consent.signed_on for consent in consents}
            adopt_many(consents, ConsentStatus.SIGNED, actor=self.actor, reason=self.reason, days=days)

    def write_allocations(self, pairs):
        """Write what is not recorded yet, for those in the circle; nobody else learns that there was anything."""
        pairs = [(s, said) for s, said in pairs if (said.arm or said.kit) and self.may_allocate[s.site_id]]
        if not pairs:
            return
        known = set(Allocation.objects.filter(study=self.study).values_list("subject", flat=True))
        rows = []
        for subject, said in pairs:
            if subject.pk not in known:
                arm = self.arms.get(said.arm.casefold())
                allocation = new_allocation(
                    subject, arm=arm, arm_label="" if arm else said.arm[:200], kit_number=said.kit[:40],
                    allocated_on=said.allocated_on or subject.randomised_on,
                )  # fmt: skip
                allocation.fill_place()
                rows.append(allocation)
        Allocation.objects.bulk_create(rows, batch_size=BATCH)

    # --- subjects that are there ----------------------------------------------------------------------

    def known_subject(self, subject, said):
        if not self.may.get(subject.site_id):
            raise _Wrong("SITE", _("the subject is at no site where you bring subjects"))
        if said.site and self.site_called(said.site).pk != subject.site_id:
            raise _Wrong(
                "SITE", _("the subject is at site %s here; transfer it on its page") % subject.site.number
            )
        if said.key and subject.source_key and said.key != subject.source_key:
            raise _Wrong("NUMBER", _("another subject of the feed has this number"))
        before = (subject.version, dict(subject.fed))
        self.check_days(subject, subject.site, said.days)
        fed = dict(subject.fed)
        subject = self.merge_fields(subject, said, fed)
        subject, days_moved = self.merge_days(subject, said, fed)
        if (subject.fed != fed) or (said.key and not subject.source_key):
            subject.fed, subject.source_key = fed, subject.source_key or said.key
            subject.save(update_fields=["fed", "source_key"])
        self.write_allocations([(subject, said)])
        changed = days_moved or (subject.version != before[0] and fed != before[1])
        self.report.count("subjects", "updated" if changed else "unchanged")

    def merge_fields(self, subject, said, fed):
        stated = {
            "sex": said.sex,
            "age_at_consent": said.age,
            "screening_number": said.screening_number,
            "randomisation_number": said.randomisation_number,
        }
        changed = False
        for name, value in stated.items():
            if self.merge(subject, name, value, fed):
                setattr(subject, name, value)
                changed = True
        if changed:
            subject.clean_fields(exclude=["study", "country", "site"])
            subject.save()
        return subject

    def merge(self, subject, name, value, fed):
        """Return whether the file's value is to be written; what a person changed stays, and is reported."""
        if value in (None, ""):
            return False
        here, now, last = _plain(getattr(subject, name)), _plain(value), fed.get(name)
        if here == now:
            fed[name] = now
            return False
        by_hand = here != last if here is not None else last == now
        if (last is None and here is not None) or (last is not None and by_hand):
            self.report.notes.append(
                _(
                    "%(subject)s: %(field)s is %(here)s here and %(said)s in the file; what was written here stays."
                )
                % {
                    "subject": subject.number,
                    "field": subject._meta.get_field(name).verbose_name,
                    "here": here or "—",
                    "said": now,
                }
            )
            return False
        fed[name] = now
        return True

    def merge_days(self, subject, said, fed):
        """Move the subject along by the days that are new, correct those the feed corrected."""
        moved = False
        for name, (move, correct) in _MOVES.items():
            day = said.days.get(name)
            if day is None or not self.merge(subject, name, day, fed):
                continue
            how = move or _ENDS.get(said.end, "withdraw")
            sources = flow_with(subject, how).transitions()[how].sources
            if getattr(subject, name) is not None or subject.status not in sources:
                # Corrected by the feed, or learned only after the subject had gone on.
                subject = perform(subject, correct, actor=self.actor, reason=self.reason, happened_on=day)
            else:
                subject = perform(
                    subject, how, actor=self.actor, reason=self.reason, happened_on=day,
                    choice=_choice(how, said),
                )  # fmt: skip
            moved = True
        state = state_reached(days_of(subject), said.end if subject.status in ENDED else "")
        if said.days and subject.status != state and said.end and fed.get("status") != state:
            self.report.notes.append(
                _("%(subject)s is %(here)s here; the file says otherwise. It stays.")
                % {"subject": subject.number, "here": subject.get_status_display().lower()}
            )
        return subject, moved

    # --- visits ---------------------------------------------------------------------------------------

    def bring_visits(self):
        if not self.said.visits:
            return
        rows = SubjectVisit.objects.filter(study=self.study).order_by("pk")
        self.visits_by_plan, self.visits_by_key = {}, {}
        for visit in rows:
            if visit.planned_visit_id and visit.status != SubjectVisitStatus.VOIDED:
                self.visits_by_plan[visit.subject_id, visit.planned_visit_id] = visit
            if visit.source_key:
                self.visits_by_key[visit.subject_id, visit.source_key] = visit
        self.planned = {}
        for planned in self.plan:
            for name in (planned.name, planned.label):
                self.planned.setdefault(_name(name), []).append(planned)
        self.new_visits = []
        for one in self.said.visits:
            self.take(one, self.visit)
        if not self.report.errors:
            self.write_new_visits()

    def visit(self, said):
        subject = self.by_key.get(said.subject) or self.by_number.get(said.subject)
        if subject is None or not self.may.get(subject.site_id):
            raise _Wrong("SUBJECT", _("%s is no subject where you bring visits") % said.subject[:40])
        if said.occurred_on is not None:
            self.check_visit_day(subject, said.occurred_on)
        planned = None if said.unscheduled else self.planned_for(subject, said)
        known = self.visits_by_key.get((subject.pk, said.key)) if said.key else None
        if known is None and planned is not None:
            known = self.visits_by_plan.get((subject.pk, planned.pk))
            if known is not None and known.pk is None:  # again under another number: beside the schedule
                known = planned = None
        if known is not None:
            self.known_visit(known, said)
        else:
            self.new_visit(subject, planned, said)

    def check_visit_day(self, subject, day):
        if day > self.now.astimezone(subject.site.time_zone()).date():
            raise _Wrong("DAY", _("%s lies in the future") % day.isoformat())
        if day < EARLIEST:
            raise _Wrong("DAY", _("%s lies before any trial kept here") % day.isoformat())

    def planned_for(self, subject, said):
        """Return the planned visit of this name, or, where no name is said, of this number; None = unscheduled."""
        found = self.planned.get(_name(said.name), [])
        if not found and said.number.isdigit() and said.name in ("", f"Visit {said.number}"):
            found = [planned for planned in self.plan if planned.sequence == int(said.number)]
        asked = [planned for planned in found if asked_by(planned, self.consented.get(subject.pk))]
        return (asked or found or [None])[0]

    def new_visit(self, subject, planned, said):
        if planned is not None:
            visit = new_visit(subject, planned, self.window(subject, planned))
            self.visits_by_plan[subject.pk, planned.pk] = visit
        else:
            visit = SubjectVisit(subject=subject, kind=VisitKind.UNSCHEDULED, name=said.name[:300])
            visit.study_id, visit.country_id, visit.site_id = (
                subject.study_id, subject.country_id, subject.site_id,
            )  # fmt: skip
        visit.site = subject.site
        visit.occurred_on, visit.source_key = said.occurred_on, said.key[:LONGEST_KEY]
        visit.fed = _visit_fed(said)
        if said.key:
            self.visits_by_key[subject.pk, visit.source_key] = visit
        self.new_visits.append((visit, said))
        self.report.count("visits", "created")

    def window(self, subject, planned):
        reference = subject.first_dose_on or subject.randomised_on
        if reference is None:
            found = due_visits(subject, self.plan, self.consented.get(subject.pk))
            return next(
                (window for one, window in found if one.pk == planned.pk), window_of(None, None, None, None)
            )
        return window_of(
            reference, planned.offset_days, planned.window_before_days, planned.window_after_days
        )

    def known_visit(self, visit, said):
        """Bring a visit that is there up to date, through its moves."""
        if visit.pk is None:
            raise _Wrong("VISIT", _("the subject has this visit twice in the file"))
        last, now, here = visit.fed, _visit_fed(said), _visit_state(visit)
        # What the feed never said and stands here was written by a person.
        by_hand = here != last if last else bool(here)
        if here == now:
            done = "unchanged"
        elif last == now or by_hand or visit.status == SubjectVisitStatus.VOIDED:
            self.report.notes.append(
                _("%(visit)s was changed here by hand and differs from the file; it stays.")
                % {"visit": visit}
            )
            done = "unchanged"
        else:
            self.move_visit(visit, said)
            done = "updated"
            SubjectVisit.objects.filter(pk=visit.pk).update(fed=now)
        self.report.count("visits", done)

    def move_visit(self, visit, said):
        act = {"actor": self.actor, "reason": self.reason}
        if visit.status == SubjectVisitStatus.OCCURRED and not said.missed:
            perform(visit, "correct_day", happened_on=said.occurred_on, **act)
            return
        if visit.status == SubjectVisitStatus.NOT_APPLICABLE:
            self.report.notes.append(
                _("%(visit)s was set aside here; it is taken as the file says.") % {"visit": visit}
            )
        if visit.status in (SubjectVisitStatus.NOT_APPLICABLE, SubjectVisitStatus.OCCURRED):
            visit = perform(visit, "reopen", **act)
        if said.missed:
            perform(visit, "miss", **act)
        else:
            perform(visit, "occur", happened_on=said.occurred_on, **act)

    def write_new_visits(self):
        visits = [visit for visit, _said in self.new_visits]
        SubjectVisit.objects.bulk_create(visits, batch_size=BATCH)
        occurred = [visit for visit, said in self.new_visits if not said.missed]
        missed = [visit for visit, said in self.new_visits if said.missed]
        if occurred:
            days = {visit.pk: visit.occurred_on for visit in occurred}
            adopt_many(occurred, "OCCURRED", actor=self.actor, reason=self.reason, days=days)
        if missed:
            adopt_many(missed, "MISSED", actor=self.actor, reason=self.reason, days={})

    def schedule_new(self):
        """Plan what the new subjects are still due; those who left are due nothing."""
        there = {}
        for subject, _said, state in self.new:
            if state not in ("PRE_SCREENED", "SCREEN_FAILED", *ENDED):
                there[subject.pk] = subject
        taken = set(
            SubjectVisit.objects.filter(subject__in=list(there), planned_visit__isnull=False).values_list(
                "subject", "planned_visit"
            )
        )
        rows = []
        for subject in there.values():
            rows += [
                new_visit(subject, planned, window)
                for planned, window in due_visits(subject, self.plan, self.consented.get(subject.pk))
                if (subject.pk, planned.pk) not in taken
            ]
        SubjectVisit.objects.bulk_create(rows, batch_size=BATCH)


class _Wrong(Exception):
    """A row cannot be written."""

    def __init__(self, column, sentence):
        super().__init__(sentence)
        self.column, self.sentence = column, str(sentence)


# The move that brings a day, and the one that corrects it; "" = as participation ended.
_MOVES = {
    "consented_on": ("consent", "correct_consent"),
    "screen_failed_on": ("fail_screening", "correct_screen_failure"),
    "randomised_on": ("randomise", "correct_randomisation"),
    "first_dose_on": ("start_treatment", "correct_first_dose"),
    "treatment_ended_on": ("end_treatment", "correct_treatment_end"),
    "ended_on": ("", "correct_end"),
}
_ENDS = {"COMPLETED": "complete", "DIED": "die", "LOST_TO_FOLLOW_UP": "lose"}


def _choice(move, said):
    return {
        "fail_screening": said.screen_failure_reason or "OTHER",
        "end_treatment": said.treatment_end_reason or "OTHER",
        "withdraw": said.end_reason or "OTHER",
    }.get(move, "")


def _plain(value):
    """Return a value as JSON keeps it; None for what is not there."""
    if value in (None, ""):
        return None
    return value.isoformat() if isinstance(value, datetime.date) else value


def _fed_of(said, state):
    stated = {
        "sex": said.sex,
        "age_at_consent": said.age,
        "screening_number": said.screening_number,
        "randomisation_number": said.randomisation_number,
        "status": state,
        **said.days,
    }
    return {name: _plain(value) for name, value in stated.items() if value not in (None, "")}


def _visit_fed(said):
    return {"missed": True} if said.missed else {"occurred_on": said.occurred_on.isoformat()}


def _visit_state(visit):
    if visit.status == SubjectVisitStatus.MISSED:
        return {"missed": True}
    return {"occurred_on": visit.occurred_on.isoformat()} if visit.status == "OCCURRED" else {}


def _name(text):
    return " ".join(str(text).casefold().replace("_", " ").split())
