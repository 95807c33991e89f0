"""Open a new study in the house."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ctms.access.access import forget_access
from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from studies.models import Study

from .team import assign


def open_study(*, actor, on, same_number=False, **fields):
    """
    Make a study and its maker its project manager: a study nobody is assigned to is nobody's to see.

    :param same_number: the person knows that another study has this protocol number
    :raises PermissionDenied: the person manages no study
    :raises ValidationError: its sponsor has this number already, or another sponsor and nobody said it is known
    """
    permit(actor, "studies.add_study")
    study = Study(**fields)
    if not same_number and _number_is_taken(study):
        raise ValidationError(
            {
                "same_number": _(
                    "Another study has the protocol number %(number)s, under another sponsor or none. "
                    "Tick that this is a second one, or choose the sponsor."
                )
                % {"number": study.protocol_number}
            }
        )
    with acting_as(actor, reason="New study"):
        study.full_clean()
        study.save()
        # Assigned by the system: the maker has no right in a study that did not exist a moment ago.
        assign(
            actor=User.objects.system(),
            user=actor,
            role="project_manager",
            place=study,
            starts_on=on,
            trained_on=on,
        )
    forget_access(actor)
    return study


def _number_is_taken(study):
    with everything("a number is taken whoever sees the study it names"):
        named = Study.objects.filter(protocol_number__iexact=study.protocol_number)
        return named.exclude(sponsor=study.sponsor).exists()
