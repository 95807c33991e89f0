from django.urls import path

from . import views

urlpatterns = [
    path("contact-log/quick/", views.quick_contact, name="contact-quick"),
    # Before the tabs that are listings.
    path("studies/<int:pk>/board/", views.board, {"kind": "Study"}, name="study-board"),
    path("study-countries/<int:pk>/board/", views.board, {"kind": "StudyCountry"}, name="country-board"),
    path("study-sites/<int:pk>/activation/", views.activation, name="site-activation"),
    path(
        "study-sites/<int:pk>/principal-investigator/",
        views.replace_investigator,
        name="site-replace-investigator",
    ),
]
