"""Where the plan's milestones of enrolment are computed to lie: the answer to the question of studies."""

from studies.models import MilestoneKind

from .enrolment_over_time import enrolment_over_time

# Who works with subjects; a forecast is not published, so nobody from outside is shown it on the plan.
WORKS_HERE = "subjects.view_subject"


def last_subject_in(user, study, on):
    """Return {kind of milestone: the day half of all paths have the last planned subject in by}."""
    if not (user.has_perm(WORKS_HERE, study) and user.has_perm("subjects.view_enrolment", study)):
        return {}
    found = enrolment_over_time(user=user, place=study, on=on).forecast
    middle = found.last_in[1] if found else None
    return {MilestoneKind.LAST_SUBJECT_IN.value: middle} if middle else {}
