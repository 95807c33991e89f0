"""Open a new study in the house."""

from ctms.access.access import forget_access
from ctms.access.explain import permit
from ctms.accounts.models import User
from ctms.audit.context import acting_as
from studies.models import Study

from .team import assign


def open_study(*, actor, on, **fields):
    """
    Make a study and its maker its project manager: a study nobody is assigned to is nobody's to see.

    :raises PermissionDenied: the person manages no study
    """
    permit(actor, "studies.add_study")
    study = Study(**fields)
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
