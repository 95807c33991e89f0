"""What must not come in: who a person is stays at the site."""

import re

from django.utils.translation import gettext as _

from ctms.imports.table import SheetRefused
from subjects.models.identifiers import names_a_person

_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")


def refuse_identifying(headers):
    """Refuse a table with a column that says who a person is."""
    found = [str(header) for header in headers if names_a_person(header)]
    if found:
        raise SheetRefused(
            _("The column “%s” says who a person is. Names, initials, birth dates, addresses and hospital numbers stay "
              "at the site: take it out of the file and bring it again.") % found[0][:60]
        )  # fmt: skip


def refuse_identifying_data(dataset):
    """Refuse a data set with such a column, unless it is empty throughout, as standard columns may be."""
    for at, column in enumerate(dataset.columns):
        if names_a_person(column) and any(row[at] not in ("", None) for row in dataset.rows):
            refuse_identifying([column])


def refuse_addresses(rows):
    for number, cells in rows:
        if any(isinstance(cell, str) and _E_MAIL.search(cell) for cell in cells):
            raise SheetRefused(
                _("The file holds an e-mail address: who a person is stays at the site."), f"row {number}"
            )
