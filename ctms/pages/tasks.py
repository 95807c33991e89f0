"""Long exports, made outside the request with the eyes of the person who asked."""

from datetime import timedelta

from django.http import QueryDict

from ctms.files.storing import store_bytes
from ctms.jobs.queue import comes_round, job, report_progress

from .choosing import Chosen
from .drafts import purge_drafts
from .export import KINDS, remember_export, write_rows
from .listing import LISTINGS


@job("pages.export", as_person=True)
def export(promised, listing, query, kind):
    """Write the rows the person sees, filtered as on their page, into a file."""
    declaration = LISTINGS[listing]
    chosen = Chosen(declaration, promised.asked_by, QueryDict(query))
    total = chosen.rows.count()
    content = write_rows(
        declaration,
        chosen.rows,
        kind,
        columns=chosen.columns,
        progress=lambda done: report_progress(promised, done, total),
    )
    remember_export(promised.asked_by, declaration, query, total)
    return store_bytes(
        actor=promised.asked_by, name=f"{listing}.{kind}", content=content, content_type=KINDS[kind]
    )


@job("pages.purge_drafts", everything="drafts belong to nobody's study")
def purge(promised):
    purge_drafts()


comes_round("pages.purge_drafts", every=timedelta(days=1), reason="Drafts nobody came back for")
