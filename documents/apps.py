from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"

    def ready(self):
        from ctms.api.records import EXTENSIONS
        from ctms.workflow.declare import promise_after_moves
        from studies.workflows import ACTIVATION_REQUIREMENTS, ActivationRequirement

        from .api import DocumentContent
        from .services import missing_for_activation

        EXTENSIONS.setdefault("documents.Document", []).append(DocumentContent)
        ACTIVATION_REQUIREMENTS.append(
            ActivationRequirement.asked_of_many(
                "Essential documents", missing_for_activation, tab="expected-documents"
            )
        )
        promise_after_moves("studies.Study", "documents.bring_for_study")
        promise_after_moves("studies.StudyCountry", "documents.bring_for_country")
        promise_after_moves("studies.StudySite", "documents.bring_for_site")
        promise_after_moves("documents.Document", "documents.match_document")
