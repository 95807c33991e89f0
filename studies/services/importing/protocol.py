"""Protocol versions and amendments: what a protocol file says about itself."""

from collections import Counter

from django.utils.translation import gettext as _

from studies.models import Amendment, ProtocolVersion


def dated(date, prefix="dated"):
    """Return the two columns of a date as exact as it is known; none when the file gives none."""
    return {f"{prefix}_on": date.on, f"{prefix}_precision": date.precision.value} if date else {}


def import_protocol_versions(about):
    """Add versions and their dates. Whether one is effective is a person's word, not the file's."""
    rows = {row.label: row for row in ProtocolVersion.objects.filter(study=about.study)}
    for version in about.file.protocol_versions:
        values = {"label": version.version, "stated_status": version.status or "", **dated(version.date)}
        values = about.fitting(ProtocolVersion, values, of="protocol_versions")
        row = rows.get(values["label"])
        if row is None:
            row = about.add("protocol_versions", ProtocolVersion(study=about.study, **values))
            rows[row.label] = row
        else:
            about.change("protocol_versions", row, values)


def import_amendments(about):
    """Add amendments and bring them up to date; one that a newer file no longer has stays and is listed."""
    if not about.file.amendments:
        return
    rows = list(Amendment.objects.filter(study=about.study).order_by("sequence", "pk"))
    often = Counter(amendment.number for amendment in about.file.amendments)
    for amendment in about.file.amendments:
        values = about.fitting(Amendment, _values(amendment), of="amendments")
        row = _row_of(rows, values, unique=often[amendment.number] == 1)
        if row is None:
            about.add("amendments", Amendment(study=about.study, **values))
        else:
            rows.remove(row)
            about.change("amendments", row, values)
    for row in rows:
        about.note("amendments", _("Amendment %s is not in this file. Kept.") % row.number)


def _values(amendment):
    return {
        "number": amendment.number,
        "name": amendment.name or "",
        "summary": amendment.summary or "",
        "reason": amendment.reason or "",
        "substantial": amendment.substantial,
        "sequence": amendment.order,
        **dated(amendment.date),
    }


def _row_of(rows, values, *, unique):
    same = [row for row in rows if row.number == values["number"]]
    if unique and len(same) == 1:
        return same[0]
    return next((row for row in same if row.sequence == values["sequence"]), None)
