from django.urls import path

from . import views

urlpatterns = [
    path("", views.inspection, name="inspection"),
    path("<int:pk>/", views.inspected_study, name="inspected-study"),
]
