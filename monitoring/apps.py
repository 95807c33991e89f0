from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self):
        from ctms.api.records import EXTENSIONS
        from ctms.workflow.declare import promise_after_moves
        from documents.services import EVENT_SOURCES
        from studies.services.team import OPEN_DUTIES
        from studies.workflows import ACTIVATION_REQUIREMENTS, INITIATION_DOUBTS

        from .api import CommentsThatSaySomething
        from .services.activation import INITIATION, doubt_initiation
        from .services.duties import open_duties
        from .services.expectations import visit_events

        EXTENSIONS.setdefault("monitoring.ReviewComment", []).append(CommentsThatSaySomething)
        OPEN_DUTIES.append(open_duties)
        ACTIVATION_REQUIREMENTS.append(INITIATION)
        INITIATION_DOUBTS.append(doubt_initiation)
        EVENT_SOURCES.append(visit_events)
        promise_after_moves("monitoring.MonitoringVisit", "monitoring.expect_papers")
