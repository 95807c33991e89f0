"""The one Celery application. It knows a single task: run a row of the Job table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ctms.settings")

celery_app = Celery("ctms")
celery_app.config_from_object("django.conf:settings", namespace="CELERY")
celery_app.autodiscover_tasks(["ctms.jobs"])
