from .comments import ReviewComment, said_of
from .findings import (
    NO_DEVIATION,
    STILL_OPEN,
    UNSETTLED,
    ActionItem,
    ActionItemStatus,
    Deviation,
    DeviationStatus,
    Importance,
    Responsible,
)
from .letters import LetterKind, LetterStatus, SendingMethod, VisitLetter
from .reports import Answer, AnswerValue, MonitoringReport, ReportStatus
from .templates import ReportTemplate, TemplateQuestion, TemplateStatus
from .visits import PLANNED_AHEAD, Method, MonitoringVisit, Part, VisitMonitor, VisitStatus, VisitType

__all__ = [
    "NO_DEVIATION",
    "PLANNED_AHEAD",
    "STILL_OPEN",
    "UNSETTLED",
    "ActionItem",
    "ActionItemStatus",
    "Answer",
    "AnswerValue",
    "Deviation",
    "DeviationStatus",
    "Importance",
    "LetterKind",
    "LetterStatus",
    "Method",
    "MonitoringReport",
    "MonitoringVisit",
    "Part",
    "ReportStatus",
    "ReportTemplate",
    "Responsible",
    "ReviewComment",
    "SendingMethod",
    "TemplateQuestion",
    "TemplateStatus",
    "VisitLetter",
    "VisitMonitor",
    "VisitStatus",
    "VisitType",
    "said_of",
]
