from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self):
        from studies.services.team import OPEN_DUTIES
        from studies.workflows import ACTIVATION_REQUIREMENTS

        from .services.activation import INITIATION
        from .services.duties import open_duties

        OPEN_DUTIES.append(open_duties)
        ACTIVATION_REQUIREMENTS.append(INITIATION)
