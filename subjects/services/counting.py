"""Whether a study counts anybody yet, and whom a site had."""

from django.db.models import Q

from ctms.access.scoping import everything
from subjects.models import Subject, SubjectTransfer


def has_subjects(study):
    """True if a subject of the study is counted as enrolled: the event that is counted stands from then on."""
    with everything("whether anybody is counted is asked of the whole study"):
        return Subject.objects.filter(study=study, enrolled_on__isnull=False).exists()


def subjects_are_kept(study):
    """
    True if the subjects of a study are kept in this system; otherwise a number is all that is known of one.

    :param study: the study or its key
    """
    with everything("whether a study keeps its subjects here is no secret of any of them"):
        return Subject.objects.filter(study=study).exists()


def subjects_once_at(site):
    """Return the subjects who are or were at a site; read them within `visible_to` or `everything`."""
    return Subject.objects.filter(
        Q(site=site) | Q(pk__in=SubjectTransfer.objects.filter(from_site=site).values("subject"))
    )
