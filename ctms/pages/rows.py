"""
The rows of a list, as HTML.

Written here and not in templates: fifty rows of ten cells are five hundred small pieces, and a template for each costs
more than everything else on the page.
"""

from functools import cache

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from .columns import ShownTerm

SHORT = 14
# What was called off stays in its list, struck through.
CALLED_OFF = ("CANCELLED", "VOIDED")


@cache
def icon(name):
    return mark_safe(render_to_string("pages/_icon.html", {"name": name}).strip())


def state_badge(tone, label):
    """Return a state as a word with its colour and shape."""
    return format_html('<span class="state state-{}">{}</span>', tone, label)


class Rows:
    """
    Writes the rows of one list for one reader.

    :param columns: those shown; the first opens the record
    :param editing: which cells the reader may change (cells.Editing); None where the rows are only read
    :param pick: whether rows can be chosen for a deed
    """

    def __init__(self, listing, columns, *, editing=None, pick=False):
        self.columns, self.editing, self.pick = columns, editing, pick
        self.declaration, model = listing.record, listing.model()
        self.titles = [column.title(model) for column in columns]
        self.css = [css_of(column, model) for column in columns]
        shown = ",".join(column.key for column in columns)
        self.query = urlencode({"listing": listing.name, "shown": shown})
        self.words = {
            "pick": _("Choose %(name)s"),
            "change": _("Change %(what)s of %(name)s"),
            "look": _("Look at %(name)s beside the list"),
        }

    def row(self, record):
        """Return one row: box to choose it, its cells, the eye that shows it beside the list."""
        name = self.columns[0].text(record)
        css = "called-off" if getattr(record, "status", "") in CALLED_OFF else ""
        cells = [self._pick(record, name)] if self.pick else []
        cells += [self._cell(number, record, name) for number in range(len(self.columns))]
        if self.editing and not self.declaration.api_only:
            cells.append(self._look(record, name))
        return format_html(
            '<tr class="{}">{}</tr>', css, format_html_join("", "{}", ((cell,) for cell in cells))
        )

    def _pick(self, record, name):
        return format_html(
            '<td class="pick"><input type="checkbox" name="selected" value="{}" form="bulk" aria-label="{}"></td>',
            record.pk,
            self.words["pick"] % {"name": name},
        )

    def _look(self, record, name):
        url = self.declaration.url(record)
        return format_html(
            '<td class="looks"><a href="{}" hx-get="{}look/" hx-target="#look" hx-swap="innerHTML" data-look'
            ' aria-label="{}">{}</a></td>',
            url,
            url,
            self.words["look"] % {"name": name},
            icon("eye"),
        )

    def _cell(self, number, record, name):
        column, css = self.columns[number], self.css[number]
        shown = self._shown(column, record, opens=number == 0)
        if number == 0:
            css = f"{css} opens".strip()
        url = self.editing.url(column, record) if self.editing else ""
        if not url:
            return format_html('<td class="{}">{}</td>', css, shown)
        return format_html(
            '<td class="{} editable">{}<a class="cell-change" href="{}" hx-get="{}?{}" hx-target="closest td"'
            ' hx-swap="innerHTML" aria-label="{}">{}</a></td>',
            css,
            shown,
            self.declaration.url(record, "edit"),
            url,
            self.query,
            self.words["change"] % {"what": self.titles[number], "name": name},
            icon("pencil"),
        )

    def _shown(self, column, record, *, opens):
        """Return a cell: the first opens its record, states are badges, terms coloured by their pace."""
        text = column.text(record)
        if tone := column.tone(record):
            return state_badge(tone, text)
        if opens and not self.declaration.api_only:
            return format_html('<a href="{}">{}</a>', self.declaration.url(record), text)
        if isinstance(value := column.value(record), ShownTerm):
            return format_html(
                '<span class="term term-{}" title="{}">{}</span>', value.pace, value.sentence_now, text
            )
        if pace := column.pace(record):
            return format_html('<span class="term term-{}">{}</span>', pace, text)
        if column.is_text(type(record)):
            return format_html('<span class="clamp">{}</span>', text)
        # A date or a number is not broken in two because the window is narrow.
        return format_html('<span class="short">{}</span>', text) if len(text) <= SHORT else text


def css_of(column, model):
    """Return how a column stands: numbers right, sentences wide."""
    return "number" if column.is_number(model) else "prose" if column.is_text(model) else ""
