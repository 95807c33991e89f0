from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "ctms.access"
    label = "access"
