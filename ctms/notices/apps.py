from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "ctms.notices"
    label = "notices"
