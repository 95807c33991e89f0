from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "ctms.search"
    label = "search"

    def ready(self):
        from ctms.pages.filters import ALSO_FOUND

        from .asking import found_in_list
        from .keeping import keep_entries

        ALSO_FOUND.append(found_in_list)

        post_migrate.connect(keep_entries, sender=self)
