from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "ctms.search"
    label = "search"

    def ready(self):
        from .keeping import keep_entries

        post_migrate.connect(keep_entries, sender=self)
