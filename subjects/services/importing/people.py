"""The subjects of an import: new ones, and those that are there."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.workflow.declare import flow_with
from ctms.workflow.engine import adopt_many, perform
from subjects.calculations import disorder_of, state_reached
from subjects.formats.said import Problem
from subjects.models import (
    DAY_OF_STATE,
    ENDED,
    Allocation,
    Consent,
    ConsentStatus,
    Subject,
    SubjectStatus,
    subject_code,
)
from subjects.services.allocating import new_allocation
from subjects.services.scheduling import BATCH
from subjects.services.subject_days import days_of

from .ground import EARLIEST, LONGEST_KEY, Wrong

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


class People:
    """What the files say of subjects, row by row, and what of it is new."""

    def __init__(self, ground):
        self.ground = ground
        self.new = []  # (Subject, SubjectSaid, the state reached)

    def bring(self):
        """Take every row, and write the new subjects if nothing is wrong."""
        for one in self.ground.said.subjects:
            self.ground.take(one, self.subject)
        self.refuse_what_is_twice()
        if not self.ground.report.errors:
            self.write_new_subjects()
            self.ground.index_subjects()

    def subject(self, said):
        if len(said.key) > LONGEST_KEY:
            raise Wrong("USUBJID", _("has more than %d characters") % LONGEST_KEY)
        subject = self.ground.by_key.get(said.key) if said.key else None
        subject = subject or self.ground.by_number.get(said.number)
        if subject is None:
            self.new_subject(said)
        else:
            self.known_subject(subject, said)

    def new_subject(self, said):
        if not said.site:
            raise Wrong("SITE", _("is empty and must not be for a new subject"))
        site = self.ground.site_called(said.site)
        self.check_code(said.number, "NUMBER")
        if said.number in self.ground.numbers_used:
            raise Wrong("NUMBER", _("another subject had %s; numbers are never used again") % said.number)
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
        self.ground.report.count("subjects", "created")

    def former(self, said):
        if not said.former:
            return None
        former = self.ground.by_number.get(said.former)
        if former is None or former.status != "SCREEN_FAILED":
            raise Wrong("FORMER", _("%s is no screen failure of this study") % said.former)
        return former

    def check_code(self, value, column):
        try:
            subject_code(value)
        except ValidationError as refused:
            raise Wrong(column, " ".join(refused.messages)) from None

    def check_days(self, subject, site, days):
        if sentence := disorder_of(days_of(subject)):
            raise Wrong("", sentence)
        today = self.ground.now.astimezone(site.time_zone()).date()
        for day in days.values():
            if day > today:
                raise Wrong("", _("%s lies in the future") % day.isoformat())
            if day < EARLIEST:
                raise Wrong("", _("%s lies before any trial kept here") % day.isoformat())
        first = self.ground.green_lights[site.pk]
        if first and days.get("consented_on") and days["consented_on"] < first:
            raise Wrong("", _("the consent lies before the site's green light on %s") % first.isoformat())

    def refuse_what_is_twice(self):
        seen = {}
        for subject, said, _state in self.new:
            for what in {("number", subject.number), ("key", said.key)} - {("key", "")}:
                if what in seen:
                    sentence = _("is the same subject as row %d") % seen[what]
                    self.ground.report.errors.append(Problem(said.source, said.row, "", sentence))
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
                adopt_many(group, state, actor=self.ground.actor, reason=self.ground.reason, days=days)
        self.write_consents()
        self.write_allocations([(subject, said) for subject, said, _state in self.new])

    def write_consents(self):
        consents = []
        for subject, said, _state in self.new:
            if subject.consented_on:
                version = (
                    self.ground.versions.get(said.protocol_version.casefold())
                    if said.protocol_version
                    else None
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
            adopt_many(
                consents, ConsentStatus.SIGNED, actor=self.ground.actor, reason=self.ground.reason, days=days
            )

    def write_allocations(self, pairs):
        """Write what is not recorded yet, for those in the circle; nobody else learns that there was anything."""
        pairs = [
            (s, said) for s, said in pairs if (said.arm or said.kit) and self.ground.may_allocate[s.site_id]
        ]
        if not pairs:
            return
        rows = []
        for subject, said in pairs:
            if subject.pk not in self.ground.allocated:
                arm = self.ground.arms.get(said.arm.casefold())
                allocation = new_allocation(
                    subject, arm=arm, arm_label="" if arm else said.arm[:200], kit_number=said.kit[:40],
                    allocated_on=said.allocated_on or subject.randomised_on,
                )  # fmt: skip
                allocation.fill_place()
                rows.append(allocation)
                self.ground.allocated.add(subject.pk)
        Allocation.objects.bulk_create(rows, batch_size=BATCH)

    def known_subject(self, subject, said):
        if not self.ground.may.get(subject.site_id):
            raise Wrong("SITE", _("the subject is at no site where you bring subjects"))
        if said.site and self.ground.site_called(said.site).pk != subject.site_id:
            raise Wrong(
                "SITE", _("the subject is at site %s here; transfer it on its page") % subject.site.number
            )
        if said.key and subject.source_key and said.key != subject.source_key:
            raise Wrong("NUMBER", _("another subject of the feed has this number"))
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
        self.ground.report.count("subjects", "updated" if changed else "unchanged")

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
            self.ground.report.notes.append(
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
                subject = perform(
                    subject, correct, actor=self.ground.actor, reason=self.ground.reason, happened_on=day
                )
            else:
                subject = perform(
                    subject, how, actor=self.ground.actor, reason=self.ground.reason, happened_on=day,
                    choice=_choice(how, said),
                )  # fmt: skip
            moved = True
        state = state_reached(days_of(subject), said.end if subject.status in ENDED else "")
        if said.days and subject.status != state and said.end and fed.get("status") != state:
            self.ground.report.notes.append(
                _("%(subject)s is %(here)s here; the file says otherwise. It stays.")
                % {"subject": subject.number, "here": subject.get_status_display().lower()}
            )
        return subject, moved


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
