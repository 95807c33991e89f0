"""Read how many subjects a study has: counts for whoever may see enrolment, never a row."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from ctms.access.access import access_of
from ctms.access.explain import permit
from ctms.access.scoping import everything
from studies.models import Milestone, MilestoneKind, Study, StudyCountry, StudySite
from subjects.models import Subject, SubjectStatus

from .enrolment_counts import Counts, Month, last_months, months_of, plan_line

VIEW = "subjects.view_enrolment"
COUNTED = "numbers and no rows leave this function, of sites the person sees"
PLANNED_BETWEEN = (MilestoneKind.FIRST_SUBJECT_IN, MilestoneKind.LAST_SUBJECT_IN)
UNDECIDED = (SubjectStatus.IN_SCREENING,)
OFF_TREATMENT = (SubjectStatus.OFF_TREATMENT,)
ONGOING = (SubjectStatus.RANDOMISED, SubjectStatus.ON_TREATMENT, SubjectStatus.OFF_TREATMENT)
ENDED_EARLY = (SubjectStatus.WITHDRAWN, SubjectStatus.LOST_TO_FOLLOW_UP, SubjectStatus.DIED)


@dataclass(frozen=True)
class PlaceCounts:
    """The counts of one country or site of the study, with its record."""

    place: Any
    counts: Counts


@dataclass(frozen=True)
class Enrolment:
    """How many subjects a study has, as far as one person may see its sites."""

    on: date
    planned: int | None
    whole: bool  # every site of the study is counted
    total: Counts
    countries: tuple[PlaceCounts, ...]
    sites: tuple[PlaceCounts, ...]
    months: tuple[Month, ...]


def enrolment_of(*, user, study, on):
    """
    Return the counts of a study by country, site and month; six queries however many sites and subjects.

    What happened counts up to the day `on`; how subjects stand is how they stand now.

    :raises PermissionDenied: the person does not see enrolment in this study
    """
    permit(user, VIEW, study)
    sites = list(
        StudySite.objects.visible_to(user, VIEW)
        .filter(study=study)
        .select_related("country__nation", "organization")
        .order_by("country__nation__name", "number", "pk")
    )
    whole = _sees_all(user, study, sites)
    by_site = _counts_by_site(study, sites, on)
    counted = [PlaceCounts(site, by_site.get(site.pk, Counts())) for site in sites]
    return Enrolment(
        on=on,
        planned=study.planned_enrolled if whole else None,
        whole=whole,
        total=sum((one.counts for one in counted), Counts()),
        countries=_countries(counted),
        sites=tuple(counted),
        months=_months(user, study, sites, on, whole),
    )


@dataclass(frozen=True)
class StudyEnrolment:
    """One study's enrolment in a line: `planned` numbers only for whoever sees the whole study."""

    enrolled: int
    planned: int | None
    planned_so_far: int | None
    recent: tuple[int, ...]  # enrolled in each of the last months, the running one last


RECENT_MONTHS = 6


def enrolment_in(*, user, studies, on):
    """
    Return {study id: StudyEnrolment} of several studies at once; studies without a sight of it are left out.

    Two queries, however many studies.
    """
    studies = [study for study in studies if user.has_perm(VIEW, study)]
    sites = StudySite.objects.visible_to(user, VIEW).filter(study__in=studies)
    months: dict[int, dict[date, int]] = {study.pk: {} for study in studies}
    with everything(COUNTED):
        rows = Subject.objects.filter(site__in=sites.values("pk"), enrolled_on__lte=on)
        rows = rows.annotate(month=TruncMonth("enrolled_on")).order_by()
        for study_id, month, count in rows.values_list("study", "month").annotate(Count("pk")):
            months[study_id][month] = count
    whole = [study for study in studies if access_of(user).allows_at(VIEW, study.place())]
    plans = _plans(user, whole)
    return {
        study.pk: StudyEnrolment(
            enrolled=sum(months[study.pk].values()),
            planned=study.planned_enrolled if study in whole else None,
            planned_so_far=plans[study.pk].by(on) if plans.get(study.pk) else None,
            recent=tuple(months[study.pk].get(first, 0) for first in last_months(on, RECENT_MONTHS)),
        )
        for study in studies
    }


def enrolled_in(*, user, studies, on):
    """Return {study id: subjects enrolled} of several studies at once; studies without a sight of it are left out."""
    studies = [study for study in studies if user.has_perm(VIEW, study)]
    sites = StudySite.objects.visible_to(user, VIEW).filter(study__in=studies)
    with everything(COUNTED):
        rows = Subject.objects.filter(site__in=sites.values("pk"), enrolled_on__lte=on)
        found = dict(rows.order_by().values_list("study").annotate(Count("pk")))
    return {study.pk: found.get(study.pk, 0) for study in studies}


def enrolled_at(*, user, place, on):
    """Return how many subjects are enrolled at a study, country or site, or None without a sight of it."""
    if not user.has_perm(VIEW, place):
        return None
    with everything(COUNTED):
        sites = StudySite.objects.visible_to(user, VIEW).values("pk")
        return Subject.objects.filter(site__in=sites, enrolled_on__lte=on, **place.place().lookup()).count()


def counts_by_site(*, user, sites, on):
    """Return {site id: Counts} of sites, of any studies, where the person sees enrolment; one query."""
    seen = [site for site in sites if user.has_perm(VIEW, site)]
    found = _counted(Subject.objects.filter(site__in=[site.pk for site in seen]), on)
    return {site.pk: found.get(site.pk, Counts()) for site in seen}


def _sees_all(user, study, sites):
    with everything("whether somebody sees every site of a study"):
        return StudySite.objects.filter(study=study).count() == len(sites)


def _counts_by_site(study, sites, on):
    return _counted(Subject.objects.filter(study=study, site__in=[site.pk for site in sites]), on)


def _counted(rows, on):
    consented, enrolled = Q(consented_on__lte=on), Q(enrolled_on__lte=on)
    failed = consented & Q(status=SubjectStatus.SCREEN_FAILED)
    with everything(COUNTED):
        found = rows.order_by().values("site").annotate(
            screened=Count("pk", filter=consented),
            screen_failed=Count("pk", filter=failed),
            in_screening=Count("pk", filter=consented & Q(status__in=UNDECIDED)),
            enrolled=Count("pk", filter=enrolled),
            ongoing=Count("pk", filter=Q(status__in=ONGOING)),
            off_treatment=Count("pk", filter=Q(status__in=OFF_TREATMENT)),
            completed=Count("pk", filter=Q(status=SubjectStatus.COMPLETED)),
            ended_early=Count("pk", filter=Q(status__in=ENDED_EARLY)),
            failed_or_enrolled=Count("pk", filter=failed | enrolled),
        )  # fmt: skip
        return {row.pop("site"): Counts(**row) for row in found}


def count_subjects(subjects, on):
    """Return {site id: Counts} of subjects in hand, such as those on record on a past day: the same definitions."""
    found: dict[int, Counts] = {}
    for one in subjects:
        consented = one.consented_on is not None and one.consented_on <= on
        enrolled = one.enrolled_on is not None and one.enrolled_on <= on
        failed = consented and one.status == SubjectStatus.SCREEN_FAILED
        found[one.site_id] = found.get(one.site_id, Counts()) + Counts(
            screened=int(consented),
            screen_failed=int(failed),
            in_screening=int(consented and one.status in UNDECIDED),
            enrolled=int(enrolled),
            ongoing=int(one.status in ONGOING),
            off_treatment=int(one.status in OFF_TREATMENT),
            completed=int(one.status == SubjectStatus.COMPLETED),
            ended_early=int(one.status in ENDED_EARLY),
            failed_or_enrolled=int(failed or enrolled),
        )
    return found


def _countries(counted):
    """Return the counts of the sites added up by their country, in the order of the sites."""
    found: dict[StudyCountry, Counts] = {}
    for one in counted:
        country = one.place.country
        found[country] = found.get(country, Counts()) + one.counts
    return tuple(PlaceCounts(country, counts) for country, counts in found.items())


def _months(user, study, sites, on, whole):
    screened, enrolled = (_by_month(study, sites, day, on) for day in ("consented_on", "enrolled_on"))
    plan = _plan(user, study) if whole else None
    return months_of(screened, enrolled, on=on, plan=plan)


def _by_month(study, sites, day, on):
    with everything(COUNTED):
        rows = Subject.objects.filter(study=study, site__in=[site.pk for site in sites])
        rows = rows.filter(**{f"{day}__lte": on}).annotate(month=TruncMonth(day)).order_by()
        return dict(rows.values_list("month").annotate(Count("pk")))


def _plan(user, study: Study):
    return _plans(user, [study])[study.pk]


def _plans(user, studies):
    """Return {study id: the plan, or None} by the milestones the person sees."""
    rows = Milestone.objects.visible_to(user).filter(
        study__in=studies, kind__in=PLANNED_BETWEEN, country__isnull=True, site__isnull=True
    )
    milestones: dict[int, list[Milestone]] = {study.pk: [] for study in studies}
    for milestone in rows:
        milestones[milestone.study_id].append(milestone)
    return {study.pk: plan_among(milestones[study.pk], study.planned_enrolled) for study in studies}


def plan_among(milestones, planned, *, country=None):
    """
    Return the plan between two milestones of a study, or of one of its countries: the agreed day first, so that a
    day that is moved does not move what the study is measured by. `DEFINITIONS["planned_so_far"]` says so.

    :param country: id of the country; None = the study's own milestones
    """
    days = {
        one.kind: one.baseline_on or one.planned_on
        for one in sorted(milestones, key=lambda one: -one.pk)
        if one.kind in PLANNED_BETWEEN and one.country_id == country and one.site_id is None
    }
    first, last = (days.get(kind) for kind in PLANNED_BETWEEN)
    return plan_line(first, last, planned)
