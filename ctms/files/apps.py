from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class FilesConfig(AppConfig):
    name = "ctms.files"
    label = "files"


class HouseStaticFilesConfig(StaticFilesConfig):
    """Static files without the variants of the front-end packages that no page names."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "tabler-*",
        "*.rtl.*",
        "*.esm.*",
        "tabler.css*",
        "tabler.js*",
        "*bootstrap4*",
        "tom-select.default.*",
        "plugins",
        "redoc",
    ]
