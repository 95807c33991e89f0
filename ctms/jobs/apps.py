from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "ctms.jobs"
    label = "jobs"

    def ready(self):
        # Each app's tasks.py declares what it can do outside the request.
        autodiscover_modules("tasks")
