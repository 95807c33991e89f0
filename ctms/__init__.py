"""The project and its kernel: what every service area of the product stands on."""

from ctms.celery import celery_app

__all__ = ["celery_app"]
