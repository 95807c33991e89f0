"""Show a picture: the drawing in a region of its own that scrolls, its legend, and the same numbers as a table."""

from django import template
from django.utils.safestring import mark_safe

register = template.Library()


@register.inclusion_tag("pictures/_picture.html")
def picture(one, *, table=True):
    """
    Show a picture as a figure; its SVG was escaped shape by shape when it was drawn.

    :param table: False where the page shows the same numbers right below
    """
    legend = [(mark_safe(key.svg), key) for key in one.legend]
    return {"one": one, "svg": mark_safe(one.svg), "legend": legend, "table": table}
