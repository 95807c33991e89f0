from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkflowConfig(AppConfig):
    name = "ctms.workflow"
    label = "workflow"

    def ready(self):
        # Triggers come from the declarations, so they must be known before any migration is made.
        autodiscover_modules("workflows")
