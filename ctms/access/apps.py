from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "ctms.access"
    label = "access"

    def ready(self):
        from .scoping import keep_rows_to_their_study

        # Only now is known what every key leads to.
        keep_rows_to_their_study()
