"""People at their browsers, and reports in the state a journey begins with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acting import run, sign_in

expect.set_options(timeout=15_000)

PREPARE = """
import datetime, json, sys
from django.utils import timezone
from ctms.access.scoping import everything
from ctms.accounts.models import User
from ctms.signatures.proving import prove
from ctms.workflow.engine import perform
from desk.demo import demo_password
from monitoring import services
from monitoring.models import MonitoringReport
from studies.models import StudySite

order = json.loads({order!r})
author = User.objects.get(username=order["author"])
day = timezone.localdate() - datetime.timedelta(days=order["days_ago"])
with everything("a test prepares its own visit"):
    site = StudySite.objects.get(number=order["site"], study__protocol_number="VEL-301")
    visit = services.plan_visit(
        actor=author, on=timezone.localdate(), site=site, visit_type="IMV", method="ON_SITE",
        planned_start_on=day, planned_end_on=day, primary_monitor=author, purpose=order["purpose"],
        unblinded=order["unblinded"], already_past=True,
    )
    report = None
    if order["until"] != "planned":
        services.conduct_visit(
            actor=author, visit=visit, started_on=day, ended_on=day, people_met="The study coordinator"
        )
        report = MonitoringReport.objects.get(visit=visit)
    if order["until"] in ("written", "submitted"):
        for question, _answer in services.questions_of(report):
            services.save_answer(actor=author, report=report, question_key=question.key, value="YES", comment="")
        services.save_summary(actor=author, report=report, summary=order["summary"])
        report = MonitoringReport.objects.get(visit=visit)
    if order["until"] == "submitted":
        perform(report, "submit", actor=author, proof=prove(author, password=demo_password()))
print(json.dumps({{"visit": visit.pk, "report": report.pk if report else None, "label": visit.label}}))
"""


@dataclass(frozen=True)
class Prepared:
    """A visit and, once it was conducted, its report."""

    visit: int
    report: int | None
    label: str

    @property
    def visit_url(self) -> str:
        return f"/monitoring-visits/{self.visit}/"

    @property
    def report_url(self) -> str:
        return f"/monitoring-reports/{self.report}/"


@pytest.fixture
def prepare(product) -> Callable[..., Prepared]:
    """`prepare(until="submitted")`: a visit of its own for this test, made through the services."""

    def make(
        *,
        until="submitted",
        site="2001",
        author="cra",
        purpose="",
        summary="All in order.",
        unblinded=False,
        days_ago=1,
    ) -> Prepared:
        order = {
            "until": until,
            "site": site,
            "author": author,
            "purpose": purpose,
            "summary": summary,
            "unblinded": unblinded,
            "days_ago": days_ago,
        }
        return Prepared(**json.loads(run(product, PREPARE.format(order=json.dumps(order))).splitlines()[-1]))

    return make


@pytest.fixture(scope="session")
def password(product) -> str:
    """The one password of all demo logins."""
    return (product.folder / "demo_password").read_text().strip()


@pytest.fixture(scope="session")
def _cookies() -> dict[str, list]:
    """Who signed in already: a person signs in once in a run, as once in a morning."""
    return {}


@pytest.fixture
def people(new_page, password, _cookies) -> Callable[[str], Page]:
    """`people("cra")`: the page of this person, signed in, in a browser profile of its own."""

    def open_for(username: str) -> Page:
        page = new_page()
        if username in _cookies:
            page.context.add_cookies(_cookies[username])
        page.goto("/")
        if "/accounts/login/" in page.url:
            sign_in(page, username, password)
            _cookies[username] = page.context.cookies()
        return page

    return open_for
