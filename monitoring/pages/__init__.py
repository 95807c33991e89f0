"""What is seen of monitoring."""

from .calendar import calendar_of, overdue_before
from .findings import ActionItemRecord, ActionItems, DeviationRecord, Deviations
from .letters import Letters, LettersDue, VisitLetterRecord
from .questions import ReviewCommentRecord, review_of
from .reports import ReportRecord, Reports, TemplateRecord, Templates, progress_of
from .standing import ReportFilters, VisitFilters
from .terms import letter_terms_of, shown_term, terms_of
from .visits import VisitRecord, Visits

__all__ = [
    "ActionItemRecord",
    "ActionItems",
    "DeviationRecord",
    "Deviations",
    "Letters",
    "LettersDue",
    "ReportFilters",
    "ReportRecord",
    "Reports",
    "ReviewCommentRecord",
    "TemplateRecord",
    "Templates",
    "VisitFilters",
    "VisitLetterRecord",
    "VisitRecord",
    "Visits",
    "calendar_of",
    "letter_terms_of",
    "overdue_before",
    "progress_of",
    "review_of",
    "shown_term",
    "terms_of",
]
