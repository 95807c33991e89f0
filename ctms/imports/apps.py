from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "ctms.imports"
    label = "imports"
