from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "ctms.reports"
    label = "reports"
