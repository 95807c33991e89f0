from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "subjects"

    def ready(self):
        from studies.models import ENROLMENT_COUNTED
        from studies.services.projecting import PROJECTIONS

        from .services.counting import has_subjects
        from .services.projecting import last_subject_in

        ENROLMENT_COUNTED.append(has_subjects)
        PROJECTIONS.append(last_subject_in)
