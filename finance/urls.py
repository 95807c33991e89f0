from django.urls import path

from .views import budgets

urlpatterns = [
    # Before the tabs that are listings.
    path("studies/<int:pk>/budget/", budgets.budget_page, name="study-budget"),
    path("study-countries/<int:pk>/budget/", budgets.budget_of_place, {"kind": "StudyCountry"}),
    path("study-sites/<int:pk>/budget/", budgets.budget_of_place, {"kind": "StudySite"}),
    path("budgets/<int:pk>/book/", budgets.book, name="budget-book"),
    path("sponsor-invoices/<int:pk>/propose/", budgets.propose, name="sponsor-invoice-propose"),
]
