from django.urls import path

from . import views

urlpatterns = [
    path("contact-log/quick/", views.quick_contact, name="contact-quick"),
    # Before the tabs that are listings.
    path("studies/<int:pk>/board/", views.board, {"kind": "Study"}, name="study-board"),
    path("study-countries/<int:pk>/board/", views.board, {"kind": "StudyCountry"}, name="country-board"),
    path("studies/<int:pk>/start-up/", views.start_up, {"kind": "Study"}, name="study-start-up"),
    path(
        "study-countries/<int:pk>/start-up/",
        views.start_up,
        {"kind": "StudyCountry"},
        name="country-start-up",
    ),
    path("study-sites/<int:pk>/activation/", views.activation, name="site-activation"),
    path(
        "study-sites/<int:pk>/principal-investigator/",
        views.replace_investigator,
        name="site-replace-investigator",
    ),
]
