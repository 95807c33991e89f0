"""Whoever is refused before anything is looked at reads a page of the house."""

from django.test import Client


def sent_without_proof(person, **headers):
    client = Client(enforce_csrf_checks=True)
    if person is not None:
        client.force_login(person)
    return client.post("/accounts/login/" if person is None else "/notices/", {"text": "x"}, headers=headers)


def test_a_form_that_is_not_proved_to_be_ours_is_refused_on_a_page_with_a_way_back(cast):
    for person in (cast.paula, None):
        answer = sent_without_proof(person, referer="http://testserver/studies/?page=2")
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "This form is out of date" in page
        assert "Nothing was saved." in page
        assert 'href="http://testserver/studies/?page=2"' in page


def test_the_way_back_leads_to_no_other_house(cast):
    page = sent_without_proof(cast.paula, referer="https://elsewhere.example/").content.decode()
    assert "elsewhere.example" not in page
    assert '<a class="btn btn-primary" href="/">' in page
