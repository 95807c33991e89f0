"""Registry numbers told apart by how they are written."""

from __future__ import annotations

import re

from studies.formats.study_file import IdentifierKind

_WRITTEN = (
    (IdentifierKind.NCT, re.compile(r"NCT\d{8}", re.ASCII)),
    # CTIS numbers have a middle part from 500000 on (Regulation 536/2014); the rest are EudraCT.
    (IdentifierKind.EU_CT, re.compile(r"\d{4}-5\d{5}-\d{2}(?:-\d{2})?", re.ASCII)),
    (IdentifierKind.EUDRACT, re.compile(r"\d{4}-[0-4]\d{5}-\d{2}", re.ASCII)),
    (IdentifierKind.WHO_UTN, re.compile(r"U1111-\d{4}-\d{4}", re.ASCII)),
    (IdentifierKind.IND, re.compile(r"IND[ #:-]*\d{4,6}", re.ASCII)),
)


def kind_of_number(text: str) -> IdentifierKind | None:
    """NCT, EU_CT, EUDRACT, WHO_UTN or IND when the text is written like one, else None."""
    written = text.strip().upper()
    return next((kind for kind, pattern in _WRITTEN if pattern.fullmatch(written)), None)
