from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self):
        from studies.services.team import OPEN_DUTIES

        from .services.duties import open_duties

        OPEN_DUTIES.append(open_duties)
