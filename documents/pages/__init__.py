"""What is seen of the trial master file."""

from .documents import DocumentRecord, Documents

__all__ = ["DocumentRecord", "Documents"]
