from django.urls import path

from . import views

urlpatterns = [
    path("notices/", views.notices_page, name="notices"),
    path("notices/read/", views.read_all, name="notices-read"),
    path("notices/<int:pk>/", views.open_notice, name="notice"),
]
