from django.urls import path

from .views import documents as views

urlpatterns = [
    path("documents/<int:pk>/file/", views.download, name="document-file"),
    path("documents/<int:pk>/publish/", views.publish, name="document-publish"),
]
