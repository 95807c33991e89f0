from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "ctms.api"
    label = "api"
