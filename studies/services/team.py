"""Put people to work at a place, and end it: every grant is made here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from ctms.access.access import access_of, forget_access
from ctms.access.explain import why_not
from ctms.access.models import PortfolioAssignment
from ctms.access.roles import LABELS, ROLES, TIME_BOXED
from ctms.accounts.models import SYSTEM
from ctms.audit.context import acting_as
from studies.models import CountryAssignment, SiteAssignment, Study, StudyAssignment

ASSIGNMENT_AT: dict[str, type[Any]] = {
    "Study": StudyAssignment,
    "StudyCountry": CountryAssignment,
    "StudySite": SiteAssignment,
}
# Whoever gives accounts does so for the whole house: an administrator of one study would be one of all.
GIVEN_AT_PLACES = tuple(role for role in LABELS if "accounts.manage_users" not in ROLES[role])


@dataclass(frozen=True)
class Duty:
    """Something a person still has to do, and the record it is about."""

    text: str
    record: Any


# A question upward, answered by registration: (of, place, seen_by) -> what that person still has to do there,
# as far as whoever asks may see it. Filled by apps above in ready().
OPEN_DUTIES: list[Callable[..., list[Duty]]] = []


def open_duties(*, of, place, seen_by):
    """Return what `of` still has to do at a place (a study, country or site record), for somebody to read."""
    return [duty for ask in OPEN_DUTIES for duty in ask(of=of, place=place.place(), seen_by=seen_by)]


def assign(
    *,
    actor,
    user,
    role,
    place,
    starts_on,
    ends_on=None,
    unblinded=False,
    trained_on=None,
    share_of_time=None,
    decided_on=None,
):
    """
    Let `user` act as `role` at `place` (a study, a country or a site of it).

    :param decided_on: the day this is decided: no access is given for days before it. None takes over what
        was decided elsewhere (an import, the demo).
    :raises ValidationError: with the field, such as: a person once unblinded would be blinded again
    :raises PermissionDenied: the actor may not assign people to this study, or not this person
    """
    _permit(actor, place)
    _refuse_role(actor, user, role)
    _refuse_blinding(actor, user, place, unblinded, starts_on)
    _refuse_days(starts_on, trained_on, decided_on)
    _refuse_open_end(role, ends_on)
    model = ASSIGNMENT_AT[type(place).__name__]
    permission = Permission.objects.get(
        codename=f"act_as_{role}",
        content_type__app_label="studies",
        content_type__model=place._meta.model_name,
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


def _refuse_role(actor, user, role):
    if role not in LABELS:
        raise ValidationError({"role": _("There is no role %(role)s.") % {"role": role}})
    if role not in GIVEN_AT_PLACES:
        raise ValidationError({"role": _("%(role)s is a role of the whole house.") % {"role": LABELS[role]}})
    if actor == user:
        # Whoever gives access gives none to themselves (compliance row 36).
        raise PermissionDenied(_("Nobody assigns themselves; somebody else who runs the team does."))


def _refuse_blinding(actor, user, place, unblinded, starts_on):
    study = _study_of(place)
    if unblinded and not may_unblind(actor, place):
        raise ValidationError(
            {
                "unblinded": _(
                    "Only somebody in the unblinded circle, or an administrator, lets people into it."
                )
            }
        )
    if unblinded:
        _refuse_while_blinded(user, study, starts_on)
        return
    if not was_ever_unblinded(user, study):
        return
    if knows_circle(actor, study):
        sentence = _("%(name)s held unblinded access in this study and can never be blinded in it again.")
    else:
        # Who is in the unblinded circle is not told to those outside.
        sentence = _("%(name)s cannot be assigned like this in this study; an administrator can say why.")
    raise ValidationError({"user": sentence % {"name": user}})


def _refuse_while_blinded(user, study, starts_on):
    """Nobody is let into the circle who goes on working outside it: what they know does not stay inside."""
    if any(
        rows.filter(unblinded=False).exclude(ends_on__lt=starts_on).exists()
        for rows in _assignments_of(user, study)
    ):
        raise ValidationError(
            {
                "user": _(
                    "%(name)s works blinded in this study. End those assignments before this one begins: "
                    "unblinding is one way."
                )
                % {"name": user}
            }
        )


def _refuse_days(starts_on, trained_on, decided_on):
    if decided_on is None:
        return
    if starts_on < decided_on:
        raise ValidationError({"starts_on": _("Access is not given for days that have passed.")})
    _refuse_training_ahead(trained_on, decided_on)


def _refuse_open_end(role, ends_on):
    if role in TIME_BOXED and ends_on is None:
        sentence = _("%(role)s is a role for a limited time: give its last day.")
        raise ValidationError({"ends_on": sentence % {"role": LABELS[role]}})


def _refuse_training_ahead(trained_on, decided_on):
    if trained_on is not None and trained_on > decided_on:
        raise ValidationError(
            {"trained_on": _("This day lies ahead: training is recorded when it has been.")}
        )


def assign_everywhere(*, actor, user, role, starts_on, unblinded=False, trained_on=None):
    """
    Give a reading role on every study.

    :raises ValidationError: the person was unblinded in a study and would be blinded in it again, or works
        blinded somewhere and would be unblinded there
    """
    if unblinded:
        _refuse_while_blinded(user, None, starts_on)
    elif was_ever_unblinded(user, None):
        raise ValidationError(
            {
                "user": _("%(name)s held unblinded access in a study and can never be blinded in it again.")
                % {"name": user}
            }
        )
    assignment = PortfolioAssignment(
        user=user, role=role, starts_on=starts_on, unblinded=unblinded, trained_on=trained_on or starts_on
    )
    with acting_as(actor, reason=f"Assigned {user} as {LABELS[role]} on every study"):
        assignment.full_clean()
        assignment.save()
    forget_access(user)
    return assignment


def end_assignment(*, actor, assignment, on, reason, decided_on=None):
    """
    Let an assignment end after the day `on`; the row and its history stay.

    :param decided_on: the day this is decided: access that was there is not taken back for days before
    :raises ValidationError: with the field
    """
    _permit(actor, assignment.content_object)
    with acting_as(actor, reason=reason):
        locked = _lock(assignment)
        if decided_on is not None:
            _refuse_end(locked, on, decided_on)
        locked.ends_on = on
        locked.full_clean()
        locked.save()
    forget_access(assignment.user)
    return locked


def _refuse_end(assignment, on, decided_on):
    if assignment.ends_on is not None and assignment.ends_on < decided_on:
        day = assignment.ends_on.strftime("%-d %b %Y")
        raise ValidationError({"ends_on": _("It ended on %(day)s; assign the person anew.") % {"day": day}})
    if on < decided_on - timedelta(days=1):
        raise ValidationError(
            {
                "ends_on": _(
                    "Access that was there is not taken back: the last day is yesterday at the earliest."
                )
            }
        )


def record_training(*, actor, assignment, trained_on, reason, decided_on):
    """Record when somebody was trained for an assignment: from that day on it gives access (compliance row 37)."""
    _permit(actor, assignment.content_object)
    if actor == assignment.user:
        raise PermissionDenied(_("Nobody records their own training; somebody else who runs the team does."))
    _refuse_training_ahead(trained_on, decided_on)
    with acting_as(actor, reason=reason):
        locked = _lock(assignment)
        if locked.trained_on is not None:
            raise ValidationError({"trained_on": _("The training of this assignment is recorded already.")})
        locked.trained_on = trained_on
        locked.full_clean()
        locked.save()
    forget_access(assignment.user)
    return locked


def _lock(assignment):
    return type(assignment).objects.select_for_update().get(pk=assignment.pk)


def may_change_team(user, place):
    """True if the person puts people to work at this place: a grant at or above it, not one below."""
    return access_of(user).allows_at("studies.change_team", place.place())


def may_unblind(user, place):
    """True if the person lets others into the unblinded circle at this place."""
    may = access_of(user)
    inside = may.allows_at("studies.change_team", place.place(), unblinded=True)
    return user.username == SYSTEM or inside or may.anywhere("accounts.manage_users")


def knows_circle(user, study):
    """True if the person may know who is unblinded in a study."""
    return user.username == SYSTEM or access_of(user).is_unblinded_in(study.pk)


def was_ever_unblinded(user, study):
    """True if the person has held unblinded access in this study, whether or not it has ended; None = in any."""
    return any(rows.filter(unblinded=True).exists() for rows in _assignments_of(user, study))


def _assignments_of(user, study):
    """Return every assignment a person ever had in a study (None = anywhere), as querysets."""
    found = [
        StudyAssignment.objects.filter(user=user),
        CountryAssignment.objects.filter(user=user),
        SiteAssignment.objects.filter(user=user),
    ]
    if study is not None:
        found = [
            found[0].filter(content_object=study),
            found[1].filter(content_object__study=study),
            found[2].filter(content_object__study=study),
        ]
    # A role of the whole house reads this study too.
    return [*found, PortfolioAssignment.objects.filter(user=user)]


def _study_of(place):
    return place if isinstance(place, Study) else place.study


def _permit(actor, place):
    if actor.username != SYSTEM and not may_change_team(actor, place):
        raise PermissionDenied(why_not(actor, "studies.change_team"))
