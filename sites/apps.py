from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "sites"

    def ready(self):
        from studies.workflows import ACTIVATION_REQUIREMENTS, ACTIVATION_WAIVERS

        from .services.activation import REQUIREMENTS, signed_waivers

        ACTIVATION_REQUIREMENTS.extend(REQUIREMENTS)
        ACTIVATION_WAIVERS.append(signed_waivers)
