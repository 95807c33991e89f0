from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "finance"

    def ready(self):
        from studies.workflows import ACTIVATION_REQUIREMENTS, ActivationRequirement

        from .services import what_keeps_sites_from_activation

        ACTIVATION_REQUIREMENTS.append(
            ActivationRequirement.asked_of_many(
                "Site agreement", what_keeps_sites_from_activation, tab="site-agreements"
            )
        )
