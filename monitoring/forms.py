"""Forms of monitoring beside those the records declare."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import services
from .models import SendingMethod
from .models.findings import DeviationCategory, Responsible, subject_code


def day(label, **options):
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


def words(label, *, rows=2, **options):
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


class VisitForm(forms.Form):
    """What is asked about a visit at hand."""

    def __init__(self, *args, visit, **options):
        self.visit = visit
        super().__init__(*args, **options)


class DaysForm(VisitForm):
    """On which days a visit took place, corrected with a reason."""

    started_on = day(_("First day of the visit"))
    ended_on = day(_("Last day of the visit"))
    reason = words(_("Reason"), max_length=2000)

    def clean(self):
        values = super().clean() or {}
        first, last = values.get("started_on"), values.get("ended_on")
        if first and last:
            for name, why in services.why_not_these_days(self.visit, first, last).items():
                self.add_error(name, why)
        return values


class PresenceForm(VisitForm):
    """Who was met at a visit, ticked from the site's people of its days, and which subjects were reviewed."""

    people = forms.MultipleChoiceField(
        label=_("Who was met"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = words(
        _("Others met or contacted"),
        required=False,
        help_text=_("One a line, with the role."),
        max_length=2000,
    )
    subjects_reviewed = words(
        _("Subjects reviewed"),
        required=False,
        help_text=_("Numbers, with commas or on lines."),
        max_length=4000,
    )

    def __init__(self, *args, visit, people_met="", subjects_reviewed="", **options):
        known, named = services.who_may_be_met(visit), services.lines_in(people_met)
        begins = {
            "people": [name for name in named if name in known],
            "others": "\n".join(name for name in named if name not in known),
            "subjects_reviewed": ", ".join(services.lines_in(subjects_reviewed)),
        }
        super().__init__(
            *args, visit=visit, **{**options, "initial": {**begins, **options.get("initial", {})}}
        )
        if known:
            self.fields["people"].choices = [(name, name) for name in known]
        else:
            del self.fields["people"]

    def presence(self):
        """Return what was ticked and written, as a report keeps it."""
        values = self.cleaned_data
        return {
            "people_met": "\n".join([*values.get("people", ()), values["others"]]),
            "subjects_reviewed": values["subjects_reviewed"],
        }


class ConductForm(PresenceForm, DaysForm):
    """On which days the visit took place, and who was met."""

    reason = words(_("Comment"), required=False, max_length=2000)
    field_order = ("started_on", "ended_on", "people", "others", "subjects_reviewed", "reason")

    def clean_subjects_reviewed(self):
        """Say at once, beside what is wrong with the days, what is wrong here."""
        numbers = self.cleaned_data["subjects_reviewed"]
        if wrong := services.why_not_these_subjects(self.visit.site, numbers):
            raise forms.ValidationError(wrong)
        return numbers


class SendForm(forms.Form):
    """How and when a letter was sent."""

    method = forms.ChoiceField(label=_("Sent by"), choices=SendingMethod)
    happened_on = day(_("Sent on"))
    reason = words(_("Comment"), required=False, max_length=2000)


class RaisedForm(forms.Form):
    """
    What is raised while a report is written, at one of its questions or at none.

    :param questions: those the report asks, as [(key, text)]; () = it is raised outside of one
    """

    question_key = forms.ChoiceField(label=_("Raised at the question"), required=False)

    def __init__(self, *args, questions=(), **options):
        super().__init__(*args, **options)
        if questions:
            self.fields["question_key"].choices = [("", _("At no single question")), *questions]
        else:
            del self.fields["question_key"]


class ActionItemForm(RaisedForm):
    """An action item raised while the report is written."""

    text = words(_("What is to be done"))
    responsible = forms.ChoiceField(label=_("Who"), choices=Responsible)
    due_on = day(_("Due on"))


class DeviationForm(RaisedForm):
    """A deviation raised while the report is written."""

    category = forms.ChoiceField(
        label=_("Category"), choices=[("", _("Choose…")), *DeviationCategory.choices]
    )
    subject_number = forms.CharField(
        label=_("Subject number"),
        required=False,
        max_length=30,
        validators=[subject_code],
        widget=forms.TextInput(attrs={"list": "subjects-of-the-site"}),
    )
    description = words(_("What happened"))
    occurred_on = day(_("Occurred on"))
