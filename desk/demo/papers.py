"""
The file of the demo: what is expected is brought, most of it is there, some is on its way, some is late.

Every paper is a page made here; nothing of it is from a real trial.
"""

import datetime

from ctms.signatures.signing import label_of
from ctms.workflow.engine import perform, perform_all
from ctms.workflow.models import TransitionRecord
from documents import services
from documents.calculations import proposed_end
from documents.models import Artifact, ExpectationRule, ExpectedDocument, TmfPlace
from documents.services import Paper
from monitoring.calculations import ARTIFACT_OF
from monitoring.models import MonitoringReport, VisitLetter
from monitoring.services import keep_taken_over_papers, show_to_sponsor
from monitoring.services.expectations import key_of, letter_key_of
from sites.models import SiteStaff

from .page_of_words import pdf_of
from .printing import PRINTED_NEWEST
from .stage import FROM_FILE, working_day
from .studies import KIN, PLANS, VEL
from .tmf_list import LIST
from .validity import EXPIRED, EXPIRING, HOLDS_FOR, OF_THE_STAFF_LIST, STUDY

# What is still missing at the sites that are open, beside what chance leaves out.
STILL_MISSING = {("2002", "05.02.07"), ("1002", "05.02.18")}
# Of the reports somebody owes the file these are overdue, and no others: by study, place and artifact.
OVERDUE_REPORTS = {
    ("vel", place, artifact)
    for artifact, places in (("01.01.12", (STUDY,)), ("03.03.02", ("ES", "DE", "GB", "PL", "CZ")))
    for place in places
}
# How late papers are filed: (share of a hundred, days after their date).
FILED_AFTER = ((58, (2, 18)), (23, (19, 30)), (13, (31, 55)), (6, (56, 110)))
GATED_ONLY = ("START_UP",)
TRANSFER_GAP = 0.16
SHOWN_REPORTS_OLDER_THAN = 9


def play(stage):
    """Bring the expected documents of every study, and the papers that stand for them."""
    _house_list()
    for plan in PLANS:
        services.bring_expectations(stage.places[plan.key], on=stage.on)
    _decisions_on_the_amendment(stage)
    _file_visits(stage)
    _kept_by_the_sponsor(stage)
    for plan in (VEL, KIN):
        _take_over(stage, plan)
        services.match_expectations(stage.places[plan.key], on=stage.on)
    _on_the_way(stage)
    _not_applicable(stage)
    _shown(stage)
    services.match_expectations(stage.places["vel"], on=stage.on)


def _house_list():
    """Add what this house expects beside the first list every installation begins with."""
    ExpectationRule.objects.bulk_create(
        ExpectationRule(
            key=f"house-{event.lower().replace('_', '-')}-{number.replace('.', '-')}",
            event=event,
            artifact_number=number,
            due_days=days,
        )
        for event, by_days in LIST.items()
        for days, numbers in by_days.items()
        for number in numbers
    )


def _decisions_on_the_amendment(stage):
    """Each country decides on the new protocol: four have, two are awaited."""
    study, artifact = (
        stage.places["vel"],
        Artifact.objects.get(number="03.01.02", reference_model__status="CURRENT"),
    )
    _name, _title, dated, _summary = VEL.amendments[0]
    papers = []
    for plan in VEL.countries:
        country = stage.places[f"{study.protocol_number}/{plan.code}"]
        expected = services.expect_by_hand(
            actor=stage.people["tmf"],
            study=study,
            country=country,
            artifact=artifact,
            label="Decision on protocol version 2.0",
            due_on=stage.ago(dated - 96),
        )
        if plan.amended is not None:
            papers.append(
                _paper(stage, expected, working_day(stage.ago(plan.amended), plan.code, ahead=False), 9)
            )
    services.file_documents(actor=stage.system, papers=papers, reason=FROM_FILE)


# --- what came of the visits -----------------------------------------------------------------------------


def _file_visits(stage):
    """File the reports and letters taken over as the pages they were signed on; the newest are printed anew."""
    approved = MonitoringReport.objects.filter(status="APPROVED").select_related(*_parts())
    reports = list(approved.order_by("-approved_on", "-pk"))[PRINTED_NEWEST:]
    # Those sent by the people of the demo themselves are printed; their jobs are promised.
    letters = list(_taken_over_letters().select_related(*_parts()).order_by("pk"))
    papers = [_report_paper(report) for report in reports] + [_letter_paper(letter) for letter in letters]
    filed = services.file_documents(actor=stage.system, papers=papers, reason=FROM_FILE)
    keep_taken_over_papers(
        actor=stage.system,
        filed=[
            (record, filed[label_of(record)]) for record in [*reports, *letters] if label_of(record) in filed
        ],
        reason=FROM_FILE,
    )


def _taken_over_letters():
    sent = VisitLetter.objects.sent().filter(filed_as=None)
    taken_over = TransitionRecord.objects.filter(name="adopt", record__startswith="monitoring.VisitLetter/")
    keys = [int(record.rpartition("/")[2]) for record in taken_over.values_list("record", flat=True)]
    return sent.filter(pk__in=keys)


def _parts():
    return ("visit__study", "visit__site__organization", "study", "country__nation", "site")


def _report_paper(report):
    visit, content = report.visit, report.snapshot
    answers = [
        f"{one['text']} {one['answer']}. {one['comment']}".strip()
        for section in content["sections"]
        for one in section["questions"]
    ]
    items = [f"{one['number']}: {one['text']} (due {one['due_on']})" for one in content["action_items"]]
    monitors = ", ".join(one["name"] for one in content["monitors"])
    return Paper(
        study=report.study,
        country=report.country,
        site=report.site,
        artifact_number=ARTIFACT_OF[visit.visit_type],
        title=f"{visit.label} report, site {report.site.number}",
        document_date=visit.actual_start_on,
        filed_on=report.approved_on,
        name=f"{report.study.protocol_number}_{report.site.number}_{visit.label}.pdf".replace(" ", "_"),
        content=pdf_of(
            f"{content['study']} · site {content['site']} · {visit.label}",
            f"{content['visit_type']}, {content['first_day']} to {content['last_day']}, by {monitors}.",
            f"Submitted on {report.submitted_on}, approved on {report.approved_on} in the system used before.",
            content["summary"],
            *answers,
            *items,
        ),
        source=label_of(report),
        about=key_of(visit),
        unblinded=report.unblinded,
    )


def _letter_paper(letter):
    visit, content = letter.visit, letter.snapshot
    label = f"{letter.get_kind_display()} {visit.label}"
    return Paper(
        study=letter.study,
        country=letter.country,
        site=letter.site,
        artifact_number=ARTIFACT_OF[visit.visit_type],
        title=f"{label}, site {letter.site.number}",
        document_date=letter.dated_on,
        filed_on=letter.sent_on,
        name=f"{letter.study.protocol_number}_{letter.site.number}_{label}.pdf".replace(" ", "_"),
        content=pdf_of(content["subject"], *content["recipients"], *content["body"].split("\n")),
        source=label_of(letter),
        about=letter_key_of(letter),
        unblinded=letter.unblinded,
    )


# --- what was expected and came --------------------------------------------------------------------------


def _take_over(stage, plan):
    """File what a study has of its sites, its countries and of itself; the rest is missing, and late by itself."""
    dice = stage.dice(f"papers {plan.key}")
    rows = ExpectedDocument.objects.filter(
        study=stage.places[plan.key], source="", unblinded=False, due_on__lt=stage.on, status="EXPECTED"
    ).exclude(rule=None)
    rows = rows.select_related("artifact", "study", "country__nation", "site__organization").order_by("key")
    ends, trained, papers = EXPIRING[plan.key] | EXPIRED[plan.key], _trained(stage, plan), []
    for row in rows:
        number = row.site.number if row.site else ""
        named = (number or (row.country.nation_id if row.country else STUDY), row.artifact.number)
        starting = row.site is not None and row.site.status in GATED_ONLY
        missing = bool(row.gate) if starting else not row.gate and dice.random() > plan.complete - 0.045
        if plan is VEL and "Report" in row.artifact.name:
            missing = (plan.key, *named) in OVERDUE_REPORTS
        if (missing and named not in ends) or named in STILL_MISSING:
            continue
        # Dated around its due day, and filed some time later.
        dated = (row.due_on or stage.on) - datetime.timedelta(days=dice.randint(0, 25))
        expires_on = None
        if months := row.artifact.valid_months:
            dated, expires_on = _held(stage, dated, months, ends.get(named), dice)
        if row.artifact.number == OF_THE_STAFF_LIST and number in trained:
            dated, expires_on = trained[number]
        papers.append(_paper(stage, row, dated, _days_to_file(dice), expires_on))
    services.file_documents(actor=stage.system, papers=papers, reason=FROM_FILE)


def _held(stage, dated, months, days, dice):
    """Return the date and the last day of the paper that is there today, where its kind is valid for some months."""
    if days is not None:
        last = stage.ago(-days)
        return proposed_end(last, -months), last
    last = proposed_end(dated, months)
    while last <= stage.ago(-HOLDS_FOR):
        # The next one came when this one ended, or was brought early.
        dated = min(last, stage.ago(dice.randint(3, 20)))
        last = proposed_end(dated, months)
    return dated, last


def _trained(stage, plan):
    """Return {site number: (training, its last day)} of the investigators of today."""
    staff = SiteStaff.objects.on(stage.on).filter(study=stage.places[plan.key], role="PRINCIPAL_INVESTIGATOR")
    return {
        number: (held_on, last)
        for number, held_on, last in staff.values_list("site__number", "gcp_trained_on", "gcp_expires_on")
    }


def _days_to_file(dice):
    throw, reached = dice.random() * 100, 0
    for share, (least, most) in FILED_AFTER:
        reached += share
        if throw < reached:
            return dice.randint(least, most)
    return 5


def _paper(stage, row, dated, days, expires_on=None):
    filed_on = min(dated + datetime.timedelta(days=days), stage.ago(1))
    return Paper(
        study=row.study,
        country=row.country,
        site=row.site,
        artifact_number=row.artifact.number,
        title=f"{row.name} ({row.place_label})",
        document_date=min(dated, filed_on),
        filed_on=filed_on,
        name=f"{row.artifact.number}_{row.study.protocol_number}.pdf",
        content=pdf_of(row.name, row.place_label, f"Dated {dated}. Invented for the demonstration."),
        source=f"demo/{row.key or row.pk}"[:120],
        expires_on=expires_on,
    )


def _kept_by_the_sponsor(stage):
    """The file of COR-207 is the sponsor's: what is there is there by reference; the take-over left gaps."""
    plan = next(plan for plan in PLANS if plan.key == "cor")
    study, dice, references = stage.places["cor"], stage.dice("papers cor"), []
    TmfPlace.objects.create(
        study=study, home="SPONSOR", system="Corvia eTMF", starts_on=stage.ago(plan.taken_over)
    )
    rows = ExpectedDocument.objects.filter(
        study=study, unblinded=False, due_on__lt=stage.on, status="EXPECTED"
    )
    reported = set(
        MonitoringReport.objects.filter(study=study, status="APPROVED").values_list("visit_id", flat=True)
    )
    for number, row in enumerate(rows.order_by("key"), 1):
        of_visit = row.source.rpartition("/")[2] if row.source else ""
        by_chance = bool(row.gate) or dice.random() < plan.complete - 0.06
        if int(of_visit) in reported if of_visit.isdigit() else by_chance:
            filed_on = min(
                (row.due_on or stage.on) + datetime.timedelta(days=dice.randint(-9, 20)), stage.ago(1)
            )
            references.append((row, "Corvia eTMF", f"CRV-{1000 + number}", filed_on))
    services.fulfil_all_by_reference(actor=stage.system, references=references)


# --- what is on its way ----------------------------------------------------------------------------------


def _on_the_way(stage):
    """Papers of the last days: in the inbox, submitted, in review, reviewed, returned."""
    people, places = stage.people, stage.places
    _uploaded(stage, "cra", places["2001"], "Scan 2026 0417.pdf")
    _uploaded(stage, "cra", places["2002"], "CV subinvestigator.pdf")
    _uploaded(stage, "cra4", places["6002"], "IRB letter.pdf")
    _classified(stage, "ssu", places["4002"], "05.02.04", "CV Dr Sowa.pdf")
    for who, number, artifact, name in (
        ("cra2", "1001", "05.02.05", "CV Dr Ebert junior.pdf"),
        ("cra5", "7002", "05.02.06", "CV research nurse.pdf"),
        ("cra4", "3301", "08.01.04", "Normal ranges of the local laboratory.pdf"),
    ):
        perform(_classified(stage, who, places[number], artifact, name), "submit", actor=people[who])
    claimed = _classified(stage, "cra", places["2003"], "05.02.06", "CV study nurse.pdf")
    perform(perform(claimed, "submit", actor=people["cra"]), "claim", actor=people["tmf"])
    reviewed = _classified(stage, "ssu", places["4002"], "05.02.02", "Signature page signed.pdf")
    perform(_claimed(stage, reviewed, "ssu"), "passed", actor=people["tmf"])
    returned = _classified(stage, "cra2", places["4001"], "05.03.03", "Training log.pdf")
    services.return_document(
        actor=people["tmf"],
        on=stage.on,
        document=_claimed(stage, returned, "cra2"),
        issues=["MISSING_SIGNATURE"],
        comment="The second page is not signed by the coordinator.",
    )
    done = _classified(
        stage, "cra", places["2001"], "05.04.12", "Answer of the site to the follow-up letter.pdf"
    )
    done = perform(_claimed(stage, done, "cra"), "passed", actor=people["tmf"])
    done = stage.sign(done, "approve", "pm")
    services.show_to_sponsor(actor=people["pm"], document=done, shown=True, reason="Agreed with the sponsor")


def _claimed(stage, document, who):
    return perform(perform(document, "submit", actor=stage.people[who]), "claim", actor=stage.people["tmf"])


def _uploaded(stage, who, place, name):
    document, _note = services.upload_document(
        actor=stage.people[who],
        on=stage.on,
        place=place,
        name=name,
        chunks=[pdf_of(f"{name}, {place}. Invented for the demonstration.")],
    )
    return document


def _classified(stage, who, place, number, name):
    document = _uploaded(stage, who, place, name)
    waiting = ExpectedDocument.objects.filter(artifact__number=number, site=place, status="EXPECTED").first()
    return services.classify_document(
        actor=stage.people[who],
        record=document,
        artifact=Artifact.objects.get(number=number, reference_model__status="CURRENT"),
        document_date=stage.day(-6),
        expected=waiting,
    )


def _not_applicable(stage):
    """What does not apply is set aside by somebody who says why."""
    rows = ExpectedDocument.objects.filter(
        study=stage.places["vel"], artifact__number__in=("05.02.14", "06.01.10"), status="EXPECTED"
    )
    perform_all(
        list(rows.order_by("pk")),
        "set_aside",
        actor=stage.people["tmf"],
        reason="Part of the clinical trial agreement here",
    )


def _shown(stage):
    """Show the sponsors what was agreed to be shown: approved reports of some age, never of the unblinded circle."""
    rows = MonitoringReport.objects.filter(
        status="APPROVED",
        unblinded=False,
        visit__visit_type__in=("IMV", "SIV", "COV"),
        approved_on__lt=stage.ago(SHOWN_REPORTS_OLDER_THAN),
    )
    for place, report in enumerate(rows.select_related("study").order_by("-approved_on", "-pk")):
        if place % 3 == 0:
            show_to_sponsor(
                actor=stage.people["lead"], report=report, shown=True, reason="Agreed with the sponsor"
            )
