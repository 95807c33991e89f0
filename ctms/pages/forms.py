"""Forms from a Record: narrowed choices, a reason where one is due, the version the person looked at."""

from django import forms
from django.forms import modelform_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ctms.access.access import access_of
from ctms.access.assignments import people
from ctms.access.explain import colleagues_who_may
from ctms.access.scoping import Scoped


class PersonField(forms.ModelChoiceField):
    """A choice of people who may do something in the studies the reader works in."""

    def __init__(self, *, permission, **options):
        self.permission = permission
        super().__init__(people(), **options)

    def narrow(self, user):
        """Return the people `user` is offered."""
        return people().filter(pk__in=colleagues_who_may(user, self.permission, timezone.localdate()))


class PeopleField(PersonField, forms.ModelMultipleChoiceField):
    """The same for several people."""


class NarrowedForm(forms.ModelForm):
    """Offers only what the person sees in every choice of a record."""

    tall: tuple[str, ...] = ()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if "unblinded" in self.fields and not access_of(user).is_in_a_circle:
            del self.fields["unblinded"]
        for name, field in self.fields.items():
            rows = getattr(field, "queryset", None)
            if rows is not None and issubclass(rows.model, Scoped):
                field.queryset = rows.all().visible_to(user)
            elif hasattr(field, "narrow"):
                field.queryset = field.narrow(user)
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 20 if name in self.tall else 3
            if isinstance(field, forms.ModelMultipleChoiceField):
                field.widget = forms.CheckboxSelectMultiple(choices=field.choices)
            _name_the_blank(field)


def _name_the_blank(field):
    """Say what a choice that is not made yet asks for, instead of dashes."""
    blank = _("Choose…") if field.required else _("None")
    if getattr(field, "empty_label", None):
        field.empty_label = blank
    elif isinstance(field, forms.TypedChoiceField) and not callable(field.choices):
        field.choices = [(value, label if value else blank) for value, label in field.choices]


def form_for(declaration, fields, *, needs_reason, extra=None, first=()):
    """Return the form class of a record with these fields, and those its service needs beside them."""
    form = modelform_factory(declaration.model, form=NarrowedForm, fields=list(fields))
    form.tall = tuple(declaration.tall)
    if extra:
        form = type(form.__name__, (form,), {**extra, "field_order": list(first)})
    if needs_reason:
        reason = forms.CharField(
            label=_("Reason for change"),
            max_length=400,
            help_text=_("Stands in the history beside what you change."),
            widget=forms.TextInput(attrs={"list": "usual-reasons"}),
        )
        form = type(form.__name__, (form,), {"reason": reason})
    return form


# Offered beside free text (reference-lists.md 11.3).
USUAL_REASONS = (
    _("Data entry error"),
    _("New information"),
    _("Source corrected"),
    _("Protocol amendment"),
    _("Reclassification"),
    _("Administrative"),
)


class TransitionForm(forms.Form):
    """What a move asks for: a date in the world, a reason, proof of who signs."""

    def __init__(self, *args, transition, **kwargs):
        super().__init__(*args, **kwargs)
        if transition.happened:
            self.fields["happened_on"] = forms.DateField(
                label=transition.happened, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            )
        if transition.reasons is not None:
            self.fields["choice"] = forms.ChoiceField(
                label=_("Reason"), choices=[("", _("Choose…")), *transition.reasons.choices]
            )
        in_words = transition.needs_reason and transition.reasons is None
        self.fields["reason"] = forms.CharField(
            label=transition.reason_label or (_("Reason") if in_words else _("Comment")),
            required=in_words,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        if transition.signature:
            self.fields["proof"] = forms.CharField(
                label=_("Your password, or the code of your authenticator"),
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
