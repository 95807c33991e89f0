"""The events there are: one for each move of each record, by the names the API gives them."""

from django import forms
from django.utils.translation import gettext as _

from ctms.pages.record import RECORDS
from ctms.workflow.declare import WORKFLOWS, flows_of

TEST = "webhooks.test"
ADOPTED = "adopt"


def event_of(record, name):
    """
    Return the name of a performed move, such as `study-sites.activate`, or '' when the API does not know the record.

    :param record: label and id, as the TransitionRecord keeps them
    :param name: of the transition
    """
    declaration = RECORDS.get(record.rsplit("/", 1)[0])
    return f"{declaration.slug}.{name}" if declaration else ""


def all_events():
    """Return {what records are called: [(event, label)]}, in the order the records are declared."""
    found = {}
    for label, declaration in RECORDS.items():
        moves = [
            (f"{declaration.slug}.{name}", str(move.label))
            for flow in flows_of(declaration.model)
            for name, move in flow.transitions().items()
        ]
        for (owner, _field), flow in WORKFLOWS.items():
            if owner == label and flow.adopt:
                moves.append((f"{declaration.slug}.{ADOPTED}", str(flow.adopt.label)))
        if moves:
            found[declaration.many().capitalize()] = moves
    return found


def unknown_events(names):
    """Return those of the names that are neither an event nor `<slug>.*`."""
    known = {event for moves in all_events().values() for event, _label in moves}
    known |= {f"{event.split('.')[0]}.*" for event in known}
    return [name for name in names if name not in known]


def wants(chosen, event):
    """True if `event` is among the chosen names, by itself or by `<slug>.*`."""
    return event in chosen or f"{event.split('.')[0]}.*" in chosen


def choose_events(**options):
    """Return the form field in which events are chosen: all of a record's, or each."""
    groups = [
        (many, [(f"{moves[0][0].split('.')[0]}.*", _("Everything that happens")), *moves])
        for many, moves in all_events().items()
    ]
    return forms.MultipleChoiceField(choices=groups, widget=EventBoxes, **options)


class EventBoxes(forms.CheckboxSelectMultiple):
    """Boxes under the names of the records they belong to."""

    template_name = "exchange/event_boxes.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        # A record of which something is chosen is shown open.
        context["groups"] = [
            (group, options, any(option["selected"] for option in options))
            for group, options, _index in context["widget"]["optgroups"]
        ]
        return context


def record_behind(text):
    """Return (declaration, key) of a record's label and id; (None, None) when it is none of the API's."""
    label, _slash, key = text.rpartition("/")
    declaration = RECORDS.get(label)
    return (declaration, int(key)) if declaration and key.isdigit() else (None, None)
