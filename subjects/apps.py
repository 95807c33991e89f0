from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "subjects"

    def ready(self):
        from studies.models import ENROLMENT_COUNTED

        from .services.counting import has_subjects

        ENROLMENT_COUNTED.append(has_subjects)
