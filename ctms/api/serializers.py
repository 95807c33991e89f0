"""What is sent and what is answered of every Record: the shape alone, made from its declaration."""

import datetime

from django.utils.translation import gettext as _
from rest_framework import serializers

from ctms.access.access import access_of
from ctms.access.scoping import Scoped

from .writing import written


class VisibleRelatedField(serializers.PrimaryKeyRelatedField):
    """A key to another record: only one the person may see is known."""

    def get_queryset(self):
        rows = super().get_queryset()
        if issubclass(rows.model, Scoped):
            return rows.visible_to(self.context["request"].user)
        return rows


class Strict:
    """Mixin: refuses what it does not know. A misspelt field that is passed over in silence is data lost."""

    beside = ("reason",)

    @staticmethod
    def kept_from(request):
        """Return the fields that are not there for this person: of blinding nobody outside every circle is told."""
        told = request is None or access_of(request.user).is_in_a_circle
        return set() if told else {"unblinded"}

    def to_internal_value(self, data):
        unknown = {}
        if isinstance(data, dict):
            known = {name for name, field in self.fields.items() if not field.read_only} | {*self.beside}
            known -= self.kept_from(self.context.get("request"))
            unknown = {name: [_("There is no such field to set here.")] for name in data if name not in known}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as wrong:
            told = wrong.detail if isinstance(wrong.detail, dict) else {}
            raise serializers.ValidationError({**told, **unknown}) from wrong
        if unknown:
            raise serializers.ValidationError(unknown)
        return values


class RecordSerializer(Strict, serializers.ModelSerializer):
    """Shape only: `full_clean()` and the database decide what is valid."""

    serializer_related_field = VisibleRelatedField

    def to_representation(self, instance):
        return written(type(self), instance)

    def build_standard_field(self, field_name, model_field):
        field_class, options = super().build_standard_field(field_name, model_field)
        options.pop("validators", None)
        if issubclass(field_class, serializers.DateTimeField):
            options["default_timezone"] = datetime.UTC  # programs read one zone, whoever holds the token
        return field_class, options

    def build_relational_field(self, field_name, relation_info):
        field_class, options = super().build_relational_field(field_name, relation_info)
        # Whether a record has one already is asked among all rows: by the rules, not by the shape.
        options.pop("validators", None)
        return field_class, options

    def include_extra_kwargs(self, kwargs, extra_kwargs):
        """Keep, for what is only read, that a choice may be empty: a client believes the description."""
        blank = "choices" in kwargs and kwargs.get("allow_blank")
        kwargs = super().include_extra_kwargs(kwargs, extra_kwargs)
        return {**kwargs, "allow_blank": True} if blank else kwargs

    def get_validators(self):
        return []

    def get_unique_together_validators(self):
        return []


class TransitionInput(Strict, serializers.Serializer):
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


def serializer_for(declaration, fields, *, name, writable=(), all_optional=False):
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
        "extra_kwargs": {n: {"required": False} for n in writable} if all_optional else {},
    }
    return type(
        f"{declaration.model.__name__}{name}",
        (RecordSerializer,),
        {**attributes, "Meta": type("Meta", (), meta)},
    )
