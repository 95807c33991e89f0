"""Put people to work at a place, and end it: every grant is made here."""

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from ctms.access.access import forget_access
from ctms.access.explain import why_not
from ctms.access.models import PortfolioAssignment
from ctms.access.roles import LABELS
from ctms.accounts.models import SYSTEM
from ctms.audit.context import acting_as
from studies.models import CountryAssignment, SiteAssignment, Study, StudyAssignment

ASSIGNMENT_AT = {"Study": StudyAssignment, "StudyCountry": CountryAssignment, "StudySite": SiteAssignment}


def assign(
    *, actor, user, role, place, starts_on, ends_on=None, unblinded=False, trained_on=None, share_of_time=None
):
    """
    Let `user` act as `role` at `place` (a study, a country or a site of it).

    :raises ValidationError: the same role overlaps, or a person once unblinded would be blinded again
    :raises PermissionDenied: the actor may not assign people to this study
    """
    if role not in LABELS:
        raise ValidationError(_("There is no role %(role)s.") % {"role": role})
    _permit(actor, place)
    study = _study_of(place)
    if not unblinded and was_ever_unblinded(user, study):
        raise ValidationError(
            _("%(name)s held unblinded access in this study and can never be blinded in it again.")
            % {"name": user}
        )
    model = ASSIGNMENT_AT[type(place).__name__]
    permission = Permission.objects.get(
        codename=f"act_as_{role}", content_type__app_label="studies", content_type__model=place._meta.model_name
    )
    assignment = model(
        user=user,
        permission=permission,
        content_object=place,
        starts_on=starts_on,
        ends_on=ends_on,
        unblinded=unblinded,
        trained_on=trained_on,
        share_of_time=share_of_time,
    )
    with acting_as(actor, reason=f"Assigned {user} as {LABELS[role]}"):
        assignment.full_clean()
        assignment.save()
    forget_access(user)
    return assignment


def assign_everywhere(*, actor, user, role, starts_on, unblinded=False, trained_on=None):
    """Give a reading role on every study."""
    assignment = PortfolioAssignment(
        user=user, role=role, starts_on=starts_on, unblinded=unblinded, trained_on=trained_on or starts_on
    )
    with acting_as(actor, reason=f"Assigned {user} as {LABELS[role]} on every study"):
        assignment.full_clean()
        assignment.save()
    forget_access(user)
    return assignment


def end_assignment(*, actor, assignment, on, reason):
    """Let an assignment end after the day `on`; the row and its history stay."""
    _permit(actor, assignment.content_object)
    with acting_as(actor, reason=reason):
        assignment.ends_on = on
        assignment.full_clean()
        assignment.save()
    forget_access(assignment.user)
    return assignment


def was_ever_unblinded(user, study):
    """True if the person has held unblinded access in this study, whether or not it has ended."""
    return (
        StudyAssignment.objects.filter(user=user, content_object=study, unblinded=True).exists()
        or CountryAssignment.objects.filter(user=user, content_object__study=study, unblinded=True).exists()
        or SiteAssignment.objects.filter(user=user, content_object__study=study, unblinded=True).exists()
    )


def _study_of(place):
    return place if isinstance(place, Study) else place.study


def _permit(actor, place):
    if actor.username != SYSTEM and not actor.has_perm("studies.change_team", place):
        raise PermissionDenied(why_not(actor, "studies.change_team"))
