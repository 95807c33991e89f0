"""
The file of the demo: what is expected is brought, most of it is there, some is on its way, some is late.

Every paper is a page made here; nothing of it is from a real trial.
"""

from django.db.models import Q

from ctms.files.storing import store_bytes
from ctms.signatures.proving import prove
from ctms.workflow.engine import perform
from documents import services
from documents.models import Artifact, ExpectedDocument, TmfPlace

from .stage import SOURCE, demo_password

# What is still missing at the sites that are open, beside what opens no gate.
STILL_MISSING = {("2002", "05.02.07"), ("1002", "05.02.18")}


def play(stage):
    """Bring the expected documents of every study, and the papers that stand for them."""
    for study in ("vel", "kin", "cor"):
        services.bring_expectations(stage.places[study])
    _take_over(stage)
    services.match_expectations(stage.places["vel"])
    _kept_by_the_sponsor(stage)
    _on_the_way(stage)
    _not_applicable(stage)
    services.match_expectations(stage.places["vel"])


def _take_over(stage):
    """File what VEL-301 has of its open sites, its countries and of itself, as taken over."""
    rows = ExpectedDocument.objects.filter(study=stage.places["vel"], source="", unblinded=False)
    rows = rows.exclude(site__status="START_UP").select_related(
        "artifact", "study", "country__nation", "site__organization"
    )
    rows = rows.filter(Q(site__isnull=True) | ~Q(gate=""), due_on__lt=stage.on)
    for row in rows.order_by("pk"):
        number = row.site.number if row.site else ""
        if (number, row.artifact.number) in STILL_MISSING:
            continue
        services.file_document(
            actor=stage.system,
            study=row.study,
            country=row.country,
            site=row.site,
            artifact_number=row.artifact.number,
            title=f"{row.name} ({row.place_label})"[:300],
            document_date=row.due_on,
            stored=_page(stage.system, f"{row.name}. {row.place_label}. Invented for the demonstration."),
            filed_on=row.due_on,
            source=f"demo/{row.key}"[:120],
            unblinded=False,
            reason=SOURCE,
        )


def _page(actor, words):
    return store_bytes(actor=actor, name="paper.pdf", content=pdf_of(words), content_type="application/pdf")


def pdf_of(words):
    """Return a PDF of one page with these words."""
    said = words.encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"[").replace(b")", b"]")
    stream = b"BT /F1 11 Tf 40 780 Td (%s) Tj ET" % said
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)


def _kept_by_the_sponsor(stage):
    """The file of COR-207 is the sponsor's: what is expected is fulfilled by reference there."""
    study = stage.places["cor"]
    TmfPlace.objects.create(
        study=study, home="SPONSOR", system="Corvia eTMF", starts_on=stage.day(-400, "PL")
    )
    rows = ExpectedDocument.objects.filter(study=study, unblinded=False, due_on__lt=stage.on).order_by("pk")
    for number, row in enumerate(rows.exclude(artifact__number__in=("05.02.17", "10.01.01")), 1):
        row.filed_system, row.filed_number, row.filed_on = "Corvia eTMF", f"CRV-{1000 + number}", row.due_on
        row.save()
        perform(row, "filed_elsewhere", actor=stage.system)


def _on_the_way(stage):
    """Papers of the last days: in the inbox, submitted, in review, reviewed, returned."""
    people, places = stage.people, stage.places
    _uploaded(stage, "cra", places["2001"], "Scan 2026 0417.pdf")
    _uploaded(stage, "cra", places["2002"], "CV subinvestigator.pdf")
    _classified(stage, "ssu", places["4002"], "05.02.04", "CV Dr Sowa.pdf")
    submitted = _classified(stage, "cra2", places["1001"], "05.02.05", "CV Dr Ebert junior.pdf")
    perform(submitted, "submit", actor=people["cra2"])
    claimed = _classified(stage, "cra", places["2003"], "05.02.06", "CV study nurse.pdf")
    perform(perform(claimed, "submit", actor=people["cra"]), "claim", actor=people["tmf"])
    reviewed = _classified(stage, "ssu", places["4002"], "05.02.02", "Signature page signed.pdf")
    reviewed = perform(perform(reviewed, "submit", actor=people["ssu"]), "claim", actor=people["tmf"])
    perform(reviewed, "passed", actor=people["tmf"])
    returned = _classified(stage, "cra2", places["4001"], "05.03.03", "Training log.pdf")
    returned = perform(perform(returned, "submit", actor=people["cra2"]), "claim", actor=people["tmf"])
    services.return_document(
        actor=people["tmf"],
        on=stage.on,
        document=returned,
        issues=["MISSING_SIGNATURE"],
        comment="The second page is not signed by the coordinator.",
    )
    done = _classified(
        stage, "cra", places["2001"], "05.04.12", "Answer of the site to the follow-up letter.pdf"
    )
    done = perform(perform(done, "submit", actor=people["cra"]), "claim", actor=people["tmf"])
    done = perform(done, "passed", actor=people["tmf"])
    done = perform(done, "approve", actor=people["pm"], proof=prove(people["pm"], password=demo_password()))
    services.show_to_sponsor(actor=people["pm"], document=done, shown=True, reason="Agreed with the sponsor")


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
    row = ExpectedDocument.objects.filter(
        study=stage.places["vel"], artifact__number="05.02.11", site=stage.places["2001"]
    ).first()
    if row is not None and row.status in ("EXPECTED", "RECEIVED"):
        perform(
            row, "set_aside", actor=stage.people["tmf"], reason="Part of the clinical trial agreement here"
        )
