"""Whatever stands in the address of a list, the list is shown or says what is wrong with it."""

import pytest

from ctms.pages.listing import LISTINGS

ODD_TEXTS = ["-1", "9" * 30, "abc", "\x00", "2026-13-45"]
# Who opens most lists, and who opens those that are for one room's people alone.
OPENERS = ("ada", "fiona", "tara")


@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_odd_addresses_of_a_list_are_shown(cast, client, name):
    client.raise_request_exception = False
    client.force_login(next(p for p in map(cast.people.get, OPENERS) if LISTINGS[name].may_open(p)))
    for parameter in ("page", "sort", "q", "export", "per_page", "place", *LISTINGS[name].filters):
        for text in ODD_TEXTS:
            answer = client.get(f"/{name}/", query_params={parameter: text})
            assert answer.status_code == 200, (name, parameter, text, answer.status_code)


@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_a_person_without_any_assignment_is_refused_or_sees_no_row(cast, client, name):
    client.force_login(cast.stella)
    answer = client.get(f"/{name}/")
    assert answer.status_code == 403 or not list(answer.context["table"].rows)
