"""Bring studies in from protocol files (USDM) and registry records, and bring them up to date.

Who may say what, decided once here and enforced by the parts of this package:

- The protocol file owns the design: number, titles, sponsor, phase, masking, target enrolment, arms, epochs,
  planned visits, activities, amendments, protocol versions and the dates of the protocol.
- The registry owns its own status, why a study stopped, its dates, its sites with their status, and the
  outcomes.
- A file changes a field it owns. A field it does not own it fills when empty, and brings up to date when the
  owner has never stated the field and the value came from this kind of file. Any other disagreement is listed,
  and the record is kept. So files of both kinds lead to the same study in either order, and repeating both
  changes nothing. Of two files of one kind, the one imported last stands.
- What a file states wins over a later edit by a person where the file owns the field: the preview shows it as
  a difference, the history gives the file's name as the reason. Milestones of the house's own are never
  touched.
- Lines of a plan are retired, sites and collaborators stay; nothing is deleted but crosses in the schedule.
- States are taken over when a record is made. Later they belong to people: the import only says where the
  registry sees it differently.
- A date the file does not call actual or planned stands as planned, and is listed.
"""

from .results import Difference, ImportResult, StudyNotImported
from .run import import_study_document, import_study_files

__all__ = [
    "Difference",
    "ImportResult",
    "StudyNotImported",
    "import_study_document",
    "import_study_files",
]
