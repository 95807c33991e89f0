"""The file as a grid: each cell opens what is missing, each number in the table all that is due."""

import html
import re

from tests.documents.test_pages import page_of, rows_in


def cells_of(page):
    """Return [(address, done, of)] of the drawn cells."""
    found = re.findall(
        r'<a href="(/stud[^"]*expected-documents[^"]*)" class="mark" aria-label="[^"]*: (\d+) of (\d+)"', page
    )
    return [(html.unescape(address), int(done), int(of)) for address, done, of in found]


def test_a_cell_opens_exactly_what_is_missing(cast, client, tmf):
    tmf.site_in("SELECTED")
    page = page_of(client, cast.tara, f"/studies/{cast.vel.pk}/tmf/")
    cells = cells_of(page)
    assert cells
    for address, done, of in cells:
        listed = rows_in(page_of(client, cast.tara, address))
        assert listed == (of - done if done < of else of), address
        assert ("standing=late" in address) is (done < of)


def test_the_grid_holds_the_places_somebody_sees_and_leads_into_them(cast, client, tmf):
    tmf.site_in("SELECTED")
    tmf.site_in("SELECTED", "berlin")
    page = page_of(client, cast.tara, f"/studies/{cast.vel.pk}/tmf/")
    for site in (cast.madrid, cast.berlin):
        assert (
            f'<a href="/study-sites/{site.pk}/tmf/" class="mark" aria-label="{html.escape(str(site))}">'
            in page
        )
    theirs = page_of(client, cast.carla, f"/studies/{cast.vel.pk}/tmf/")
    assert f'/study-sites/{cast.madrid.pk}/tmf/"' in theirs
    assert f'/study-sites/{cast.berlin.pk}/tmf/"' not in theirs
