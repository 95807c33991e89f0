"""What people from outside the house are shown is logged, and what cannot be logged is not shown."""

from django.db import models

from ctms.access.access import access_of
from ctms.access.scoping import everything
from ctms.files.models import AccessKind
from ctms.files.storing import log_access

from .record import RECORDS

# The person's own account, and what anybody on the network may open.
NOTHING_OF_A_STUDY = ("/accounts/", "/healthz", "/api/v1/schema", "/api/v1/docs")
# Answers that show something; a refused change shows the record it was refused for.
SHOWING = (200, 409, 412, 422)


class ViewedMiddleware:
    """
    Log every page and every answer of the API that is shown to a sponsor or an inspector (compliance rows 10, 50).

    The log is written before the answer leaves: if it cannot be, the request fails and nothing is shown. A file
    that is handed out has logged itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code in SHOWING and not response.headers.get("Content-Disposition"):
            # The API's sign-in by token has put its person here meanwhile.
            log_view(request, request.user)
        return response


def log_view(request, user):
    """Remember that a person from outside was shown what lies at this address; everybody else goes unwatched."""
    if not user.is_authenticated or request.path.startswith(NOTHING_OF_A_STUDY):
        return
    access = access_of(user)
    if not access.from_outside:
        return
    record, title = _shown(request)
    log_access(
        AccessKind.VIEW,
        user=user,
        record=record if record is not None else request.path[:100],
        study=_asked_study(request, access),
        detail=f"{title} {request.get_full_path()}".strip(),
    )


def _shown(request):
    """Return (the record an address shows or None, its title)."""
    record = getattr(request, "shown_record", None)
    if record is None:
        parts = request.path.removeprefix("/api/v1").strip("/").split("/")
        if len(parts) < 2 or not parts[1].isdigit():
            return None, ""
        declaration = next((one for one in RECORDS.values() if one.slug == parts[0]), None)
        if declaration is None or int(parts[1]) > models.BigIntegerField.MAX_BIGINT:
            return None, ""
        record = declaration.model._base_manager.filter(pk=int(parts[1])).first()
    with everything("the record was just shown to this person"):
        return record, str(record) if record is not None else ""


def _asked_study(request, access):
    """Return the study a list was narrowed to in its address, if it is one of the person's own."""
    asked = request.GET.get("study", "")
    return int(asked) if asked.isdigit() and int(asked) in access.outside_studies() else None
