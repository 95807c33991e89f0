from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PagesConfig(AppConfig):
    name = "ctms.pages"
    label = "pages"

    def ready(self):
        from . import access_log  # noqa: F401 - its list is declared on import

        autodiscover_modules("pages")
