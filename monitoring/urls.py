from django.urls import path

from . import views

urlpatterns = [
    path("monitoring/calendar/", views.calendar, name="monitoring-calendar"),
    # Before the tabs that are listings.
    path("studies/<int:pk>/calendar/", views.calendar, {"kind": "Study"}, name="study-calendar"),
    path(
        "study-countries/<int:pk>/calendar/",
        views.calendar,
        {"kind": "StudyCountry"},
        name="country-calendar",
    ),
    # Before the generic page of a transition: conducting asks for both days.
    path("monitoring-visits/<int:pk>/transitions/conduct/", views.conduct, name="visit-conduct"),
    path(
        "monitoring-visits/<int:pk>/transitions/correct_days/", views.correct_days, name="visit-correct-days"
    ),
    path("letters/<int:pk>/transitions/send/", views.send_letter, name="letter-send"),
    path("letters/<int:pk>/preview/", views.preview_letter, name="letter-preview"),
    path("letters/<int:pk>/filing/", views.filing, {"of": "letter"}, name="letter-filing"),
    path("monitoring-reports/<int:pk>/filing/", views.filing, {"of": "report"}, name="report-filing"),
    path("monitoring-reports/<int:pk>/presence/", views.save_presence, name="report-presence"),
    path("monitoring-reports/<int:pk>/answers/<slug:key>/", views.save_answer, name="report-answer"),
    path("monitoring-reports/<int:pk>/comments/<slug:key>/", views.save_comment, name="report-comment"),
    path("monitoring-reports/<int:pk>/replies/<int:comment>/", views.save_reply, name="report-reply"),
    path("monitoring-reports/<int:pk>/summary/", views.save_summary, name="report-summary"),
    path("monitoring-reports/<int:pk>/action-items/new/", views.raise_item, name="report-raise-item"),
    path("monitoring-reports/<int:pk>/deviations/new/", views.raise_deviation, name="report-raise-deviation"),
    path("contact-log/<int:pk>/action-item/", views.raise_item_from_contact, name="contact-raise-item"),
    path("monitoring-reports/<int:pk>/publish/", views.publish, name="report-publish"),
]
