"""What an import stands on: what is there, who may bring what where, and what is wrong with a row."""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from ctms.access.access import access_of
from ctms.accounts.models import SYSTEM
from ctms.workflow.declare import TransitionRefused
from studies.models import Arm, ProtocolVersion, StudySite
from subjects.formats.said import Problem
from subjects.models import Allocation, Subject, numbers_given
from subjects.services.allocating import may_record
from subjects.services.scheduling import plan_of
from subjects.services.subject_days import green_light_on
from subjects.services.taking_over_sites import make_sites

IMPORT = "subjects.import_subjects"
LONGEST_KEY = 120
EARLIEST = datetime.date(1950, 1, 1)


class Wrong(Exception):
    """A row cannot be written."""

    def __init__(self, column, sentence):
        super().__init__(sentence)
        self.column, self.sentence = column, str(sentence)


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


class Ground:
    """One import: what the files say, and what of it is there already."""

    def __init__(self, *, actor, study, said, reason, now, report, may_make_sites):
        self.actor, self.study, self.said, self.reason, self.now = actor, study, said, reason, now
        self.report, self.may_make_sites = report, may_make_sites
        self.read_what_is_there()

    def take(self, one, step):
        """Do one row in a savepoint of its own, and keep what is wrong with it."""
        try:
            with transaction.atomic():
                step(one)
        except Wrong as wrong:
            self.report.errors.append(Problem(one.source, one.row, wrong.column, wrong.sentence))
        except TransitionRefused as refused:
            self.report.errors.append(Problem(one.source, one.row, "", refused.sentence))
        except ValidationError as refused:
            self.report.errors.append(Problem(one.source, one.row, "", " ".join(refused.messages)))
        except (IntegrityError, DataError) as refused:
            sentence = str(refused).strip().split("\n")[0]
            self.report.errors.append(Problem(one.source, one.row, "", sentence))

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
        self.allocated = set(Allocation.objects.filter(study=self.study).values_list("subject", flat=True))
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
            raise Wrong("SITE", _("%s is no site of this study where you bring subjects") % (number or "—"))
        return site

    def _without_leading_zeros(self, number):
        plain = number.lstrip("0")
        found = [site for known, site in self.sites.items() if known.lstrip("0") == plain and plain]
        return found[0] if len(found) == 1 else None
