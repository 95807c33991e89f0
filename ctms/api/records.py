"""Every Record as an endpoint: list, read, make, change, move."""

import copy
from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Invalid
from django.db import models
from django.http import Http404
from django.urls import reverse
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from ctms.access.explain import permit, why_not
from ctms.pages.filters import make_filterset
from ctms.pages.record import RECORDS
from ctms.pages.saving import change_record, create_record
from ctms.signatures.proving import prove
from ctms.signatures.signing import label_of
from ctms.workflow.declare import flow_with, flows_of
from ctms.workflow.engine import offers, perform

from .answering import Answering, check_parameters, etag_of, expected_version, is_unchanged, reason_in
from .changes import changed_rows, keeps_changes
from .errors import reason_missing
from .external import add_external
from .serializers import TransitionInput, TransitionOffer, serializer_for

# What a record's endpoint does beyond what is declared: label of the model -> mixins, registered in `ready()`.
EXTENSIONS: dict[str, list[type]] = {}
CHANGES = ("updated_since", "sync")


class RecordViewSet(Answering, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What every record's endpoint does; made concrete by `viewset_for`."""

    declaration: type
    read_serializer: type
    create_serializer: type
    change_serializer: type
    filter_backends = [DjangoFilterBackend]
    lookup_value_regex = r"\d+"
    # What an address may ask beside a list's filters: action -> parameters.
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {
        "by_external": ("study",),
        "write_by_external": ("study",),
    }

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.action != "list":
            check_parameters(request.GET, self.parameters.get(self.action, ()))

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.declaration.model._base_manager.none()
        return self.declaration.rows_answered(self.request.user)

    def get_serializer_class(self):
        return {"create": self.create_serializer, "partial_update": self.change_serializer}.get(
            self.action, self.read_serializer
        )

    def get_object(self):
        pk = int(self.kwargs["pk"])
        if pk > models.BigIntegerField.MAX_BIGINT:
            raise Http404
        return self.declaration.get(self.request.user, pk)

    def filter_queryset(self, queryset):
        query, changes = self.request.GET, CHANGES if keeps_changes(queryset.model) else ()
        check_parameters(query, {*self.filterset_class.base_filters, "cursor", "page_size", *changes})
        # To make a form of all filters took longer than the statement: for whoever asks with none it is not made.
        filtered = any(name in self.filterset_class.base_filters for name in query)
        rows = super().filter_queryset(queryset) if filtered else queryset
        asked = {name: query[name] for name in changes if query.get(name)}
        return changed_rows(rows, **asked) if asked else rows

    def list(self, request, *args, **kwargs):
        return self.get_paginated_response(self.paginate_queryset(self.filter_queryset(self.get_queryset())))

    def retrieve(self, request, *args, **kwargs):
        answer = self._answer(self.get_object())
        if is_unchanged(request, answer["ETag"]):
            return Response(status=304, headers={"ETag": answer["ETag"]})
        return answer

    def _answer(self, record, status=200):
        body = self.read_serializer(record, context=self.get_serializer_context()).data
        return Response(body, status=status, headers={"ETag": etag_of(record, body)})

    def _shown(self, record, status=200):
        """Return what `once` keeps: the record as it is now, and whose answer that is."""
        answer = self._answer(self.declaration.get(self.request.user, record.pk), status)
        if status == 201:
            answer["Location"] = self.request.build_absolute_uri(
                reverse(f"api-{self.declaration.slug}-detail", args=[record.pk])
            )
        return answer, label_of(record)

    def _valid(self, shape_class, record=None, data=None):
        shape = shape_class(
            record,
            data=self.request.data if data is None else data,
            partial=record is not None,
            context=self.get_serializer_context(),
        )
        shape.is_valid(raise_exception=True)
        return shape.validated_data

    def _permit_creating(self):
        if not self.declaration.may_create(self.request.user):
            raise PermissionDenied(why_not(self.request.user, self.declaration.add_permission))

    def _permit_changing(self, record):
        permission = self.declaration.change_permission
        permit(self.request.user, permission, record)

    def _make(self, values):
        return create_record(
            self.declaration, values, actor=self.request.user, reason=reason_in(self.request)
        )

    def _change(self, record, values, version):
        try:
            return change_record(
                self.declaration,
                record,
                values,
                actor=self.request.user,
                reason=reason_in(self.request),
                version=version,
            )
        except Invalid as refused:
            if "reason" in getattr(refused, "error_dict", ()):
                raise reason_missing() from refused
            raise

    def _create(self, request):
        self._permit_creating()
        values = self._valid(self.create_serializer)
        return self.once(lambda: self._shown(self._make(values), status=201))

    def _partial_update(self, request):
        record = self.get_object()
        self._permit_changing(record)
        version = expected_version(request, record)
        values = self._valid(self.change_serializer, record)
        return self.once(lambda: self._shown(self._change(record, values, version)))


def _with_transitions(viewset):
    """Add the moves: what is offered, and performing one."""

    @extend_schema(responses=TransitionOffer(many=True), filters=False)
    @action(detail=True, methods=["get"], url_path="transitions", pagination_class=None, filter_backends=[])
    def transitions(self, request, pk=None):
        """List what may happen to this record now, and what stops it."""
        record = self.get_object()
        return Response(
            [
                {
                    "name": offer.transition.name,
                    "label": str(offer.transition.label),
                    "refusal": offer.refusal,
                    "needs_reason": offer.transition.needs_reason,
                    "signed": bool(offer.transition.signature),
                }
                for offer in offers(record, request.user)
            ]
        )

    @extend_schema(
        request=TransitionInput,
        responses=viewset.read_serializer,
        parameters=[_move_parameter(viewset.declaration)],
    )
    @action(detail=True, methods=["post"], url_path=r"transitions/(?P<name>[a-z_]+)", url_name="transition")
    def transition(self, request, pk=None, name=""):
        """Perform a move: permission, state, guards, reason and signature as on the page."""
        record = self.get_object()
        shape = TransitionInput(data=request.data)
        shape.is_valid(raise_exception=True)
        given = shape.validated_data
        try:
            wanted = flow_with(record, name).transitions()[name]
        except LookupError as unknown:
            raise Http404 from unknown
        version = expected_version(request, record)
        reason = given.get("reason") or reason_in(request)
        signed = wanted.signature and request.user.has_perm(wanted.permission, record)
        # Outside the transaction: an attempt is remembered even when the move is then refused.
        proof = prove(request.user, password=given.get("password", "")) if signed else None

        def move():
            return self._shown(
                perform(
                    record,
                    name,
                    actor=request.user,
                    reason=reason,
                    happened_on=given.get("happened_on"),
                    choice=given.get("choice", ""),
                    proof=proof,
                    version=version,
                )
            )

        return self.once(move)

    viewset.transitions, viewset.transition = transitions, transition


def _move_parameter(declaration):
    moves = sorted(name for flow in flows_of(declaration.model) for name in flow.transitions())
    return OpenApiParameter("name", str, OpenApiParameter.PATH, enum=moves)


def viewset_for(declaration):
    """Return the endpoint of a Record."""
    fields = ["id", *(declaration.api_fields or [c.path for c in declaration.columns()])]
    if any(f.name == "version" for f in declaration.model._meta.fields):
        fields.append("version")
    read = serializer_for(declaration, fields, name="")
    attributes = {
        "declaration": declaration,
        "__doc__": f"{declaration.many().capitalize()} the person may see.",
        "queryset": declaration.model._base_manager.none(),
        "read_serializer": read,
        "create_serializer": serializer_for(
            declaration,
            (*declaration.create, *declaration.api_create_extra.items()),
            name="Create",
            writable=declaration.create,
        ),
        "change_serializer": serializer_for(
            declaration, declaration.edit, name="Change", writable=declaration.edit
        ),
        "filterset_class": _filterset(declaration),
    }
    attributes["serializer_class"] = read
    further = EXTENSIONS.get(declaration.model._meta.label, ())
    viewset = type(f"{declaration.model.__name__}ViewSet", (*further, RecordViewSet), attributes)
    tag = extend_schema(tags=[declaration.slug])
    if declaration.create:
        viewset.create = extend_schema(request=viewset.create_serializer, responses={201: read})(
            _method("_create", "Make one.")
        )
    if declaration.edit:
        viewset.partial_update = extend_schema(request=viewset.change_serializer, responses=read)(
            _method("_partial_update", "Change one; send X-Change-Reason once it has left its first state.")
        )
    if flows_of(declaration.model):
        _with_transitions(viewset)
    if declaration.create or declaration.edit:
        add_external(viewset, _upsert_serializer(declaration))
    return tag(extend_schema_view(list=extend_schema(), retrieve=extend_schema())(viewset))


def _filterset(declaration):
    filters = make_filterset(
        f"{declaration.__name__}ApiFilters",
        declaration.model,
        declaration.filters,
        declaration.search,
        by_key=True,
        also=declaration.search_also,
    )
    for name, narrowed in filters.base_filters.items():
        if name in declaration.filters and narrowed.extra.get("decimal_places") == 0:
            set_override(narrowed, "field", {"type": "integer", "minimum": 0})  # a key, and no measure
    return filters


def _upsert_serializer(declaration):
    either = tuple(dict.fromkeys((*declaration.create, *declaration.edit)))
    extra = [(name, copy.deepcopy(field)) for name, field in declaration.api_create_extra.items()]
    for _name, field in extra:
        field.required = False
    return serializer_for(declaration, (*either, *extra), name="Upsert", writable=either, all_optional=True)


def _method(name, doc):
    def call(self, request, *args, **kwargs):
        return getattr(self, name)(request)

    call.__doc__ = doc
    return call


def endpoints():
    """Return [(slug, viewset)] of all declared records."""
    return [(declaration.slug, viewset_for(declaration)) for declaration in RECORDS.values()]
