"""
Whatever stands in the address of a list, the list is shown or says what is wrong with it.

What every list has in common is tried with one odd text a list, another at the next; what is a list's own, its
filters, with two. `CTMS_FUZZ=50` tries each with all.
"""

import os

import pytest

from ctms.pages.listing import LISTINGS

ODD_TEXTS = ["-1", "9" * 30, "abc", "\x00", "2026-13-45"]
# Who opens most lists, and who opens those that are for one room's people alone.
OPENERS = ("ada", "fiona", "tara")
COMMON = ("page", "sort", "q", "export", "per_page", "place")
EVERY = int(os.environ.get("CTMS_FUZZ", "1")) > 1


def questions_of(name):
    """Return [(parameter, odd text)] to ask a list with."""
    turn, found = sorted(LISTINGS).index(name), []
    for number, parameter in enumerate((*COMMON, *LISTINGS[name].filters)):
        texts = [ODD_TEXTS[(turn + number) % len(ODD_TEXTS)]]
        if parameter not in COMMON:
            texts.append(ODD_TEXTS[(turn + number + 2) % len(ODD_TEXTS)])
        found += [(parameter, text) for text in (ODD_TEXTS if EVERY else texts)]
    return found


def test_every_odd_text_is_tried_with_everything_lists_have_in_common():
    asked = {question for name in LISTINGS for question in questions_of(name)}
    assert {(parameter, text) for parameter in COMMON for text in ODD_TEXTS} <= asked


@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_odd_addresses_of_a_list_are_shown(cast, client, name):
    client.raise_request_exception = False
    client.force_login(next(p for p in map(cast.people.get, OPENERS) if LISTINGS[name].may_open(p)))
    for parameter, text in questions_of(name):
        answer = client.get(f"/{name}/", query_params={parameter: text})
        assert answer.status_code == 200, (name, parameter, text, answer.status_code)


@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_a_person_without_any_assignment_is_refused_or_sees_no_row(cast, client, name):
    client.force_login(cast.stella)
    answer = client.get(f"/{name}/")
    assert answer.status_code == 403 or not list(answer.context["table"].rows)
