from django.urls import path

from .views import documents, reference, tmf, uploading

urlpatterns = [
    path("documents/<int:pk>/file/", documents.download, name="document-file"),
    path("documents/<int:pk>/file/<int:version>/", documents.download, name="document-version-file"),
    path("documents/<int:pk>/publish/", documents.publish, name="document-publish"),
    path("documents/<int:pk>/content/", uploading.content, name="document-content"),
    path("documents/<int:pk>/new-version/", documents.new_version, name="document-new-version"),
    # Before the generic pages: a document begins with its file, and is classified by what it fulfils.
    path("documents/new/", uploading.upload, name="document-upload"),
    path("documents/<int:pk>/edit/", documents.classify, name="document-classify"),
    path(
        "documents/<int:pk>/transitions/returned/",
        documents.return_page,
        {"name": "returned"},
        name="document-return",
    ),
    path(
        "documents/<int:pk>/transitions/send_back/",
        documents.return_page,
        {"name": "send_back"},
        name="document-send-back",
    ),
    path("quality-issues/<int:pk>/settle/", documents.settle, name="quality-issue-settle"),
    path("expected-documents/<int:pk>/upload/", uploading.upload_expected, name="expected-upload"),
    path(
        "expected-documents/<int:pk>/transitions/filed_elsewhere/",
        tmf.filed_elsewhere,
        name="expected-filed-elsewhere",
    ),
    path("studies/<int:pk>/tmf/", tmf.tmf_page, {"kind": "Study"}, name="study-tmf"),
    path("study-countries/<int:pk>/tmf/", tmf.tmf_page, {"kind": "StudyCountry"}, name="country-tmf"),
    path("study-sites/<int:pk>/tmf/", tmf.tmf_page, {"kind": "StudySite"}, name="site-tmf"),
    path("artifacts/import/", reference.import_page, name="reference-import"),
    path("artifacts/import/apply/", reference.apply_import, name="reference-import-apply"),
]
