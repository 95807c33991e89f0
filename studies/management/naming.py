"""A study as a command line names it."""

from django.core.management.base import CommandError

from ctms.access.scoping import everything
from ctms.imports.commands import USAGE
from studies.models import Study


def study_called(said):
    """Return the study of this id or protocol number; it is wrong use to name none, or more than one."""
    with everything("the command's own argument names the study"):
        if said.isdigit() and (found := Study.objects.filter(pk=said).first()):
            return found
        called = list(Study.objects.filter(protocol_number__iexact=said)[:2])
    if len(called) != 1:
        how_many = "no study" if not called else "more than one study"
        raise CommandError(f"There is {how_many} {said}; give its id.", returncode=USAGE)
    return called[0]
