"""Pictures of plain values: what is drawn is what the table says, and no value breaks the drawing."""

import datetime
import io
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from weasyprint import HTML

from ctms.pictures.axis import Days, Numbers
from ctms.pictures.bars import Bar, Part, bars
from ctms.pictures.calendar import Mark, Person, State, calendar
from ctms.pictures.curves import Band, Bars, Chart, Line, curves
from ctms.pictures.grid import Column, Row, Share, grid
from ctms.pictures.timeline import Milestone, PlaceHeading, timeline

ON = datetime.date(2026, 3, 17)
SVG = "{http://www.w3.org/2000/svg}"
NASTY = """<script>alert("1")</script>&'\x0b"""


def day(number):
    return ON + datetime.timedelta(days=number)


MEASURES = ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "d", "points", "viewBox")


def drawn(picture):
    """Return the drawing as a tree: a picture that is no XML is none."""
    tree = ElementTree.fromstring(picture.svg)
    # What is drawn is asked, and not what it is called: a milestone may well be named "inf".
    measures = [one.get(name, "") for one in tree.iter() for name in MEASURES]
    assert not [measure for measure in measures if "nan" in measure.lower() or "inf" in measure.lower()]
    return tree


def links(picture):
    """Return {address: the name it is read by} of the marks that open something."""
    return {one.get("href"): one.get("aria-label") for one in drawn(picture).iter(f"{SVG}a")}


def numbers_of(tree):
    """Return every coordinate of a drawing."""
    names = ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height")
    found = [float(one.get(name)) for one in tree.iter() for name in names if one.get(name)]
    for one in tree.iter():
        found += [float(part) for part in re.split(r"[ ,]", one.get("points", "")) if part]
    return found


def timeline_of(*lines):
    return timeline(name="plan", title="Plan", description="Dates.", lines=lines, on=ON)


def curves_of(**parts):
    return curves(name="c", title="Enrolment", description="Subjects.", chart=Chart(**parts), on=ON)


def bars_of(*rows):
    return bars(name="b", title="Ageing", description="Money.", rows=rows, first="Currency")


def grid_of(columns, rows):
    return grid(
        name="g", title="File", description="Completeness.", columns=columns, rows=rows, first="Place"
    )


def calendar_of(*people, weeks=4):
    return calendar(
        name="k", title="Visits", description="Weeks.", people=people, first=day(-14), weeks=weeks, on=ON
    )


# --- the same numbers ----------------------------------------------------------------------------------


def test_a_milestone_says_its_days_and_its_slippage_in_the_drawing_and_in_the_table():
    late = Milestone("First subject in", "/milestones/7/", baseline=day(-40), planned=day(-12))
    reached = Milestone("Kick-off", baseline=day(-60), planned=day(-60), actual=day(-63))
    picture = timeline_of(late, reached, Milestone("Some day"))
    assert links(picture) == {
        "/milestones/7/": "First subject in, past its planned day, baseline 5 Feb 2026, "
        "planned 5 Mar 2026, 28 days after baseline"
    }
    text = " ".join(drawn(picture).itertext())
    assert "+28 d" in text
    assert "−3 d" in text
    assert [row[-2:] for row in picture.values] == [
        [28, "past its planned day"],
        [-3, "reached"],
        [None, "without a date"],
    ]


def test_a_projected_day_counts_for_the_slippage_until_the_actual_one_is_there():
    ahead = Milestone("Last subject in", baseline=day(10), planned=day(10), projected=day(45))
    picture = timeline_of(ahead)
    assert picture.values[0][6] == 35
    assert "projected" in [key.label for key in picture.legend]
    assert Milestone("Last subject in", baseline=day(10), projected=day(45), actual=day(12)).slippage == 2


def test_a_place_without_a_milestone_has_no_heading_and_one_above_a_place_with_one_has():
    lines = [
        PlaceHeading("Spain", "/study-countries/1/"),
        PlaceHeading("2003", level=1),
        Milestone("Site activated", planned=day(3), level=2),
        PlaceHeading("Germany"),
        PlaceHeading("1001", level=1),
    ]
    text = " ".join(drawn(timeline_of(*lines)).itertext())
    assert "Spain" in text
    assert "2003" in text
    assert "1001" not in text
    assert "Germany" not in text


def test_every_point_of_a_curve_that_opens_rows_says_the_value_the_table_has():
    months = [datetime.date(2026, n, 1) for n in (1, 2, 3)]
    enrolled = Line(
        "Enrolled",
        dict(zip(months, (2, 5, 9), strict=True)),
        urls={month: f"/subjects/?m={month.month}" for month in months},
    )
    failed = Bars("Screen failures", dict(zip(months, (0, 3, 1), strict=True)))
    band = Band("Forecast", {day(30): (9, 11, 14)})
    picture = curves_of(lines=[enrolled], below=failed, band=band, target=40, target_label="Planned")
    assert list(links(picture).values()) == [
        "Enrolled, 1 Jan 2026: 2",
        "Enrolled, 1 Feb 2026: 5",
        "Enrolled, 1 Mar 2026: 9",
    ]
    assert picture.values == [
        [months[0], 2, None, None, None, 0],
        [months[1], 5, None, None, None, 3],
        [months[2], 9, None, None, None, 1],
        [day(30), None, 9, 11, 14, None],
    ]
    titles = [one.text for one in drawn(picture).iter(f"{SVG}title")]
    assert "Screen failures, 1 Feb 2026: 3" in titles
    assert not [one for one in titles if one.endswith(": 0")], "nothing is drawn for none"


def test_stacked_lines_add_up_to_the_top_of_the_stack():
    spain = Line("Spain", {day(0): 3, day(30): 5}, "blue")
    germany = Line("Germany", {day(30): 4}, "green")
    chart = Chart(stacked=[spain, germany])
    assert chart.tops() == [{day(0): 3, day(30): 5}, {day(0): 3, day(30): 9}]
    axis = Numbers([9], 0, 100)
    assert axis.down(9) < axis.down(5) < axis.down(0)


def test_parts_of_a_bar_are_as_long_as_their_numbers():
    picture = bars_of(
        Bar("EUR", [Part("not due", Decimal("100"), url="/a/"), Part("late", Decimal("300"), "red", "/b/")]),
    )
    assert links(picture) == {"/a/": "EUR, not due: 100", "/b/": "EUR, late: 300"}
    assert picture.values == [["EUR", Decimal("100"), Decimal("300"), Decimal("400")]]
    widths = {
        one.find(f"{SVG}title").text: float(one.get("width"))
        for one in drawn(picture).iter(f"{SVG}rect")
        if one.find(f"{SVG}title") is not None
    }
    assert widths["EUR, late: 300"] == pytest.approx(3 * widths["EUR, not due: 100"], abs=0.3)


def test_a_bar_with_a_whole_is_drawn_against_it():
    half, full = (
        bars_of(Bar("Earned", [Part("earned", value)], whole=200, total="x")) for value in (100, 200)
    )

    def width(picture):
        return [float(one.get("width")) for one in drawn(picture).iter(f"{SVG}rect")][1]

    assert width(full) == pytest.approx(2 * width(half), abs=0.3)


def test_a_cell_says_how_many_of_how_many_and_opens_them():
    columns = [Column("01", "Trial management"), Column("02", "Central trial documents")]
    picture = grid_of(
        columns, [Row("2003", [Share(3, 5, "/missing/"), None]), Row("1001", [None, Share(2, 2)])]
    )
    assert links(picture) == {"/missing/": "2003, Trial management: 3 of 5"}
    assert [[cell.text for cell in row] for row in picture.rows] == [
        ["2003", "3/5", "—"],
        ["1001", "—", "2/2"],
    ]
    assert [Share(n, 4).tone for n in (1, 2, 4)] == ["red", "amber", "green"]


def test_visits_of_one_week_stand_below_each_other_and_all_are_in_the_table():
    planned = State("planned", "blue", outline="dashed")
    marks = [
        Mark(day(n), f"IMV {n}", "2003", planned, f"IMV {n} at 2003", f"/visits/{n}/") for n in (0, 1, 300)
    ]
    picture = calendar_of(Person("Carla Ruiz", marks))
    assert links(picture) == {"/visits/0/": "IMV 0 at 2003", "/visits/1/": "IMV 1 at 2003"}
    assert [row[2] for row in picture.values] == ["IMV 0", "IMV 1", "IMV 300"]
    assert [key.label for key in picture.legend] == ["planned"]


# --- words ---------------------------------------------------------------------------------------------


def test_no_word_becomes_markup():
    pictures = [
        timeline(
            name=NASTY,
            title=NASTY,
            description=NASTY,
            lines=[PlaceHeading(NASTY, NASTY), Milestone(NASTY * 9, NASTY, planned=ON, level=1)],
            on=ON,
        ),
        curves_of(lines=[Line(NASTY, {ON: 1}, urls={ON: NASTY})], below=Bars(NASTY, {ON: 2})),
        bars_of(Bar(NASTY, [Part(NASTY, 1, url=NASTY)], url=NASTY)),
        grid_of([Column(NASTY, NASTY)], [Row(NASTY, [Share(1, 2, NASTY)], NASTY)]),
        calendar_of(Person(NASTY, [Mark(ON, NASTY, NASTY, State(NASTY, "red"), NASTY, NASTY)])),
    ]
    for picture in pictures:
        assert f"{SVG}script" not in {one.tag for one in drawn(picture).iter()}, picture.title
        shown = Template("{% picture one %}").render(Context({"one": picture}))
        assert "<script" not in shown
        assert "alert(" in shown, "it is shown, as words"


def test_long_words_are_shortened_and_said_in_full():
    label = "The site's contract, its budget and everything else that has to be agreed " * 3
    tree = drawn(timeline_of(Milestone(label, planned=ON)))
    texts = [one for one in tree.iter(f"{SVG}text") if "…" in "".join(one.itertext())]
    assert texts[0].find(f"{SVG}title").text == label


def test_a_picture_with_links_is_no_single_image_to_a_screen_reader():
    assert drawn(timeline_of(Milestone("A", planned=ON))).get("role") == "img"
    assert drawn(timeline_of(Milestone("A", "/a/", planned=ON))).get("role") == "group"


def test_it_is_coloured_by_attributes_for_print_and_by_classes_for_the_page():
    picture = timeline_of(Milestone("A", planned=day(4)))
    mark = next(one for one in drawn(picture).iter(f"{SVG}polygon"))
    assert (mark.get("class"), mark.get("fill")) == ("fill-blue", "#0a5a9c")
    assert "style=" not in picture.svg


def test_on_paper_it_has_its_words_and_its_colours_without_the_style_of_the_page():
    picture = timeline_of(Milestone("First subject in", "/m/", baseline=day(-40), planned=day(-12)))
    printed = PdfReader(io.BytesIO(HTML(string=f"<p>{picture.svg}</p>").write_pdf())).pages[0]
    text = printed.extract_text()
    assert "First subject in" in text
    assert "+28 d" in text
    assert "past its planned day" not in text, "what is read aloud is not printed"
    assert b"0.631373 0.109804 0.109804 rg" in printed.get_contents().get_data(), "late is red on paper too"


def test_the_page_shows_the_drawing_its_words_and_the_table():
    picture = bars_of(
        Bar("EUR", [Part("not due", 1200, url="/a/", definition="Due later.")], total="1,200 EUR")
    )
    shown = Template("{% picture one %}").render(Context({"one": picture}))
    for words in (
        'aria-label="Ageing"',
        "Show as a table",
        '<td class="number"><a href="/a/">1,200</a></td>',
        'title="Due later."',
        "Money.",
    ):
        assert words in shown, words


# --- nothing, one, and the extremes --------------------------------------------------------------------


def test_nothing_to_draw_says_so_in_a_sentence():
    planned = State("planned", "blue")
    for picture in (
        timeline_of(),
        timeline_of(PlaceHeading("Spain"), Milestone("Some day")),
        curves_of(),
        bars_of(),
        bars_of(Bar("EUR", [Part("late", 0)])),
        grid_of([], []),
        grid_of([Column("01", "One")], [Row("2003", [Share(0, 0)])]),
        calendar_of(),
    ):
        assert picture.svg == ""
        assert picture.empty.endswith("."), picture
        assert "<svg" not in Template("{% picture one %}").render(Context({"one": picture}))
    assert drawn(calendar_of(Person("Carla"))) is not None
    assert planned.outline == "solid"


def test_one_point_is_a_picture_too():
    assert len(list(drawn(curves_of(lines=[Line("Enrolled", {ON: 0})])).iter(f"{SVG}circle"))) == 1
    assert drawn(timeline_of(Milestone("A", planned=ON))) is not None
    assert drawn(curves_of(below=Bars("Failed", {ON: 1}))) is not None
    assert drawn(curves_of(band=Band("Forecast", {ON: (1, 1, 1)}))) is not None


days = st.dates()
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**18), max_value=10**18)
values = st.one_of(
    st.integers(-(10**30), 10**30),
    amounts,
    st.floats(allow_nan=False, allow_infinity=False),
)


@settings(deadline=None)
@given(st.lists(days, min_size=1, max_size=6), days)
def test_any_days_lie_on_the_axis_in_their_order(some, on):
    axis = Days([*some, on], 100, 900)
    places = [axis.across(one) for one in sorted(some)]
    assert places == sorted(places)
    assert all(100 <= x <= 900 for x in (*places, *(x for x, _words, _year in axis.ticks())))
    assert len(axis.ticks()) < 40


@settings(deadline=None)
@given(st.lists(values, min_size=1, max_size=6))
def test_any_numbers_lie_on_the_axis_in_their_order(some):
    axis = Numbers(some, 10, 300)
    heights = [axis.down(one) for one in sorted(some)]
    assert heights == sorted(heights, reverse=True)
    assert all(10 <= y <= 300 for y in heights)
    assert 2 <= len(axis.ticks()) <= 9
    assert "0" in [words for _y, words in axis.ticks()]


@settings(deadline=None)
@given(
    points=st.dictionaries(days, values, max_size=8),
    counts=st.dictionaries(days, st.integers(0, 10**12), max_size=8),
    on=days,
)
def test_any_curve_is_drawn_inside_its_paper(points, counts, on):
    band = {one: (0, value, value * 2) for one, value in counts.items()}
    chart = Chart(
        lines=[Line("A", points, urls=dict.fromkeys(points, "/a/"))],
        stacked=[Line("B", counts)],
        band=Band("F", band),
        below=Bars("C", counts),
    )
    picture = curves(name="c", title="T", description="D", chart=chart, on=on)
    if not points and not counts:
        assert picture.svg == ""
        return
    tree = drawn(picture)
    assert all(-30 <= number <= 1140 for number in numbers_of(tree))
    assert [row[1] for row in picture.values] == [points.get(row[0]) for row in picture.values]


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=40), days, days, st.booleans()), max_size=6), days)
def test_any_milestones_are_drawn_inside_their_paper(some, on):
    lines = [
        Milestone(words, "/m/", baseline=a, planned=b, actual=a if done else None)
        for words, a, b, done in some
    ]
    picture = timeline(name="t", title="T", description="D", lines=lines, on=on)
    assert len(picture.rows) == len(lines)
    if lines:
        assert all(-20 <= number <= 1140 for number in numbers_of(drawn(picture)))


@settings(deadline=None)
@given(st.lists(st.lists(amounts, min_size=3, max_size=3), min_size=1, max_size=5))
def test_any_parts_are_drawn_inside_their_paper(some):
    rows = [Bar("row", [Part(str(n), value) for n, value in enumerate(parts)]) for parts in some]
    picture = bars_of(*rows)
    assert [row[1:4] for row in picture.values] == some
    if picture.svg:
        assert all(-20 <= number <= 1140 for number in numbers_of(drawn(picture)))


def test_no_label_of_a_month_runs_over_the_edge_of_the_paper():
    for length in range(30, 900, 3):
        picture = curves_of(lines=[Line("Enrolled", {day(0): 1, day(length): 2})])
        tree = drawn(picture)
        width = float(tree.get("viewBox").split()[2])
        for one in tree.iter(f"{SVG}text"):
            words = "".join(one.itertext())
            if one.get("text-anchor") is None and re.fullmatch(r"(\w{3} )?\d{4}", words):
                assert float(one.get("x")) + len(words) * 11 * 0.56 <= width, (length, words)


def test_lines_of_one_chart_are_told_apart_without_their_colours():
    points = {day(0): 1, day(40): 2}
    picture = curves_of(lines=[Line(name, points) for name in ("Contracted", "Earned", "Invoiced", "Paid")])
    strokes = [
        one.get("stroke-dasharray", "")
        for one in drawn(picture).iter(f"{SVG}polyline")
        if one.get("fill") == "none"
    ]
    keys = [re.search(r'stroke-dasharray="([^"]*)"|$', key.svg)[1] or "" for key in picture.legend[:4]]
    assert len(set(strokes)) == 4
    assert keys == strokes, "and the legend shows each as it is drawn"
