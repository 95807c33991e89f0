from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "ctms.pages"
    label = "pages"
