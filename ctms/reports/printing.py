"""What a run shows, on its page and in its PDF alike; and its sheet."""

from datetime import date
from decimal import Decimal

from ctms.pages.columns import as_text
from ctms.pages.export import write_table

from .declare import REPORTS
from .rendering import render_pdf

SHORT = 16


def reading(run):
    """Return what the body of a run's report shows: its frozen facts, and its rows ready for a table."""
    facts = run.facts
    content = facts["content"]
    declared = REPORTS.get(run.report)
    return {
        "kept": facts,
        "content": content,
        "groups": _shown_groups(content) if content and "groups" in content else [],
        "definitions": [one for one in (content or {}).get("columns", ()) if one["definition"]],
        "body_template": declared.template if declared else "reports/_rows_body.html",
        "landscape": declared.landscape if declared else True,
        "reference": f"RPT-{run.pk:06d}",
        "sha256": run.sha256,
        **(declared.reading(content) if declared and content else {}),
    }


def _shown_groups(content):
    columns = content["columns"]
    return [
        {
            "title": group["title"],
            "rows": [
                {
                    "url": row["url"],
                    "is_sum": row["is_sum"],
                    "cells": [
                        {"text": shown(cell, column["kind"]), "look": _look(cell, column["kind"])}
                        for column, cell in zip(columns, row["cells"], strict=True)
                    ],
                }
                for row in group["rows"]
            ],
        }
        for group in content["groups"]
    ]


def _look(cell, kind):
    """Return the classes of a cell: numbers stand right, what is short is not broken in two."""
    if kind == "late":
        return "number is-late" if cell else "number"
    if kind == "text":
        return "short" if len(str(cell or "")) <= SHORT else ""
    return kind


def shown(cell, kind):
    """Return a cell in words: a day as 17 Mar 2026, nothing as a dash."""
    return as_text(date.fromisoformat(cell)) if kind == "day" and cell else as_text(cell)


def print_run(run):
    """Return the PDF/A-3a of a run; nothing in it but its facts, so printed twice it is the same."""
    facts = run.facts
    where = " · ".join(part for part in (facts["study"], facts["place"]) if part)
    title = f"{facts['title']} · {where} · {as_text(date.fromisoformat(facts['on']))}"
    return render_pdf("reports/run_printed.html", {**reading(run), "where": where}, title=title)


def sheet_of(run, file_kind):
    """Return the bytes of a run as a sheet: days are days, numbers are numbers."""
    facts = run.facts
    titles, kinds, lines = REPORTS[run.report].sheet(facts["content"])
    cells = [[_cell(one, kind) for one, kind in zip(line, kinds, strict=True)] for line in lines]
    return write_table(facts["title"], titles, cells, file_kind)


def _cell(value, kind):
    if value in (None, ""):
        return ""
    if kind == "day":
        return date.fromisoformat(value)
    if kind == "number" and isinstance(value, str):
        return Decimal(value.replace(",", ""))
    return value
