"""Papers that expire: their last day is proposed, told in time, and a paper that has expired stands for nothing."""

import datetime
import re
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.audit.as_of import database_now
from ctms.pages.saving import change_record
from ctms.reports.declare import REPORTS
from ctms.reports.running import facts_of
from ctms.workflow.engine import adopt, perform
from desk.work.papers import papers_about_to_expire
from documents import services
from documents.calculations import Held, Wanted, match, proposed_end, words_of_expiry
from documents.models import ABOUT_TO_EXPIRE_DAYS, Document, ExpectedDocument
from documents.pages import ArtifactRecord
from documents.reminders import DocumentExpires
from tests.cast import LONG_AGO
from tests.documents.test_documents import refused
from tests.documents.test_pages import page_of, rows_in

from .conftest import DAY, artifact, run_promised
from .papers import pdf

ONE_DAY = datetime.timedelta(days=1)
# As the pages of the cast have it: in Madrid a day begins before it does at the server.
TODAY = timezone.localdate(timezone=ZoneInfo("Europe/Madrid"))


def approved(tmf, expires_on, *, by="tara", reviewer="lena", number="05.02.04", dated=LONG_AGO, **more):
    """A paper of Madrid with this last day, brought, reviewed and approved."""
    document = tmf.uploaded(by, content=pdf(f"{expires_on} {number} {more}"), **more)
    document = services.classify_document(
        actor=tmf.person(by),
        record=document,
        artifact=artifact(number),
        document_date=dated,
        expires_on=expires_on,
    )
    document = perform(document, "submit", actor=tmf.person(by))
    document = perform(document, "claim", actor=tmf.person(reviewer))
    return tmf.approve(perform(document, "passed", actor=tmf.person(reviewer)))


def of_the_circle(cast, expires_on):
    """A paper of the unblinded circle that was taken over with its last day."""
    paper = services.Paper(
        cast.vel, cast.spain, cast.madrid, "06.01.04", "Shipment licence", LONG_AGO, LONG_AGO, "l.pdf",
        pdf("licence"), "before/unblinded", unblinded=True, expires_on=expires_on,
    )  # fmt: skip
    (taken,) = services.file_documents(
        actor=User.objects.system(), papers=[paper], reason="Taken over"
    ).values()
    return taken


def to_renew(person, on=TODAY):
    return list(Document.objects.visible_to(person).to_renew(on).order_by("expires_on", "pk"))


# --- the last day ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dated", "months", "end"),
    [
        ("2026-03-16", 24, "2028-03-16"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_papers_are_valid_for_months_of_the_calendar(dated, months, end):
    assert proposed_end(datetime.date.fromisoformat(dated), months) == datetime.date.fromisoformat(end)


def test_the_last_day_of_a_cv_is_proposed_and_that_of_a_log_is_not(tmf):
    assert tmf.classified(number="05.02.04").expires_on == datetime.date(2028, 3, 16)
    assert tmf.classified(number="05.04.04", name="log.pdf").expires_on is None


def test_what_was_proposed_follows_the_date_and_what_was_corrected_stays(tmf, cast):
    def dated(document, day):
        return services.classify_document(actor=cast.tara, record=document, document_date=day)

    document = dated(tmf.classified(), DAY + ONE_DAY)
    assert document.expires_on == datetime.date(2028, 3, 17)
    corrected = services.classify_document(
        actor=cast.tara, record=document, expires_on=datetime.date(2027, 6, 30)
    )
    assert dated(corrected, DAY).expires_on == datetime.date(2027, 6, 30)
    without = services.classify_document(actor=cast.tara, record=corrected, expires_on=None)
    assert dated(without, DAY + ONE_DAY).expires_on is None, "somebody said that it has no last day"


def test_the_form_proposes_takes_a_correction_and_takes_that_there_is_no_end(tmf, cast, client):
    document = tmf.uploaded()
    client.force_login(cast.tara)
    address = f"/documents/{document.pk}/edit/"
    cv = {"artifact": artifact("05.02.04").pk, "site": cast.madrid.pk, "document_date": "2026-03-16"}
    for more, end in (
        ({}, datetime.date(2028, 3, 16)),
        ({"expires_on": "2027-03-01"}, datetime.date(2027, 3, 1)),
        ({"does_not_expire": "on"}, None),
        ({}, datetime.date(2028, 3, 16)),
    ):
        assert client.post(address, {**cv, **more}).status_code == 302
        assert tmf.again(document).expires_on == end, more
    wrong = client.post(address, {**cv, "does_not_expire": "on", "expires_on": "2027-03-01"})
    assert wrong.status_code == 422
    assert "Give a last day or say that there is none." in wrong.content.decode()
    client.post(address, {**cv, "does_not_expire": "on"})
    page = page_of(client, cast.tara, address)
    assert re.search(r'name="does_not_expire"[^>]*checked', page)


def test_a_paper_does_not_expire_before_its_own_date(tmf, cast):
    document = tmf.classified()
    with pytest.raises(ValidationError, match="does not expire before its own date"):
        services.classify_document(actor=cast.tara, record=document, expires_on=DAY - ONE_DAY)
    assert services.classify_document(actor=cast.tara, record=document, expires_on=DAY).expires_on == DAY
    refused("UPDATE documents_document SET expires_on = '2026-03-15' WHERE id = %s", document.pk)


def test_the_last_day_is_signed_and_no_longer_changes(tmf, cast):
    document = approved(tmf, TODAY + 400 * ONE_DAY)
    signed = tmf.again(document).as_signed()
    assert (signed["scheme"], signed["expires_on"]) == ("document/2", TODAY + 400 * ONE_DAY)
    refused("UPDATE documents_document SET expires_on = NULL WHERE id = %s", document.pk)
    without = approved(tmf, None, name="b.pdf")
    assert "expires_on" not in tmf.again(without).as_signed(), "as it was signed before papers had an end"


def test_the_house_says_how_long_a_kind_of_paper_is_valid(tmf, cast):
    record = artifact("05.02.07")
    change_record(ArtifactRecord, record, {"valid_months": 24}, actor=cast.tara, reason="Policy of January")
    assert tmf.classified(number="05.02.07").expires_on == datetime.date(2028, 3, 16)
    assert not ArtifactRecord.may_edit(cast.fresh("carla"), record)
    with pytest.raises(ValidationError, match="a month at least"):
        change_record(ArtifactRecord, record, {"valid_months": 0}, actor=cast.tara, reason="Typing error")


# --- expired and about to --------------------------------------------------------------------------------


def test_sixty_days_before_its_last_day_a_paper_is_about_to_expire(tmf, cast):
    days = (-1, 0, ABOUT_TO_EXPIRE_DAYS, ABOUT_TO_EXPIRE_DAYS + 1)
    papers = [approved(tmf, TODAY + day * ONE_DAY, name=f"{day}.pdf") for day in days]
    seen = Document.objects.visible_to(cast.tara)
    assert list(seen.expired(TODAY)) == papers[:1]
    assert set(seen.about_to_expire(TODAY)) == set(papers[1:3])
    assert to_renew(cast.tara) == papers[:3]
    assert [words_of_expiry(paper.expires_on, TODAY) for paper in papers[:3]] == [
        "expired 1 day ago", "expires today", "expires in 60 days",
    ]  # fmt: skip


def test_nobody_is_asked_to_renew_what_is_written_closed_or_not_theirs(tmf, cast):
    soon = TODAY + 5 * ONE_DAY
    services.classify_document(actor=cast.tara, record=tmf.classified(name="draft.pdf"), expires_on=soon)
    unblinded = of_the_circle(cast, soon)
    assert to_renew(cast.tara) == []
    assert to_renew(cast.uma) == [unblinded]
    ours = approved(tmf, soon)
    assert to_renew(cast.tara) == [ours] == to_renew(cast.carla)
    assert to_renew(cast.chris) == []
    adopt(cast.madrid, "CLOSED", actor=User.objects.system(), reason="test", happened_on=LONG_AGO)
    assert to_renew(cast.tara) == []


def test_a_renewed_paper_takes_the_place_of_the_one_that_expires(tmf, cast):
    tmf.site_in("SELECTED")
    ending = approved(tmf, TODAY + 5 * ONE_DAY)
    tmf.match()
    assert to_renew(cast.tara) == [tmf.again(ending)]
    expected = tmf.expected("05.02.04")
    renewed = tmf.uploaded(name="renewed.pdf", content=pdf("renewed"))
    assert expected in services.open_expectations(cast.tara, renewed, TODAY), "the next one is brought for it"
    renewed = services.classify_document(
        actor=cast.tara, record=renewed, expected=expected, document_date=DAY
    )
    assert to_renew(cast.tara) == [ending], "on its way is not there"
    renewed = perform(perform(renewed, "submit", actor=cast.tara), "claim", actor=cast.lena)
    tmf.approve(perform(renewed, "passed", actor=cast.lena))
    tmf.match()
    assert to_renew(cast.tara) == []
    perform(tmf.again(renewed), "void", actor=cast.tara, reason="The wrong person's")
    tmf.match()
    assert to_renew(cast.tara) == [tmf.again(ending)]


def test_a_paper_that_was_taken_over_is_renewed_by_a_new_version(tmf, cast, client):
    tmf.site_in("SELECTED")
    (taken,) = services.file_documents(
        actor=User.objects.system(),
        papers=[
            services.Paper(
                cast.vel, cast.spain, cast.madrid, "05.02.04", "CV", LONG_AGO, LONG_AGO, "cv.pdf", pdf("taken"),
                "before/1", expires_on=TODAY - ONE_DAY,
            )
        ],
        reason="Taken over",
    ).values()  # fmt: skip
    page = page_of(client, cast.tara, f"/documents/{taken.pk}/")
    assert f"{TODAY - ONE_DAY:%-d %b %Y}, expired" in page
    assert "Begin a new version" in page
    new = services.begin_new_version(actor=cast.tara, document=taken)
    assert new.expires_on is None, "the next one has a last day of its own"


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from([1, 2, 3])),
        max_size=6,
    )
)
def test_of_papers_for_one_expected_document_only_the_last_to_end_is_asked_for_again(found):
    held = [
        Held(key, "05.02.04", (1, 1), approved=there, expected=expected, expires_on=_ends(days))
        for key, (days, there, expected) in enumerate(found)
    ]
    wanted = [Wanted(key, "05.02.04", (1, 1), number=2 if key == 3 else 1) for key in (1, 2, 3)]
    renewed = match(wanted, held).renewed({1, 2})
    for one in held:
        later = any(
            other.approved and other.expected == one.expected and _last(other) > _last(one) for other in held
        )
        assert (one.pk in renewed) is (one.approved and one.expected != 3 and later)


def _ends(days):
    return DAY + days * ONE_DAY if days else None


def _last(held):
    return held.expires_on or datetime.date.max


def test_one_paper_that_has_expired_is_not_told_as_several(tmf, cast, client):
    approved(tmf, TODAY - ONE_DAY)
    assert "paper to renew, 1 expired" in page_of(client, cast.tara, f"/study-sites/{cast.madrid.pk}/")
    approved(tmf, TODAY - ONE_DAY, number="05.02.07")
    assert "papers to renew, 2 expired" in page_of(client, cast.tara, f"/study-sites/{cast.madrid.pk}/")


# --- what an expired paper stood for ---------------------------------------------------------------------


def test_what_an_expired_paper_stood_for_is_late_from_its_last_day_until_a_valid_one_is_there(tmf, cast):
    tmf.site_in("SELECTED")
    last = TODAY - 3 * ONE_DAY
    ending = approved(tmf, last)
    services.match_expectations(cast.vel, on=last)
    expected = tmf.expected("05.02.04")
    assert (expected.status, expected.expired_on) == ("FULFILLED", None), "the last day still counts"
    run_promised("documents.match_document")
    expected = tmf.expected("05.02.04")
    assert (expected.status, expected.due_on, expected.expired_on) == ("EXPECTED", last, last)
    with everything("a test"):
        assert expected in ExpectedDocument.objects.late(TODAY)
    new = services.begin_new_version(actor=cast.tara, document=ending)
    services.replace_content(
        actor=cast.tara, on=TODAY, document=new, name="cv.pdf", chunks=[pdf("the next one")]
    )
    new = services.classify_document(actor=cast.tara, record=new, document_date=TODAY)
    run_promised("documents.match_document")
    assert tmf.expected("05.02.04").status == "RECEIVED"
    new = perform(perform(new, "submit", actor=cast.tara), "claim", actor=cast.lena)
    tmf.approve(perform(new, "passed", actor=cast.lena))
    run_promised("documents.match_document")
    expected = tmf.expected("05.02.04")
    assert (expected.status, expected.expired_on) == ("FULFILLED", None)


def test_every_hour_it_is_seen_what_has_expired(tmf, cast):
    tmf.site_in("SELECTED")
    approved(tmf, TODAY - ONE_DAY)
    services.match_expectations(cast.vel, on=TODAY - ONE_DAY)
    assert tmf.expected("05.02.04").status == "FULFILLED"
    services.bring_expectations(cast.vel, on=TODAY)
    assert tmf.expected("05.02.04").status == "EXPECTED"


def test_a_paper_that_came_expired_is_expired_and_not_missing(tmf, cast):
    tmf.site_in("SELECTED")
    late = approved(tmf, TODAY - 9 * ONE_DAY)
    tmf.match()
    assert tmf.expected("05.02.04").expired_on == late.expires_on
    approved(tmf, TODAY + 400 * ONE_DAY, name="valid.pdf")
    tmf.match()
    assert (tmf.expected("05.02.04").status, tmf.expected("05.02.04").expired_on) == ("FULFILLED", None)


def test_at_a_closed_site_everything_stands_as_it_stood(tmf, cast):
    tmf.site_in("CLOSED")
    approved(tmf, TODAY - ONE_DAY)
    tmf.match()
    assert tmf.expected("05.02.04").status == "FULFILLED"


def test_the_missing_list_tells_what_expired_and_what_is_about_to(tmf, cast):
    tmf.site_in("SELECTED")
    approved(tmf, TODAY - 3 * ONE_DAY)
    ahead = approved(tmf, TODAY + 9 * ONE_DAY, number="05.02.07", name="gcp.pdf")
    tmf.match()
    facts = facts_of(
        REPORTS["tmf-missing"], cast.fresh("tara"), cast.vel, TODAY, database_now(), datetime.UTC
    )["content"]
    summary = {line[0]: line[1] for line in facts["summary"]}
    assert (summary["Of these expired"], summary["Papers to renew"]) == ("1", "2")
    rows = {row["cells"][1]: row["cells"] for group in facts["groups"] for row in group["rows"]}
    assert (rows["05.02.04"][2], rows["05.02.04"][5]) == ("Expired", 3)
    assert rows["05.02.07"][:3] == [ahead.title, "05.02.07", "expires in 9 days"]
    assert facts["groups"][-1]["title"] == "Papers about to expire"


# --- where it is seen ------------------------------------------------------------------------------------


def test_the_first_page_and_the_tile_count_the_rows_they_open(tmf, cast, client):
    approved(tmf, TODAY - ONE_DAY)
    approved(tmf, TODAY + 30 * ONE_DAY, number="05.02.07", name="gcp.pdf")
    approved(tmf, TODAY + 300 * ONE_DAY, number="05.02.05", name="far.pdf")
    section = papers_about_to_expire(cast.fresh("carla"), TODAY)
    assert [(item.term, item.pace) for item in section.items] == [
        ("expired 1 day ago", "late"),
        ("expires in 30 days", "due-soon"),
    ]
    assert section.total == rows_in(page_of(client, cast.carla, section.url)) == 2
    assert papers_about_to_expire(cast.fresh("chris"), TODAY).total == 0
    assert papers_about_to_expire(cast.fresh("fiona"), TODAY) is None
    assert "Papers about to expire" in page_of(client, cast.carla, "/")
    for place in (f"/studies/{cast.vel.pk}/", f"/study-sites/{cast.madrid.pk}/"):
        page = page_of(client, cast.tara, place)
        assert f"{place}documents/?validity=to-renew" in page
        assert "papers to renew, 1 expired" in page
        assert rows_in(page_of(client, cast.tara, f"{place}documents/", validity="to-renew")) == 2
    assert "validity=to-renew" not in page_of(client, cast.chris, f"/study-sites/{cast.berlin.pk}/")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"validity": "expired"}, 1),
        ({"validity": "30"}, 1),
        ({"validity": "60"}, 2),
        ({"validity": "90"}, 3),
        ({"validity": "to-renew"}, 3),
        ({"expires_on__lte": (TODAY + 70 * ONE_DAY).isoformat()}, 4),
    ],
)
def test_the_list_is_narrowed_by_validity_and_sorted_by_the_last_day(tmf, cast, client, asked, found):
    for days in (-4, 12, 50, 70, 400):
        approved(tmf, TODAY + days * ONE_DAY, name=f"{days}.pdf")
    assert rows_in(page_of(client, cast.tara, "/documents/", **asked)) == found
    page = page_of(client, cast.tara, "/documents/", sort="expires_on", validity="to-renew")
    assert page.index(", expired<") < page.index(", 12 d left<")


def test_through_the_api_the_last_day_comes_and_goes_like_every_field(tmf, cast, client):
    document = tmf.uploaded()
    client.force_login(cast.tara)
    address = f"/api/v1/documents/{document.pk}/"
    sent = {"artifact": artifact("05.02.04").pk, "document_date": "2026-03-16", "site": cast.madrid.pk}

    def change(body):
        return client.patch(address, body, content_type="application/json")

    answer = change(sent)
    assert answer.status_code == 200, answer.content
    assert answer.json()["expires_on"] == "2028-03-16"
    assert change({"expires_on": "2027-01-31"}).json()["expires_on"] == "2027-01-31"
    assert change({"expires_on": "2026-03-15"}).status_code in (400, 422)
    listed = client.get("/api/v1/documents/", {"expires_on__lt": "2027-02-01"}).json()
    assert [one["id"] for one in listed["results"]] == [document.pk]
    assert client.get("/api/v1/documents/", {"expires_on__lt": "2027-01-31"}).json()["results"] == []


# --- telling people --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "stage"), [(120, None), (90, "90"), (61, "90"), (60, "60"), (30, "30"), (0, "0"), (-5, "0")]
)
def test_a_paper_that_expires_is_told_in_time(tmf, cast, days, stage):
    paper = approved(tmf, TODAY + days * ONE_DAY)
    with everything("reminders are looked for as the system"):
        found = list(DocumentExpires.due(TODAY))
    if stage is None:
        assert found == []
        return
    (due,) = found
    assert due.key == f"{stage}/{paper.expires_on.isoformat()}"
    assert {cast.carla, cast.tara, cast.sue} <= set(due.people)
    assert cast.chris not in due.people
    assert cast.sam not in due.people
    assert due.duty is (days < 0)
    assert ("expired" if days < 0 else "expires") in due.text


def test_of_an_unblinded_paper_only_its_circle_is_told(tmf, cast):
    of_the_circle(cast, TODAY + ONE_DAY)
    with everything("reminders are looked for as the system"):
        (due,) = DocumentExpires.due(TODAY)
    assert cast.uma in due.people
    assert {cast.carla, cast.tara, cast.paula}.isdisjoint(due.people)


def test_the_past_knows_the_last_day(tmf, cast):
    document = tmf.classified()
    services.classify_document(
        actor=cast.tara, record=document, expires_on=datetime.date(2027, 6, 30), reason="Policy"
    )
    with everything("a test looks at the history"):
        events = Document.pgh_event_model.objects.filter(pgh_obj=document).order_by("pgh_id")
        days = [event.expires_on for event in events]
    assert [day for day, _same in groupby(days)] == [
        None, datetime.date(2028, 3, 16), datetime.date(2027, 6, 30),
    ]  # fmt: skip
