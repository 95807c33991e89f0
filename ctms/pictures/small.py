"""Small pictures inside a row: how much of a whole, how the last months went. The words beside them say the same."""

from django.utils.html import format_html, format_html_join

BAR_WIDTH, BAR_HEIGHT = 96, 10
COLUMN_WIDTH, COLUMNS_HEIGHT = 9, 22


def bar(part, whole, label, *, tone="blue", expected=None):
    """
    Return a bar filled by a part of a whole, with a mark where it should be by now.

    :param label: the same in words, for who does not see it
    :param tone: grey, blue, green, amber or red
    :param expected: how much of the whole was to be reached by today; None = no mark
    """
    filled = _along(part, whole)
    mark = ""
    if expected is not None:
        mark = format_html(
            '<line class="small-mark" x1="{0}" x2="{0}" y1="0" y2="{1}" stroke="#1d2630" stroke-width="2"/>',
            max(1, min(_along(expected, whole), BAR_WIDTH - 1)),
            BAR_HEIGHT,
        )
    return format_html(
        '<svg class="small-picture small-bar" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" '
        'aria-label="{2}"><rect class="small-ground" width="{0}" height="{1}" rx="2" fill="#eceff2"/>'
        '<rect class="small-fill tone-{3}" width="{4}" height="{1}" rx="2" fill="#0a5a9c"/>{5}</svg>',
        BAR_WIDTH,
        BAR_HEIGHT,
        label,
        tone,
        filled,
        mark,
    )


def _along(part, whole):
    return round(BAR_WIDTH * max(0, min(float(part) / float(whole), 1))) if whole else 0


def trend(numbers, label):
    """Return columns of some numbers, oldest first; the last one, still running, is drawn lighter."""
    most = max([*numbers, 1])
    columns = [
        (
            place * COLUMN_WIDTH,
            COLUMNS_HEIGHT - _height(number, most),
            COLUMN_WIDTH - 2,
            _height(number, most),
            "small-column-running" if place == len(numbers) - 1 else "small-column",
        )
        for place, number in enumerate(numbers)
    ]
    drawn = format_html_join(
        "", '<rect x="{}" y="{}" width="{}" height="{}" class="{}" fill="#0a5a9c"/>', columns
    )
    return format_html(
        '<svg class="small-picture" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">'
        "{3}</svg>",
        max(COLUMN_WIDTH * len(numbers), 1),
        COLUMNS_HEIGHT,
        label,
        drawn,
    )


def _height(number, most):
    # A month without anything keeps a line to stand on, so that it is not taken for a gap.
    return max(1, round((COLUMNS_HEIGHT - 1) * number / most))
