"""Show a picture: the drawing in a region of its own that scrolls, its legend, and the same numbers as a table."""

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

register = template.Library()


@register.inclusion_tag("pictures/_picture.html")
def picture(one, *, table=True):
    """
    Show a picture as a figure; its SVG was escaped shape by shape when it was drawn.

    :param table: False where the page shows the same numbers right below
    """
    legend = [(mark_safe(key.svg), key) for key in one.legend]
    rows = mark_safe(_rows_of(one)) if table else ""
    return {"one": one, "svg": mark_safe(one.svg), "legend": legend, "table": table, "rows": rows}


def _rows_of(one):
    """Return the table's rows as HTML, every word escaped: a template for each cell cost more than the drawing."""
    return "".join(f"<tr>{''.join(_cells_of(row))}</tr>" for row in one.rows)


def _cells_of(row):
    for place, cell in enumerate(row):
        text = escape(cell.text)
        shown = f'<a href="{escape(cell.url)}">{text}</a>' if cell.url else text
        if place == 0:
            yield f'<th scope="row">{shown}</th>'
        else:
            yield f'<td class="number">{shown}</td>' if cell.number else f"<td>{shown}</td>"
