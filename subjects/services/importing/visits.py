"""The visits of an import, and what its new subjects are still due."""

from django.utils.translation import gettext as _

from ctms.workflow.engine import adopt_many, perform
from subjects.calculations import window_of
from subjects.models import ENDED, Consent, ConsentStatus, SubjectVisit, SubjectVisitStatus, VisitKind
from subjects.services.scheduling import BATCH, asked_by, due_visits, new_visit

from .ground import EARLIEST, LONGEST_KEY, Wrong


class Visits:
    """What the files say of subjects' visits, row by row."""

    def __init__(self, ground):
        self.ground = ground
        signed = Consent.objects.filter(study=ground.study, status=ConsentStatus.SIGNED).order_by(
            "signed_on", "pk"
        )
        self.consented = dict(
            signed.filter(protocol_version__isnull=False).values_list("subject", "protocol_version")
        )

    def bring(self):
        """Take every row, and write the new visits if nothing is wrong."""
        if not self.ground.said.visits:
            return
        rows = SubjectVisit.objects.filter(study=self.ground.study).order_by("pk")
        self.visits_by_plan, self.visits_by_key = {}, {}
        for visit in rows:
            if visit.planned_visit_id and visit.status != SubjectVisitStatus.VOIDED:
                self.visits_by_plan[visit.subject_id, visit.planned_visit_id] = visit
            if visit.source_key:
                self.visits_by_key[visit.subject_id, visit.source_key] = visit
        self.planned = {}
        for planned in self.ground.plan:
            for name in (planned.name, planned.label):
                self.planned.setdefault(_name(name), []).append(planned)
        self.new_visits = []
        for one in self.ground.said.visits:
            self.ground.take(one, self.visit)
        if not self.ground.report.errors:
            self.write_new_visits()

    def visit(self, said):
        subject = self.ground.by_key.get(said.subject) or self.ground.by_number.get(said.subject)
        if subject is None or not self.ground.may.get(subject.site_id):
            raise Wrong("SUBJECT", _("%s is no subject where you bring visits") % said.subject[:40])
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
        if day > self.ground.now.astimezone(subject.site.time_zone()).date():
            raise Wrong("DAY", _("%s lies in the future") % day.isoformat())
        if day < EARLIEST:
            raise Wrong("DAY", _("%s lies before any trial kept here") % day.isoformat())

    def planned_for(self, subject, said):
        """Return the planned visit of this name, or, where no name is said, of this number; None = unscheduled."""
        found = self.planned.get(_name(said.name), [])
        if not found and said.number.isdigit() and said.name in ("", f"Visit {said.number}"):
            found = [planned for planned in self.ground.plan if planned.sequence == int(said.number)]
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
        self.ground.report.count("visits", "created")

    def window(self, subject, planned):
        reference = subject.first_dose_on or subject.randomised_on
        if reference is None:
            found = due_visits(subject, self.ground.plan, self.consented.get(subject.pk))
            return next(
                (window for one, window in found if one.pk == planned.pk), window_of(None, None, None, None)
            )
        return window_of(
            reference, planned.offset_days, planned.window_before_days, planned.window_after_days
        )

    def known_visit(self, visit, said):
        """Bring a visit that is there up to date, through its moves."""
        if visit.pk is None:
            raise Wrong("VISIT", _("the subject has this visit twice in the file"))
        last, now, here = visit.fed, _visit_fed(said), _visit_state(visit)
        # What the feed never said and stands here was written by a person.
        by_hand = here != last if last else bool(here)
        if here == now:
            done = "unchanged"
        elif last == now or by_hand or visit.status == SubjectVisitStatus.VOIDED:
            self.ground.report.notes.append(
                _("%(visit)s was changed here by hand and differs from the file; it stays.")
                % {"visit": visit}
            )
            done = "unchanged"
        else:
            self.move_visit(visit, said)
            done = "updated"
            SubjectVisit.objects.filter(pk=visit.pk).update(fed=now)
        self.ground.report.count("visits", done)

    def move_visit(self, visit, said):
        act = {"actor": self.ground.actor, "reason": self.ground.reason}
        if visit.status == SubjectVisitStatus.OCCURRED and not said.missed:
            perform(visit, "correct_day", happened_on=said.occurred_on, **act)
            return
        if visit.status == SubjectVisitStatus.NOT_APPLICABLE:
            self.ground.report.notes.append(
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
            adopt_many(occurred, "OCCURRED", actor=self.ground.actor, reason=self.ground.reason, days=days)
        if missed:
            adopt_many(missed, "MISSED", actor=self.ground.actor, reason=self.ground.reason, days={})

    def schedule(self, new):
        """Plan what the new subjects are still due; those who left are due nothing."""
        there = {}
        for subject, _said, state in new:
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
                for planned, window in due_visits(subject, self.ground.plan, self.consented.get(subject.pk))
                if (subject.pk, planned.pk) not in taken
            ]
        SubjectVisit.objects.bulk_create(rows, batch_size=BATCH)


def _visit_fed(said):
    return {"missed": True} if said.missed else {"occurred_on": said.occurred_on.isoformat()}


def _visit_state(visit):
    if visit.status == SubjectVisitStatus.MISSED:
        return {"missed": True}
    return {"occurred_on": visit.occurred_on.isoformat()} if visit.status == "OCCURRED" else {}


def _name(text):
    return " ".join(str(text).casefold().replace("_", " ").split())
