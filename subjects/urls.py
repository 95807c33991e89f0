from django.urls import path

from .views import bringing, enrolment, matrix, recording

urlpatterns = [
    # Before the generic page of a transition: a consent asks for its versions too.
    path("subjects/<int:pk>/transitions/consent/", recording.consent, name="subject-consent"),
    path("subject-visits/<int:pk>/day/", recording.record_day, name="subject-visit-day"),
    path("studies/<int:pk>/subjects/bring/", bringing.bring, name="subjects-bring"),
    path("studies/<int:pk>/subjects/bring/apply/", bringing.apply, name="subjects-bring-apply"),
    # Before the tabs that are listings.
    path("studies/<int:pk>/enrolment/", enrolment.enrolment, {"kind": "Study"}, name="study-enrolment"),
    path(
        "study-countries/<int:pk>/enrolment/",
        enrolment.enrolment,
        {"kind": "StudyCountry"},
        name="country-enrolment",
    ),
    path("studies/<int:pk>/subject-matrix/", matrix.matrix, {"kind": "Study"}, name="study-subject-matrix"),
    path(
        "study-countries/<int:pk>/subject-matrix/",
        matrix.matrix,
        {"kind": "StudyCountry"},
        name="country-subject-matrix",
    ),
    path(
        "study-sites/<int:pk>/subject-matrix/",
        matrix.matrix,
        {"kind": "StudySite"},
        name="site-subject-matrix",
    ),
]
