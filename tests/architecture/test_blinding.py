"""
Blinding, over every room there is: an unblinded row does not exist for blinded people, by any way of asking.

The rules are asked of the registries, so that a room that comes later is under them from its first day; the last
tests walk through the house before and after unblinded work was done in it, and find no difference.
"""

import datetime
import re
from decimal import Decimal

import pgtrigger
import pytest
from django.db.models import Q
from django.utils import timezone

from ctms.access.access import Access, Grant, forget_access
from ctms.access.roles import ROLES
from ctms.access.scoping import Scoped, everything, scope_of
from ctms.accounts.models import User
from ctms.api.tokens import create_token
from ctms.audit.context import acting_as
from ctms.audit.trail import APPEND_ONLY, AUDITED
from ctms.files.storing import store_bytes
from ctms.jobs.models import Job
from ctms.jobs.worker import run_job
from ctms.notices.models import Notice
from ctms.notices.tasks import remind
from ctms.notices.telling import record_of, tell
from ctms.pages.listing import LISTINGS, tabs
from ctms.pages.record import RECORDS
from ctms.workflow.engine import perform
from documents.services import (
    bring_expectations,
    classify_document,
    file_document,
    return_document,
    upload_document,
)
from finance.services import estimate_cost, plan_month
from monitoring import services
from sites.services import record_contact
from studies.services.team import assign, end_assignment
from subjects.models import Allocation, Subject
from tests.architecture.test_addresses import ROUTES
from tests.cast import LONG_AGO
from tests.documents.conftest import artifact
from tests.documents.papers import pdf
from tests.finance.budgeting import Money
from tests.monitoring.conftest import MONDAY, TUESDAY, Stage, bring_investigator

MARK = "Zebrafinch"
START, END = datetime.date(2025, 1, 1), datetime.date(2029, 12, 31)
# Outside the circle, one of each kind; the administrator is inside.
BLINDED = ("paula", "carla", "quentin", "ingrid", "sam")
# Of these the one with most lists reads each by export and API too.
TAKING = "quentin"
# A key to a record that may be unblinded, from one that has no such column itself: model.field -> why nothing leaks.
NO_COLUMN: dict[str, str] = {}
# A model with the column of its own whose rows may change it -> why.
MAY_CHANGE: dict[str, str] = {
    "documents.Document": "chosen while it is classified; a trigger keeps it from the moment it is submitted",
}


def models_with_the_column():
    known = [trail.model for trail in AUDITED.values()] + list(APPEND_ONLY.values())
    found = [m for m in known if issubclass(m, Scoped) and scope_of(m).unblinded]
    assert len(found) > 8
    return found


def has_column(model):
    return issubclass(model, Scoped) and scope_of(model).unblinded


# --- what every model says ---------------------------------------------------------------------------


def test_whatever_hangs_on_an_unblinded_record_may_be_unblinded_itself():
    without = set()
    for trail in AUDITED.values():
        for field in trail.model._meta.local_fields:
            parent = field.related_model if field.is_relation else None
            if parent is not None and has_column(parent) and not has_column(trail.model):
                without.add(f"{trail.model._meta.label}.{field.name}")
    assert without - set(NO_COLUMN) == set()
    assert set(NO_COLUMN) <= without, "an exemption nobody needs any more"


def test_a_part_takes_its_blinding_from_its_record_by_trigger():
    parts = [m for m in models_with_the_column() if m.place_from]
    taking = [m for m in parts if has_column(m._meta.get_field(m.place_from).related_model)]
    assert len(taking) > 3
    for model in taking:
        ((_source, columns),) = model.place_sources()
        assert ("unblinded", "unblinded") in columns, model


def test_no_row_changes_its_blinding_whoever_writes_it():
    free = set()
    for model in models_with_the_column():
        taken = model.place_from and has_column(model._meta.get_field(model.place_from).related_model)
        kept = any(
            isinstance(trigger, pgtrigger.ReadOnly) and "unblinded" in (trigger.fields or ())
            for registered, trigger in pgtrigger.registered()
            if registered is model
        )
        if not (taken or kept or model._meta.label in APPEND_ONLY):
            free.add(model._meta.label)
    assert free - set(MAY_CHANGE) == set()
    assert set(MAY_CHANGE) <= free, "an exemption nobody needs any more"


def leaves(condition):
    for child in condition.children:
        if isinstance(child, Q):
            yield from leaves(child)
        else:
            yield child


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_grant_outside_the_circle_asks_for_blinded_rows_only(role):
    asked = 0
    for model in models_with_the_column():
        owned = [model, AUDITED[model._meta.label].event_model] if model._meta.label in AUDITED else [model]
        for one in owned:
            scope = scope_of(one)
            for place in (
                {"study": 1},
                {"study": 1, "country": 2},
                {"study": 1, "country": 2, "site": 3},
                {},
            ):
                outside = Access((Grant(role, **place),)).rows(scope, (scope.view_permission,))
                inside = Access((Grant(role, **place, unblinded=True),)).rows(scope, (scope.view_permission,))
                nothing = outside == Q(pk__in=[])
                assert nothing or scope.view_permission in ROLES[role], (role, one)
                if nothing:
                    continue
                asked += 1
                assert ("unblinded", False) in list(leaves(outside)), (role, one)
                assert ("unblinded", False) not in list(leaves(inside)), (role, one)
    assert asked or role in ("sponsor", "finance"), role


# --- what is found in the house ----------------------------------------------------------------------


class House(Stage):
    """A house in which blinded work is done, and then unblinded work beside it."""

    def __init__(self, cast):
        super().__init__(cast)
        self.money = Money(cast)

    def furnish(self):
        self.subject = None
        with acting_as(User.objects.system(), reason="A subject"):
            self.subject = Subject.objects.create(site=self.cast.madrid, number="2003-001")
        # Fergus does the money of the circle; that he is of the team is no secret.
        assign(
            actor=self.cast.ada, user=self.cast.fergus, role="finance", place=self.cast.vel, starts_on=LONG_AGO,
            trained_on=LONG_AGO, unblinded=True,
        )  # fmt: skip
        forget_access(self.cast.fergus)
        self.ordinary = self.answered()
        self.item("carla", "File the certificate")
        self.deviation("carla", "A visit out of its window")
        self.talk("carla", "The pharmacist is on leave")
        services.write_letter(actor=self.cast.carla, on=TUESDAY, visit=self.ordinary.visit, kind="FOLLOW_UP")
        self.returned("carla", "lena", "cv.pdf")
        self.line = self.money.executed(starts_on=START, ends_on=END)
        self.count_again()
        return self

    def count_again(self):
        """Do what the jobs of a night do: book what is earned, expect what is due."""
        self.money.book(self.line.budget, now=timezone.now())
        bring_expectations(self.cast.vel, on=LONG_AGO)

    def item(self, by, text, report=None):
        return services.raise_action_item(
            actor=self.person(by),
            site=self.cast.madrid,
            report=report,
            text=text,
            opened_on=MONDAY,
            due_on=TUESDAY,
            unblinded=by == "uma",
        )

    def deviation(self, by, text):
        return services.raise_deviation(
            actor=self.person(by),
            site=self.cast.madrid,
            category="WINDOW",
            description=text,
            occurred_on=MONDAY,
            identified_on=MONDAY,
            unblinded=by == "uma",
        )

    def talk(self, by, text):
        return record_contact(
            actor=self.person(by), today=TUESDAY, site=self.cast.madrid, happened_on=MONDAY, kind="TELEPHONE",
            with_whom=f"Pharmacy, {text}", topic="PRODUCT", text=text, unblinded=by == "uma",
        )  # fmt: skip

    def returned(self, by, reviewer, name):
        """Bring a paper to the file and have it returned."""
        person, reader = self.person(by), self.person(reviewer)
        document, _note = upload_document(
            actor=person, on=MONDAY, place=self.cast.madrid, name=name, chunks=[pdf(name)], unblinded=by == "uma"
        )  # fmt: skip
        document = classify_document(
            actor=person, record=document, artifact=artifact("05.02.04"), document_date=MONDAY
        )
        for move, mover in (("submit", person), ("claim", reader)):
            document = perform(document, move, actor=mover)
        return return_document(actor=reader, on=TUESDAY, document=document, issues=["MISSING_PAGE"])

    def commented(self, report, text):
        """Have a report returned with a comment at a question, and the comment answered."""
        reviewer, author = self.person("ursula"), self.person("uma")
        said = services.write_comment(actor=reviewer, report=report, question_key="eligibility", text=text)
        report = perform(report, "returned", actor=reviewer, reason=text)
        services.reply_to_comment(
            actor=author, at=timezone.now(), comment=said, reply=f"They are {text}", addressed=True
        )
        return report

    def budget_unblinded(self):
        """Let the circle have a budget of its own that is planned, costed, earned and invoiced."""
        money, by = self.money, "fergus"
        version = money.draft(money.budget(by=by, unblinded=True), by=by)
        line = money.line(
            version, by=by, price="4100", starts_on=START, ends_on=END, task=f"Visit to the {MARK}"
        )
        terms, person = money.terms(version, line), self.person(by)
        plan_month(actor=person, terms=terms, month=MONDAY, units=Decimal(3))
        estimate_cost(actor=person, terms=terms, cost_per_unit=Decimal(1700), note=MARK, reason=MARK)
        money.book(line.budget, by=by, now=timezone.now())
        today = timezone.localdate()
        assert money.invoice(line.budget, by=by, first=today, last=today).total == 4100

    def work_unblinded(self):
        """One unblinded row of every kind; a room that has others adds how it makes them."""
        report = self.answered("uma", unblinded=True)
        self.talk("uma", f"The {MARK} came too warm")
        self.returned("uma", "ursula", f"Scan of {MARK}.pdf")
        letter = services.write_letter(actor=self.cast.uma, on=TUESDAY, visit=report.visit, kind="FOLLOW_UP")
        self.send(letter)
        self.item("uma", f"Count the kits of {MARK}", self.report_of(report.visit, "uma"))
        self.item("uma", f"Send the count of {MARK}")
        self.deviation("uma", f"Kits of {MARK} were swapped")
        report = self.signed(self.report_of(report.visit, "uma"), "submit", "uma")
        report = self.commented(report, f"Where are the kits of {MARK}?")
        self.signed(self.signed(report, "submit", "uma"), "approve", "ursula")
        run_job(Job.objects.get(name="monitoring.file_report", arguments={"record_id": report.pk}).pk)
        system = User.objects.system()
        file_document(
            actor=system, study=self.cast.vel, country=None, site=self.cast.madrid, artifact_number="05.04.03",
            title=f"Pharmacy manual of {MARK}", document_date=MONDAY, filed_on=MONDAY, source="test/unblinded",
            stored=store_bytes(actor=system, name=f"{MARK}.pdf", content=b"%PDF-1.7 of a test"),
            unblinded=True, reason=f"Sent by {MARK}",
        )  # fmt: skip
        with acting_as(system, reason=f"Told by {MARK}"):
            Allocation.objects.create(subject=self.subject, arm_label=f"Arm {MARK}", unblinded=True)
        self.budget_unblinded()
        self.count_again()
        return self

    def send(self, letter):
        """Send a letter of the circle's, and file it."""
        with acting_as(self.cast.uma):
            letter.recipients = f"Pharmacist of {MARK}"
            letter.save()
        perform(letter, "send", actor=self.cast.uma, happened_on=letter.visit.last_day)
        run_job(Job.objects.get(name="monitoring.file_letter", arguments={"record_id": letter.pk}).pk)


@pytest.fixture
def house(cast, monkeypatch):
    monkeypatch.setattr(
        "monitoring.tasks.print_report", lambda report: b"%PDF-1.7 " + str(report.pk).encode()
    )
    monkeypatch.setattr(
        "monitoring.tasks.print_letter", lambda letter: b"%PDF-1.7 letter " + str(letter.pk).encode()
    )
    bring_investigator(cast)
    return House(cast).furnish()


def secret_rows():
    """Return every unblinded row of every audited model."""
    with everything("the test knows every row"):
        found = {
            model: list(model._base_manager.filter(unblinded=True).order_by("pk"))
            for model in models_with_the_column()
            if model._meta.label in AUDITED
        }
    without = [model._meta.label for model, rows in found.items() if not rows]
    assert not without, f"House.work_unblinded makes no row of {without}"
    return found


def addresses(house):
    """Return the pages and answers somebody might read numbers from: lists, tabs, places, records."""
    study, site, report = house.cast.vel, house.cast.madrid, house.ordinary
    found = ["/", "/notices/", "/journal/", "/api/v1/audit-events?page_size=100", f"/inspection/{study.pk}/"]
    found += [f"/portal/{study.pk}/", f"/studies/{study.pk}/", f"/study-sites/{site.pk}/"]
    found += [f"/monitoring-visits/{report.visit_id}/", f"/monitoring-reports/{report.pk}/"]
    found += [f"/subjects/{house.subject.pk}/", f"/budgets/{house.line.budget_id}/"]
    found += [f"/budget-lines/{house.line.pk}/", f"/studies/{study.pk}/budget/?export=csv"]
    # The log of who opened what grows with this test's own reading.
    found += [one.url() for one in LISTINGS.values() if one.name != "access-records"]
    # Pages of a place with sums, matrices and timelines of their own, whichever room brings them.
    for name, place in (("studies", study), ("study-sites", site)):
        found += [
            r.replace("<int:pk>", str(place.pk))
            for r in ROUTES
            if re.match(rf"/{name}/<int:pk>/[a-z-]+/$", r)
        ]
    found += [f"/study-sites/{site.pk}/{one.name}/" for one in tabs()]
    return found


def read_everything(client, person, house, *, taking=False):
    """
    Return {address: what it says}, without what differs from one request to the next.

    :param taking: also what they take away, by export and API: the same rows once more
    """
    client.force_login(person)
    said = {}

    def read(address):
        answer = client.get(address, follow=True)
        text = b"".join(answer).decode(errors="replace")
        text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[A-Za-z0-9]+', "", text)
        # Where to ask for changes from: a moment and the transactions under way, nothing of any row.
        text = re.sub(r'"sync":"[^"]*"', "", text)
        said[address] = (answer.status_code, text)

    for address in addresses(house):
        read(address)
    if taking:
        for listing in LISTINGS.values():
            if said.get(listing.url(), (404, ""))[0] == 200:
                read(f"{listing.url()}?export=csv")
        for record in RECORDS.values():
            if record.slug != "access-records":
                read(f"/api/v1/{record.slug}?page_size=1000")
    return said


def test_nothing_anywhere_changes_for_blinded_people_when_unblinded_work_is_done(house, client, cast):
    before = {who: read_everything(client, cast.people[who], house, taking=who == TAKING) for who in BLINDED}
    assert sum(status == 200 for said in before.values() for status, _text in said.values()) > 100
    house.work_unblinded()
    changed = []
    for who in BLINDED:
        after = read_everything(client, cast.fresh(who), house, taking=who == TAKING)
        assert after.keys() == before[who].keys()
        changed += [(who, address) for address, said in after.items() if said != before[who][address]]
        assert not [address for address, (_status, text) in after.items() if MARK in text], who
    assert not changed, "they read something new"
    # Inside the circle it is all there.
    client.force_login(cast.ursula)
    for address in ("/monitoring-visits/", "/action-items/", "/documents/", "/contact-log/", "/journal/"):
        text = client.get(address, follow=True).content.decode()
        assert "unblinded" in text or MARK in text, address


def test_no_unblinded_row_answers_to_its_address_and_its_history_is_in_no_journal(house, client, cast):
    house.work_unblinded()
    for model, rows in secret_rows().items():
        label, asked = model._meta.label, (*BLINDED, "lena", "milo", "tara", "fiona")
        for who in asked:
            person = cast.fresh(who)
            assert not model.objects.visible_to(person).filter(unblinded=True).exists(), (who, label)
            told = AUDITED[label].event_model.objects.visible_to(person, "audit.view_history")
            assert not told.filter(pgh_obj__in=[row.pk for row in rows]).exists(), (who, label)
            assert not any(person.has_perm(scope_of(model).view_permission, row) for row in rows), (
                who,
                label,
            )
        declaration = RECORDS.get(label)
        if declaration is None:
            continue
        for who in BLINDED:
            client.force_login(cast.people[who])
            for row in rows[:2]:
                paths = [f"/api/v1/{declaration.slug}/{row.pk}"]
                if not declaration.api_only:
                    paths += [
                        declaration.url(row),
                        declaration.url(row, "history"),
                        f"{declaration.url(row)}edit/",
                    ]
                assert {client.get(path).status_code for path in paths} == {404}, (who, row)


def test_whoever_left_or_has_a_last_day_learns_no_more_than_before(house, client, cast):
    """The sentence that an assignment ended is for records it had shown, and for no other."""
    house.work_unblinded()
    visit = next(
        row for rows in secret_rows().values() for row in rows if row._meta.model_name == "monitoringvisit"
    )
    given = assign(
        actor=cast.ada,
        user=cast.stella,
        role="cra",
        place=cast.madrid,
        starts_on=LONG_AGO,
        trained_on=LONG_AGO,
    )
    end_assignment(actor=cast.ada, assignment=given, on=LONG_AGO, reason="Left")
    client.force_login(cast.stella)
    assert client.get(f"/monitoring-visits/{house.ordinary.visit_id}/").status_code == 403
    assert client.get(f"/monitoring-visits/{visit.pk}/").status_code == 404
    token = create_token(user=cast.ingrid, name="of a test")
    asked = client.get(f"/api/v1/monitoring-visits/{visit.pk}", headers={"Authorization": f"Bearer {token}"})
    assert asked.status_code == 404, "her last day lies ahead"


def test_no_number_leaves_a_gap(house, cast):
    house.work_unblinded()
    visit = house.planned()
    item, deviation = house.item("carla", "The next one"), house.deviation("carla", "The next one")
    assert (visit.label, item.label, deviation.label) == ("IMV 2", "AI 2", "PD 2")
    assert house.item("uma", "The next one").label == "AI 3 (unblinded)"


def test_nobody_blinded_is_told_or_mailed(house, cast):
    house.work_unblinded()
    system, rows = User.objects.system(), [row for rows in secret_rows().values() for row in rows]
    with everything("as the job of the reminders"):
        remind(type("Promised", (), {"asked_by": system})())
        about = [
            (notice.user.username, record_of(notice)) for notice in Notice.objects.select_related("user")
        ]
        assert not [who for who, record in about if getattr(record, "unblinded", False) and who in BLINDED]
        for row in rows:
            for who in BLINDED:
                told = tell(cast.fresh(who), about=row, kind="x", text=MARK, key="x", asked_by=system)
                assert told is None, (who, row)
            # The administrator is of every circle and does no money; Fergus does this one's.
            insider = cast.fresh("fergus" if row._meta.app_label == "finance" else "ada")
            assert tell(insider, about=row, kind="x", text=MARK, key="y", asked_by=system), row
    assert timezone.localdate() > TUESDAY, "what is due was due"
