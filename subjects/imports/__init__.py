"""What can be brought to a study: sheets of subjects and of visits, and SDTM as XPT, Dataset-JSON or CSV."""

from .files import BroughtFile, FileRefused, bring_files, permit_bringing
from .sheets import SubjectSheet, SubjectVisitSheet

__all__ = [
    "BroughtFile",
    "FileRefused",
    "SubjectSheet",
    "SubjectVisitSheet",
    "bring_files",
    "permit_bringing",
]
