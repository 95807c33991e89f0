from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "ctms.signatures"
    label = "signatures"
