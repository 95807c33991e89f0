"""Every Record as an endpoint: list, read, make, change, move."""

from django.db import models
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from ctms.access.scoping import Scoped
from ctms.pages.listing import make_filterset
from ctms.pages.record import RECORDS
from ctms.pages.saving import change_record, create_record
from ctms.signatures.proving import prove
from ctms.workflow.declare import flow_with, flows_of
from ctms.workflow.engine import offers, perform

from .errors import VersionConflict

# What a record's endpoint does beyond what is declared: label of the model -> mixins, registered in `ready()`.
EXTENSIONS: dict[str, list[type]] = {}
REASON = OpenApiParameter(
    "X-Change-Reason", str, OpenApiParameter.HEADER, description="Why; may also be sent as `reason`."
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the record you read; 412 if it moved on.",
)


class VisibleRelatedField(serializers.PrimaryKeyRelatedField):
    """A key to another record: only one the person may see is known."""

    def get_queryset(self):
        rows = super().get_queryset()
        if issubclass(rows.model, Scoped):
            return rows.visible_to(self.context["request"].user)
        return rows


class RecordSerializer(serializers.ModelSerializer):
    """Shape only: `full_clean()` and the database decide what is valid."""

    serializer_related_field = VisibleRelatedField

    def build_standard_field(self, field_name, model_field):
        field_class, options = super().build_standard_field(field_name, model_field)
        options.pop("validators", None)
        return field_class, options

    def get_validators(self):
        return []

    def get_unique_together_validators(self):
        return []


class TransitionInput(serializers.Serializer):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    choice = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=60,
        help_text="The reason, where the move has a list of them.",
    )
    happened_on = serializers.DateField(required=False, allow_null=True)
    password = serializers.CharField(
        required=False, allow_blank=True, write_only=True, help_text="Or a TOTP code: for signed transitions."
    )


class TransitionOffer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()
    refusal = serializers.CharField(help_text="Why it may not happen now; empty when it may.")
    needs_reason = serializers.BooleanField()
    signed = serializers.BooleanField()


def serializer_for(declaration, fields, *, name, writable=()):
    """Return the serializer of a record: model fields as they are, anything else read only."""
    model_fields = {f.name for f in declaration.model._meta.get_fields()}
    attributes, names = {}, []
    for field in fields:
        if isinstance(field, tuple):
            key, attributes[key] = field
            names.append(key)
        elif field in model_fields or field == "id":
            names.append(field)
        else:
            attributes[field.replace("__", "_")] = serializers.CharField(
                source=field.replace("__", "."), read_only=True, allow_null=True, default=None
            )
            names.append(field.replace("__", "_"))
    meta = {
        "model": declaration.model,
        "fields": names,
        "read_only_fields": [n for n in names if n not in writable],
    }
    return type(
        f"{declaration.model.__name__}{name}",
        (RecordSerializer,),
        {**attributes, "Meta": type("Meta", (), meta)},
    )


class RecordViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What every record's endpoint does; made concrete by `viewset_for`."""

    declaration: type
    read_serializer: type
    create_serializer: type
    change_serializer: type
    filter_backends = [DjangoFilterBackend]
    lookup_value_regex = r"\d+"

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.declaration.model._base_manager.none()
        return self.declaration.rows(self.request.user)

    def get_serializer_class(self):
        return {"create": self.create_serializer, "partial_update": self.change_serializer}.get(
            self.action, self.read_serializer
        )

    def get_object(self):
        pk = int(self.kwargs["pk"])
        if pk > models.BigIntegerField.MAX_BIGINT:
            raise Http404
        return self.declaration.get(self.request.user, pk)

    def retrieve(self, request, *args, **kwargs):
        return self._answer(self.get_object())

    def _answer(self, record, status=200):
        body = self.read_serializer(record, context=self.get_serializer_context()).data
        response = Response(body, status=status)
        if hasattr(record, "version"):
            response["ETag"] = f'"{record.version}"'
        return response

    def _reason(self, request):
        return request.headers.get("X-Change-Reason", "") or str(request.data.get("reason", "") or "")

    def _expected_version(self, record):
        """Return the version If-Match names, refusing one that is not the record's."""
        wanted = self.request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if not wanted or wanted == "*":
            return None
        if wanted != str(getattr(record, "version", "")):
            raise VersionConflict
        return int(wanted)

    def _create(self, request):
        shape = self.create_serializer(data=request.data, context=self.get_serializer_context())
        shape.is_valid(raise_exception=True)
        record = create_record(
            self.declaration, shape.validated_data, actor=request.user, reason=self._reason(request)
        )
        return self._answer(self.declaration.get(request.user, record.pk), status=201)

    def _partial_update(self, request):
        record = self.get_object()
        version = self._expected_version(record)
        shape = self.change_serializer(
            record, data=request.data, partial=True, context=self.get_serializer_context()
        )
        shape.is_valid(raise_exception=True)
        change_record(
            self.declaration,
            record,
            shape.validated_data,
            actor=request.user,
            reason=self._reason(request),
            version=version,
        )
        return self._answer(self.declaration.get(request.user, record.pk))


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
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH), REASON, IF_MATCH],
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
        version = self._expected_version(record)
        signed = wanted.signature and request.user.has_perm(wanted.permission, record)
        proof = prove(request.user, password=given.get("password", "")) if signed else None
        done = perform(
            record,
            name,
            actor=request.user,
            reason=given.get("reason") or self._reason(request),
            happened_on=given.get("happened_on"),
            choice=given.get("choice", ""),
            proof=proof,
            version=version,
        )
        return self._answer(self.declaration.get(request.user, done.pk))

    viewset.transitions, viewset.transition = transitions, transition


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
        "filterset_class": make_filterset(
            f"{declaration.__name__}ApiFilters",
            declaration.model,
            declaration.filters,
            declaration.search,
            by_key=True,
            also=declaration.search_also,
        ),
    }
    attributes["serializer_class"] = read
    further = EXTENSIONS.get(declaration.model._meta.label, ())
    viewset = type(f"{declaration.model.__name__}ViewSet", (*further, RecordViewSet), attributes)
    tag = extend_schema(tags=[declaration.slug])
    if declaration.create:
        viewset.create = extend_schema(
            request=viewset.create_serializer, responses={201: read}, parameters=[REASON]
        )(_method("_create", "Make one."))
    if declaration.edit:
        viewset.partial_update = extend_schema(
            request=viewset.change_serializer, responses=read, parameters=[REASON, IF_MATCH]
        )(_method("_partial_update", "Change one; send X-Change-Reason once it has left its first state."))
    if flows_of(declaration.model):
        _with_transitions(viewset)
    return tag(extend_schema_view(list=extend_schema(), retrieve=extend_schema())(viewset))


def _method(name, doc):
    def call(self, request, *args, **kwargs):
        return getattr(self, name)(request)

    call.__doc__ = doc
    return call


def endpoints():
    """Return [(slug, viewset)] of all declared records."""
    return [(declaration.slug, viewset_for(declaration)) for declaration in RECORDS.values()]
