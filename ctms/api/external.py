"""Records by the names other systems know them by: read, made or changed, named."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from ctms.access.scoping import Scoped
from ctms.exchange.identifiers import attach, check_name, detach, find_record, hold_name, identifiers_of
from ctms.exchange.models import ExternalIdentifier
from ctms.signatures.signing import label_of

from .answering import expected_version, is_unchanged, reason_in

PATH = r"by-external/(?P<system>[^/]+)/(?P<external_id>[^/]+)"
NAME = [
    OpenApiParameter("system", str, OpenApiParameter.PATH, description="Whose name it is, such as `edc`."),
    OpenApiParameter("external_id", str, OpenApiParameter.PATH, description="What it calls the record."),
]
STUDY = OpenApiParameter("study", int, description="Where records of several studies have the same name.")


class ExternalIdentifierInput(serializers.Serializer):
    system = serializers.RegexField(r"^[a-z0-9][a-z0-9._-]{0,59}$", help_text="such as `edc` or `erp`")
    external_id = serializers.CharField(max_length=200)


class ExternalIdentifierShape(serializers.ModelSerializer):
    external_id = serializers.CharField(source="value")

    class Meta:
        model = ExternalIdentifier
        fields = ["id", "system", "external_id", "study"]


def add_external(viewset, shape):
    """
    Add what is asked by another system's name to an endpoint.

    :param shape: the serializer that documents what may be sent: what is set in making or in changing
    """
    _add_reading(viewset)
    _add_writing(viewset, shape)
    _add_names(viewset)
    _add_unnaming(viewset)


def _add_reading(viewset):
    @extend_schema(responses=viewset.read_serializer, parameters=[*NAME, STUDY], filters=False)
    @action(detail=False, methods=["get"], url_path=PATH, url_name="external", pagination_class=None)
    def by_external(self, request, system="", external_id=""):
        """Read the record another system knows by this name."""
        record = _find(self, system, external_id)
        if record is None:
            raise Http404
        answer = self._answer(record)
        if is_unchanged(request, answer["ETag"]):
            return Response(status=304, headers={"ETag": answer["ETag"]})
        return answer

    viewset.by_external = by_external


def _add_writing(viewset, shape):
    def write_by_external(self, request, system="", external_id=""):
        check_name(system, external_id)
        with transaction.atomic():
            hold_name(self.declaration, system, external_id)
            record = _find(self, system, external_id)
            if record is not None:
                return self.once(lambda: self._shown(_change(self, record)))
            return self.once(lambda: self._shown(_make(self, system, external_id), status=201))

    write_by_external.__doc__ = (
        "Make the record another system knows by this name, or change it; fields left out stay as they are. "
        "Sending it again changes nothing."
    )
    documented = extend_schema(
        request=shape,
        responses={200: viewset.read_serializer, 201: viewset.read_serializer},
        parameters=[*NAME, STUDY],
        filters=False,
    )
    viewset.write_by_external = viewset.by_external.mapping.put(documented(write_by_external))


def _add_names(viewset):
    @extend_schema(responses=ExternalIdentifierShape(many=True), filters=False)
    @action(
        detail=True,
        methods=["get"],
        url_path="external-identifiers",
        url_name="identifiers",
        pagination_class=None,
        filter_backends=[],
    )
    def external_identifiers(self, request, pk=None):
        """List the names other systems know this record by."""
        return Response(ExternalIdentifierShape(identifiers_of(self.get_object()), many=True).data)

    @extend_schema(request=ExternalIdentifierInput, responses={201: ExternalIdentifierShape}, filters=False)
    def name_externally(self, request, pk=None):
        """Let this record be found under another system's name for it."""
        record = self.get_object()
        self._permit_changing(record)
        given = ExternalIdentifierInput(data=request.data)
        given.is_valid(raise_exception=True)

        def name():
            made = attach(
                actor=request.user,
                declaration=self.declaration,
                record=record,
                system=given.validated_data["system"],
                value=given.validated_data["external_id"],
                reason=reason_in(request),
            )
            return Response(ExternalIdentifierShape(made).data, status=201), label_of(record)

        return self.once(name)

    viewset.external_identifiers = external_identifiers
    viewset.name_externally = external_identifiers.mapping.post(name_externally)


def _add_unnaming(viewset):
    @extend_schema(
        responses={204: None}, parameters=[OpenApiParameter("identifier", int, OpenApiParameter.PATH)]
    )
    @action(
        detail=True,
        methods=["delete"],
        url_path=r"external-identifiers/(?P<identifier>\d+)",
        url_name="identifier",
        filter_backends=[],
    )
    def unname(self, request, pk=None, identifier=""):
        """Take away a name given by mistake; say why."""
        record = self.get_object()
        number = int(identifier)
        found = identifiers_of(record).filter(pk=min(number, models.BigIntegerField.MAX_BIGINT)).first()
        if found is None:
            raise Http404

        def take_away():
            detach(
                actor=request.user,
                declaration=self.declaration,
                record=record,
                identifier=found,
                reason=reason_in(request),
            )
            return Response(status=204), label_of(record)

        return self.once(take_away)

    viewset.unname = unname


# --- making and changing ------------------------------------------------------------------------------------


def _find(view, system, external_id):
    check_name(system, external_id)
    return find_record(view.declaration, view.request.user, system, external_id, study=_study(view.request))


def _study(request):
    text = request.GET.get("study")
    if text is None:
        return None
    if not text.isdigit() or int(text) > models.BigIntegerField.MAX_BIGINT:
        raise serializers.ValidationError({"study": [_("Give a whole number.")]})
    return int(text)


def _make(view, system, external_id):
    if not view.declaration.create:
        raise Http404
    view._permit_creating()
    if view.request.headers.get("If-Match"):
        # If-Match asks for a record that is there.
        expected_version(view.request, None)
    values = view._valid(view.create_serializer, data=_body_for(view, view.create_serializer))
    record = view._make(values)
    later = _body_for(view, view.change_serializer, but=view.create_serializer)
    if later:
        record = view._change(record, view._valid(view.change_serializer, record, data=later), None)
    wanted = _study(view.request)
    if wanted is not None and not (isinstance(record, Scoped) and record.place().study == wanted):
        raise ValidationError({"study": _("What you send lies in another study than the address says.")})
    attach(
        actor=view.request.user,
        declaration=view.declaration,
        record=record,
        system=system,
        value=external_id,
        reason=reason_in(view.request),
    )
    return record


def _change(view, record):
    view._permit_changing(record)
    version = expected_version(view.request, record)
    values = view._valid(view.change_serializer, record, data=_body_for(view, view.change_serializer))
    _refuse_other_origin(view, record)
    return view._change(record, values, version) if values else record


def _body_for(view, shape, but=None):
    """
    Return the part of the body that making, or changing, knows; what neither knows stays in and is refused.

    :param but: leave out what this shape knows
    """
    body = view.request.data
    if not isinstance(body, dict):
        return body
    own = set(shape().fields)
    if but is not None:
        return {name: value for name, value in body.items() if name in own - set(but().fields)}
    others = (set(view.create_serializer().fields) | set(view.change_serializer().fields)) - own
    return {name: value for name, value in body.items() if name not in others}


def _refuse_other_origin(view, record):
    """Refuse a value that is set when a record is made and would now be another."""
    fixed = set(view.create_serializer().fields) - set(view.change_serializer().fields)
    given = {name: value for name, value in view.request.data.items() if name in fixed}
    if not given:
        return
    shape = view.create_serializer(data=given, partial=True, context=view.get_serializer_context())
    shape.is_valid(raise_exception=True)
    other = {
        name: [_("This is set when it is made and does not change.")]
        for name, value in shape.validated_data.items()
        if hasattr(record, name) and getattr(record, name) != value
    }
    if other:
        raise serializers.ValidationError(other)
