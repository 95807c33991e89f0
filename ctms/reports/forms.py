"""What a report is asked with: of which place, as of which day; and a schedule, for whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ctms.pages.forms import PeopleField
from ctms.pages.record import RECORDS

from .declare import in_order

LEVELS = {"Study": "", "StudyCountry": _("Countries"), "StudySite": _("Sites")}


def every_report():
    """Return the reports there are, for a choice; whether one is the person's to run is asked of the place."""
    return [("", _("Choose…")), *((one.name, one.title) for one in in_order())]


class ReportField(forms.ChoiceField):
    """A choice of reports."""

    def __init__(self):
        super().__init__(choices=every_report, label=_("Report"))


class ReadersField(PeopleField):
    """A choice of the people a report may be sent to."""

    def __init__(self):
        super().__init__(
            permission="reports.view_reportrun",
            label=_("Readers"),
            help_text=_("Each gets what they may see themselves, and nothing once they may not."),
        )


class RunForm(forms.Form):
    """
    Of which study and place in it, and as of which day.

    One form: what is chosen is what runs. The places offered are those of `study`; another study has other places,
    and is run as a whole or asked for once more.
    """

    def __init__(self, *args, user, report, study, studies, **options):
        super().__init__(*args, **options)
        if len(studies) > 1:
            self.fields["study"] = forms.ChoiceField(
                label=_("Study"),
                choices=[(one.pk, f"{one.protocol_number} · {one.short_name}") for one in studies],
                required=False,
            )
        self.places = dict(_places(user, report, study))
        grouped = [
            (
                label,
                [(key, str(place)) for key, place in self.places.items() if type(place).__name__ == level],
            )
            for level, label in LEVELS.items()
            if level != "Study"
        ]
        whole = [("study", _("The whole study"))] if "study" in self.places else []
        self.fields["place"] = forms.ChoiceField(
            label=_("Study, country or site"),
            choices=[*whole, *(group for group in grouped if group[1])],
            error_messages={
                "invalid_choice": _("Choose a place of %(study)s.") % {"study": study.protocol_number}
            },
        )
        self.fields["on"] = forms.DateField(
            label=_("As of"),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text=_(
                "A report for today says what is on record now; for a past day, what was on record when it ended."
            ),
        )


def _places(user, report, study):
    """Yield (key, record) of the places of a study the person may run the report for."""
    for level, name in (("Study", "study"), ("StudyCountry", "country"), ("StudySite", "site")):
        if level not in report.levels:
            continue
        declaration = RECORDS[f"studies.{level}"]
        column = "pk" if level == "Study" else "study"
        for record in declaration.rows(user).filter(**{column: study.pk}):
            if user.has_perm(report.permission, record):
                yield ("study" if level == "Study" else f"{name}-{record.pk}"), record
