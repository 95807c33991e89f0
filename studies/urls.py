from django.urls import path

from .views import importing

urlpatterns = [
    path("studies/import/", importing.import_page, name="study-import"),
    path("studies/import/apply/", importing.apply_import, name="study-import-apply"),
    path("studies/imports/<int:pk>/", importing.import_result, name="study-import-result"),
]
