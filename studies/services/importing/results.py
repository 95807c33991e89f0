"""What an import did, or would do, to one study."""

from collections import Counter
from dataclasses import dataclass, field

from studies.formats.study_file import Unresolved
from studies.models import Study


class StudyNotImported(Exception):
    """Nothing was written. The message is a sentence; `place` says where in the file, or ""."""

    def __init__(self, message, place=""):
        super().__init__(message)
        self.message = str(message)
        self.place = place


@dataclass(frozen=True)
class Difference:
    """A field of a record that was there before: what it said and what it says now, in words."""

    record: str
    field: str
    before: str
    after: str


@dataclass
class ImportResult:
    """
    The counts are by kind of record, such as {"arms": 3}.

    `study` is None where the import was a rehearsal and the study would be new.
    """

    name: str
    study: Study | None = None
    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)

    @property
    def unchanged(self):
        return not (self.created or self.updated)

    def as_json(self):
        return {
            "study": self.study.pk if self.study else None,
            "created": self.created,
            "updated": self.updated,
            "unresolved": [{"place": found.place, "what": found.what} for found in self.unresolved],
        }


class Ledger:
    """What is found and done while one study is imported."""

    def __init__(self, unresolved):
        self._unresolved = dict.fromkeys(unresolved)
        self._created = Counter()
        self._updated = {}
        self.differences = []

    def note(self, place, what):
        """Leave something to a person: `place` says what part of the study is meant."""
        self._unresolved[Unresolved(place, str(what))] = None

    def count_created(self, collection, number=1):
        self._created[collection] += number

    def count_updated(self, collection, record):
        self._updated.setdefault(collection, set()).add(record.pk)

    def differ(self, record, field_name, before, after):
        self.differences.append(Difference(str(record), str(field_name), str(before), str(after)))

    def result(self, name, study):
        return ImportResult(
            name=name,
            study=study,
            created={collection: number for collection, number in self._created.items() if number},
            updated={collection: len(records) for collection, records in self._updated.items()},
            differences=self.differences,
            unresolved=list(self._unresolved),
        )
