"""What the keyboard does: one declaration, from which the list is shown and the script works."""

import json
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Key:
    """
    One shortcut.

    :param keys: as pressed one after the other, such as `g s`; letters are what the WCAG calls single keys
    :param does: what it does, in words
    :param deed: the name of what the script does; "" where the page itself answers
    :param area: the group of the rail it leads to: whoever has no such group has no such key
    """

    keys: str
    does: str
    deed: str = ""
    area: str = ""

    @property
    def pressed(self):
        return self.keys.split(" ")


ANYWHERE, IN_LISTS, ON_RECORDS, IN_REPORTS = (
    _("Anywhere"),
    _("In a list"),
    _("On a record or a list"),
    _("In a visit report, at a question"),
)
KEYS = {
    ANYWHERE: (
        Key("Ctrl+K", _("Search everything you may see"), "search"),
        Key("?", _("This list"), "help"),
        Key("g h", _("Go to Home"), "go"),
        Key("g s", _("Go to Studies"), "go", area="Studies"),
        Key("g m", _("Go to Monitoring"), "go", area="Monitoring"),
        Key("g d", _("Go to Documents"), "go", area="Documents"),
        Key("g f", _("Go to Finance"), "go", area="Finance"),
        Key("Escape", _("Close what is open; leave a field"), "close"),
    ),
    IN_LISTS: (
        Key("/", _("Search in this list"), "search-list"),
        Key("j", _("Next row"), "next"),
        Key("k", _("Row before"), "previous"),
        Key("Enter", _("Open the row")),
        Key("x", _("Choose the row, where rows are chosen"), "choose"),
    ),
    ON_RECORDS: (
        Key("n", _("New, where the page offers it"), "new"),
        Key("e", _("Change this record"), "edit"),
    ),
    IN_REPORTS: (
        Key("Y", _("Yes")),
        Key("N", _("No")),
        Key("A", _("Not applicable")),
        Key("R", _("Not reviewed")),
    ),
}


def keys_for(rail):
    """Return [(section, [Key])] with the keys of areas that are in this person's rail."""
    areas = {group.label for group in rail}
    return [
        (section, [key for key in keys if not key.area or key.area in areas])
        for section, keys in KEYS.items()
    ]


def keys_as_json(rail):
    """Return {keys pressed: [deed, address]} for the script."""
    first = {group.label: group.url for group in rail}
    return json.dumps(
        {
            key.keys: [key.deed, first.get(key.area, "/") if key.deed == "go" else ""]
            for _section, keys in keys_for(rail)
            for key in keys
            if key.deed
        }
    )


@login_required
def keyboard_page(request):
    """Show what the keyboard does: as a page, or alone for the dialog."""
    in_dialog = request.headers.get("X-Part") == "keyboard"
    response = render(request, "pages/_keyboard.html" if in_dialog else "pages/keyboard.html")
    response.headers["Vary"] = "X-Part, Cookie"
    return response
