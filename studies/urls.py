from django.urls import path

from .views import importing, plan, sheets, team

urlpatterns = [
    path("studies/import/", importing.import_page, name="study-import"),
    path("studies/import/apply/", importing.apply_import, name="study-import-apply"),
    path("studies/imports/<int:pk>/", importing.import_result, name="study-import-result"),
    path("studies/<int:pk>/milestones/import/", sheets.import_milestones, name="milestone-import"),
    path("studies/<int:pk>/milestones/import/apply/", sheets.apply_milestones, name="milestone-import-apply"),
    # Before the tabs that are listings.
    path("studies/<int:pk>/plan/", plan.plan, {"kind": "Study"}, name="study-plan"),
    path("study-countries/<int:pk>/plan/", plan.plan, {"kind": "StudyCountry"}, name="country-plan"),
    path("study-sites/<int:pk>/plan/", plan.plan, {"kind": "StudySite"}, name="site-plan"),
    path("studies/<int:pk>/team/", team.team, {"kind": "Study"}, name="study-team"),
    path("study-countries/<int:pk>/team/", team.team, {"kind": "StudyCountry"}, name="country-team"),
    path("study-sites/<int:pk>/team/", team.team, {"kind": "StudySite"}, name="site-team"),
    path("studies/<int:pk>/team/assign/", team.assign_page, name="team-assign"),
    path("studies/<int:pk>/team/<slug:kind>/<int:assignment>/end/", team.end_page, name="team-end"),
    path(
        "studies/<int:pk>/team/<slug:kind>/<int:assignment>/training/",
        team.training_page,
        name="team-training",
    ),
]
