from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ReportsConfig(AppConfig):
    name = "ctms.reports"
    label = "reports"

    def ready(self):
        autodiscover_modules("reports")
