"""What every reader of a data set returns: its name, its columns, its rows, and nothing of the format it came in."""

from dataclasses import dataclass, field

LARGEST_BYTES = 64 * 1024 * 1024
MOST_FILES = 6
MOST_ROWS = 200_000
MOST_COLUMNS = 500


class DatasetRefused(Exception):
    """The file cannot be read; the message is a sentence, `place` says where, such as "record 12", or ""."""

    def __init__(self, message, place=""):
        super().__init__(message)
        self.message = message
        self.place = place


@dataclass
class Dataset:
    """One data set. A cell is text (trimmed, "" = empty), a number, or None; rows have one cell a column."""

    name: str
    columns: list[str]
    rows: list[list]
    notes: list[str] = field(default_factory=list)

    def records(self):
        """Yield (number from 1, {column: cell}) of each row."""
        for number, row in enumerate(self.rows, 1):
            yield number, dict(zip(self.columns, row, strict=True))
