from django.urls import path

from . import views

urlpatterns = [
    path("contact-log/quick/", views.quick_contact, name="contact-quick"),
    # Before the tabs that are listings.
    path("study-sites/<int:pk>/activation/", views.activation, name="site-activation"),
    path(
        "study-sites/<int:pk>/principal-investigator/",
        views.replace_investigator,
        name="site-replace-investigator",
    ),
]
