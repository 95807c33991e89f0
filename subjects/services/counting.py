"""Whether a study counts anybody yet."""

from ctms.access.scoping import everything
from subjects.models import Subject


def has_subjects(study):
    """True if a subject of the study is counted as enrolled: the event that is counted stands from then on."""
    with everything("whether anybody is counted is asked of the whole study"):
        return Subject.objects.filter(study=study, enrolled_on__isnull=False).exists()
