from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "ctms.audit"
    label = "audit"

    def ready(self):
        from .privileges import restrict_application_role

        post_migrate.connect(restrict_application_role, sender=self)
