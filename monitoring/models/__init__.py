from .findings import (
    ActionItem,
    ActionItemStatus,
    Deviation,
    DeviationStatus,
    Importance,
)
from .reports import Answer, AnswerValue, MonitoringReport, ReportStatus
from .templates import ReportTemplate, TemplateQuestion, TemplateStatus
from .visits import Method, MonitoringVisit, Part, VisitMonitor, VisitStatus, VisitType

__all__ = [
    "ActionItem",
    "ActionItemStatus",
    "Answer",
    "AnswerValue",
    "Deviation",
    "DeviationStatus",
    "Importance",
    "Method",
    "MonitoringReport",
    "MonitoringVisit",
    "Part",
    "ReportStatus",
    "ReportTemplate",
    "TemplateQuestion",
    "TemplateStatus",
    "VisitMonitor",
    "VisitStatus",
    "VisitType",
]
