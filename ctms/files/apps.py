from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "ctms.files"
    label = "files"
