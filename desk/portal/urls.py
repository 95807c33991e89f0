from django.urls import path

from . import views

urlpatterns = [
    path("", views.portal, name="portal"),
    path("<int:pk>/", views.portal_study, name="portal-study"),
]
