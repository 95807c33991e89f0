"""Forms from a Record: narrowed choices, a reason where one is due, the version the person looked at."""

from decimal import Decimal
from functools import partial

from django import forms
from django.forms import modelform_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ctms.access.access import access_of
from ctms.access.assignments import people
from ctms.access.explain import colleagues_who_may
from ctms.access.scoping import Scoped, scope_of
from ctms.money.amounts import plain

from .columns import as_text
from .record import in_own_order


class PersonField(forms.ModelChoiceField):
    """A choice of people who may do something in the studies the reader works in."""

    def __init__(self, *, permission, **options):
        self.permission = permission
        super().__init__(people(), **options)

    def narrow(self, user, study=None):
        """Return the people `user` is offered, in one study or in all they work in."""
        may = colleagues_who_may(user, self.permission, timezone.localdate(), study=study)
        return people().filter(pk__in=may)


class PeopleField(PersonField, forms.ModelMultipleChoiceField):
    """The same for several people."""


class AskedOnRefusal(forms.BooleanField):
    """A tick that is asked for once the service refused without it: a doubt most people never meet."""

    def __init__(self, **options):
        super().__init__(required=False, widget=forms.HiddenInput(), **options)

    def ask(self):
        """Show the tick from now on."""
        self.widget = forms.CheckboxInput()


class SaidOnRefusal(AskedOnRefusal):
    """
    A doubt that is said once, beside another field: the form saved again as it stands means it.

    For what is unusual and often right, so that whoever knows better is stopped by one click and no tick. The form
    carries along what was doubted: another value is doubted anew.

    :param beside: the field the doubt is about
    :param how: the sentence that says what to do where it is right
    """

    def __init__(self, *, beside, how, **options):
        self.beside, self.how = beside, how
        super().__init__(**options)

    def ask(self):
        """Stay hidden: the sentence is the question, and saving again the answer."""

    def is_meant(self, form, name):
        """True if what stands beside is the very value the doubt was said of."""
        return form[name].data == form[self.beside].data


class NarrowedForm(forms.ModelForm):
    """
    Offers only what the person sees in every choice of a record, and only what lies in its study.

    :param study: id of the study the form is opened in; None = that of the record it changes, or not known yet
    """

    tall: tuple[str, ...] = ()

    def __init__(self, *args, user, study=None, **kwargs):
        super().__init__(*args, **kwargs)
        study = study or _study_of(self.instance)
        if "unblinded" in self.fields and not access_of(user).is_in_a_circle:
            del self.fields["unblinded"]
        for name, field in self.fields.items():
            rows = getattr(field, "queryset", None)
            if hasattr(field, "narrow"):
                field.queryset = field.narrow(user, study)
            elif rows is not None and issubclass(rows.model, Scoped):
                _offer_rows(field, user, study)
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            if isinstance(value := self.initial.get(name), Decimal):
                self.initial[name] = Decimal(plain(value))
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 20 if name in self.tall else 3
            if isinstance(field, forms.ModelMultipleChoiceField):
                field.widget = forms.CheckboxSelectMultiple(choices=field.choices)
            _name_the_blank(field)

    def clean(self):
        super().clean()
        for name, field in self.fields.items():
            if isinstance(field, SaidOnRefusal):
                said = self.cleaned_data.get(name, False)
                self.cleaned_data[name] = said and field.is_meant(self, name)
        return self.cleaned_data


def _study_of(record):
    saved = record.pk is not None and isinstance(record, Scoped)
    return record.place().study if saved else None


def _offer_rows(field, user, study):
    """Offer what the person sees: of the study, or of all studies with the study in each name."""
    rows = in_own_order(field.queryset.all().visible_to(user))
    path = scope_of(rows.model).columns["study"]
    if study is not None:
        rows = rows.filter(**{path: study})
    elif path != "pk" and _works_in_several_studies(user):
        rows = rows.select_related(path)
        field.label_from_instance = partial(_label_with_study, field.label_from_instance, path)
    field.queryset = rows


def _works_in_several_studies(user):
    studies = {grant.study for grant in access_of(user).grants}
    return len(studies) > 1 or None in studies


def _label_with_study(label_of, path, record):
    """Return such as `FRS-101 · Spain`: Spain alone stands in as many studies as there are."""
    label, study = str(label_of(record)), str(getattr(record, path))
    return label if study in label else f"{study} · {label}"


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

    def __init__(self, *args, transition, record=None, cautions=(), **kwargs):
        super().__init__(*args, **kwargs)
        if transition.happened:
            self.fields["happened_on"] = _day_field(transition, record)
        if transition.reasons is not None:
            self.fields["choice"] = forms.ChoiceField(
                label=_("Reason"), choices=[("", _("Choose…")), *transition.reasons.choices]
            )
        in_words = transition.needs_reason and transition.reasons is None
        self.fields["reason"] = forms.CharField(
            label=_("Why it is done all the same")
            if cautions
            else transition.reason_label or (_("Reason") if in_words else _("Comment")),
            required=bool(in_words or cautions),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        if transition.signature:
            self.fields["proof"] = forms.CharField(
                label=_("Your password, or the code of your authenticator"),
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )


def _day_field(transition, record):
    """Return the field of a move's day: today to begin with, or the day recorded where the move puts that right."""
    asked = {
        "label": transition.happened,
        "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    }
    if not transition.corrects:
        return forms.DateField(initial=timezone.localdate(), **asked)
    recorded = getattr(record, transition.corrects, None)
    return forms.DateField(initial=recorded, help_text=_recorded(recorded), **asked)


def _recorded(day):
    return _("Recorded so far: %(day)s.") % {"day": as_text(day)} if day else _("No day is recorded so far.")


def add_errors(form, refusal):
    """Say what a service refused (ValidationError) at the fields it names, and else above the form."""
    for name, errors in getattr(refusal, "error_dict", {None: refusal.messages}).items():
        if isinstance(field := form.fields.get(name), AskedOnRefusal):
            field.ask()
        if isinstance(field, SaidOnRefusal):
            form.data = form.data.copy()
            form.data[form.add_prefix(name)] = form[field.beside].data
            name, errors = field.beside, [*errors, field.how]
        form.add_error(name if name in form.fields else None, errors)
