"""/audit-events: the history rows a person may see, newest first."""

import datetime

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from ctms.access.explain import permit
from ctms.audit.journal import read_cursor
from ctms.pages.journal import told_lines

from .answering import Answering, check_parameters
from .paging import page_size_in

LIMIT = 100


class FieldChangeShape(serializers.Serializer):
    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class AuditEventShape(serializers.Serializer):
    id = serializers.CharField(help_text="table and row of the history")
    record = serializers.CharField(help_text="label and id of the record")
    what = serializers.CharField()
    actor = serializers.CharField()
    at = serializers.DateTimeField(default_timezone=datetime.UTC)
    reason = serializers.CharField()
    channel = serializers.CharField()
    changes = FieldChangeShape(many=True)


class AuditEvents(Answering, APIView):
    """What was changed, by whom, when, why and through what, in the records the person may see."""

    @extend_schema(
        tags=["audit-events"],
        parameters=[
            OpenApiParameter("study", int),
            OpenApiParameter("cursor", str, description="As given in `next`."),
            OpenApiParameter("page_size", int, description=f"At most {LIMIT}."),
        ],
        responses=inline_serializer(
            "AuditEventPage",
            {"next": serializers.CharField(allow_null=True), "results": AuditEventShape(many=True)},
        ),
    )
    def get(self, request):
        permit(request.user, "audit.view_history")
        check_parameters(request.GET, ("study", "cursor", "page_size"))
        study, before = _number(request, "study"), _cursor(request)
        wanted = request.GET.get("page_size")
        limit = page_size_in(wanted, LIMIT) if wanted else LIMIT
        told = told_lines(request.user, study=study, before=before, limit=limit)
        following = None
        if len(told) == limit:
            query = request.GET.copy()
            query["cursor"] = told[-1].line.cursor
            following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        return Response({"next": following, "results": [_as_json(line) for line in told]})


def _number(request, name):
    text = request.GET.get(name)
    if text is None:
        return None
    if not text.isdigit() or len(text) > 18:
        raise serializers.ValidationError({name: "Give a whole number."})
    return int(text)


def _cursor(request):
    text = request.GET.get("cursor")
    try:
        return read_cursor(text) if text else None
    except ValueError as wrong:
        raise serializers.ValidationError({"cursor": "Use the cursor as it was given."}) from wrong


def _as_json(line):
    return {
        "id": f"{line.label}Event/{line.event.pgh_id}",
        "record": f"{line.label}/{line.event.pgh_obj_id}",
        "what": line.entry.what,
        "actor": line.entry.who,
        "at": line.line.at,
        "reason": line.entry.reason,
        "channel": line.entry.channel,
        "changes": [{"field": c.label, "before": c.before, "after": c.after} for c in line.entry.changes],
    }
