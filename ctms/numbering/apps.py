from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "ctms.numbering"
    label = "numbering"
