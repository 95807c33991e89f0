from django.urls import path

from . import views

urlpatterns = [
    path("reports/<slug:name>/", views.report_form, name="report-form"),
    path("report-runs/<int:pk>/pdf/", views.report_file, name="report-pdf"),
    path("report-runs/<int:pk>/sheet/<slug:kind>/", views.report_sheet, name="report-sheet"),
]
