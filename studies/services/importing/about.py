"""One study of a file while it is imported, and how its records are written."""

from dataclasses import dataclass, field
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from ctms.accounts.models import User
from studies.formats.study_file import Source, StudyFile
from studies.models import Study

from .results import Ledger, StudyNotImported
from .words import called, cut, name_of_field, shown


class Kind(Enum):
    """Whose word a file is."""

    PROTOCOL = "protocol"
    REGISTRY = "registry"

    @classmethod
    def of(cls, source):
        return cls.REGISTRY if source is Source.CLINICALTRIALS_GOV_2 else cls.PROTOCOL

    @property
    def other(self):
        return Kind.PROTOCOL if self is Kind.REGISTRY else Kind.REGISTRY

    def speaks(self):
        return _("The registry says") if self is Kind.REGISTRY else _("The protocol file says")


@dataclass
class Past:
    """What earlier files said about the study: the kinds met, the fields each stated, and those it gave."""

    stated: dict = field(default_factory=lambda: {kind: set() for kind in Kind})
    given: dict = field(default_factory=lambda: {kind: set() for kind in Kind})
    met: set = field(default_factory=set)


@dataclass
class StudyImport:
    """The file, the study it is about, and the ledger of what is done."""

    actor: User
    file: StudyFile
    file_name: str
    directory: object
    past: Past
    ledger: Ledger
    study: Study | None = None
    is_new: bool = False
    said: tuple = ((), ())  # names of the study's fields: stated by the file, given by it
    made: set = field(default_factory=set)  # (collection, id) of what this import made

    @property
    def kind(self):
        return Kind.of(self.file.source)

    def note(self, place, what):
        self.ledger.note(place, what)

    def fitting(self, model, values, *, of):
        """Return the values as the model can hold them; what is cut off is listed."""
        fitted = {}
        for name, value in values.items():
            fitted[name], was_cut = cut(model, name, value)
            if was_cut:
                longest = model._meta.get_field(name).max_length
                self.note(
                    of,
                    _("%(field)s is longer than %(longest)d characters and was cut: “%(text)s”.")
                    % {"field": name_of_field(model, name), "longest": longest, "text": value[:60]},
                )
        return fitted

    def add(self, collection, record):
        """Write a new record and count it."""
        check(record)
        record.save()
        self.made.add((collection, record.pk))
        self.ledger.count_created(collection)
        return record

    def was_made(self, collection, record):
        """True if the record is new with this import: what is set later is no change of it."""
        return (collection, record.pk) in self.made

    def change(self, collection, record, values):
        """Write what differs, and remember what it was; True if anything did."""
        changed = {
            name: value for name, value in values.items() if _stored(record, name) != _plain_value(value)
        }
        if not changed:
            return False
        before = {name: getattr(record, name) for name in changed}
        title = called(record)
        for name, value in changed.items():
            setattr(record, name, value)
        check(record, only=changed)
        # Only what differs: another column may be changed by somebody else just now.
        record.save(update_fields=list(changed))
        if self.was_made(collection, record):
            return True
        self.ledger.count_updated(collection, record)
        for name, value in changed.items():
            if record._meta.get_field(name).editable or name in SHOWN_THOUGH_NOT_EDITED:
                self.ledger.differ(
                    title,
                    name_of_field(record, name),
                    shown(record, name, before[name]),
                    shown(record, name, value),
                )
        return True


SHOWN_THOUGH_NOT_EDITED = ("actual_on", "key")


def _stored(record, name):
    return getattr(record, record._meta.get_field(name).attname)


def _plain_value(value):
    return value.pk if isinstance(value, models.Model) else value


def check(record, *, only=()):
    """
    Refuse what the record's fields cannot hold.

    :param only: names of the fields to look at; all of them for a new record

    Foreign keys are rows read a moment ago, and what must be unique was looked up: a query for each of
    thousands of rows would find nothing. Fields a file does not change are not its fault.
    """
    left_out = [f.name for f in record._meta.fields if f.is_relation or (only and f.name not in only)]
    try:
        record.clean_fields(exclude=left_out)
    except ValidationError as refused:
        sentences = [
            f"{name_of_field(record, name)}: {' '.join(messages)}"
            for name, messages in refused.message_dict.items()
        ]
        raise StudyNotImported(f"{called(record)}: {' '.join(sentences)}") from refused
