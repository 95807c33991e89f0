from django.urls import path

from .views import agreements, budgets, payments

urlpatterns = [
    # Before the tabs that are listings.
    path("studies/<int:pk>/budget/", budgets.budget_page, name="study-budget"),
    path("study-countries/<int:pk>/budget/", budgets.budget_of_place, {"kind": "StudyCountry"}),
    path("study-sites/<int:pk>/budget/", budgets.budget_of_place, {"kind": "StudySite"}),
    path("budgets/<int:pk>/book/", budgets.book, name="budget-book"),
    path("sponsor-invoices/<int:pk>/propose/", budgets.propose, name="sponsor-invoice-propose"),
    path("studies/<int:pk>/payables/generate/", payments.generate, name="payables-generate"),
    path("study-sites/<int:pk>/payment-statement/", payments.statement, name="payment-statement"),
    path("payables/confirm/", payments.confirm_shown, name="payables-confirm"),
    path("payables/<int:pk>/confirm/", payments.confirm_one, name="payable-confirm"),
    path("site-invoices/<int:pk>/void/", payments.void_invoice, name="site-invoice-void"),
    path("payment-runs/<int:pk>/prepare-again/", payments.prepare_again, name="run-prepare-again"),
    path("payment-runs/<int:pk>/lines/<int:line>/take-out/", payments.take_out, name="run-take-out"),
    path("payment-runs/<int:pk>/file/csv/", payments.file_of_run, {"kind": "csv"}, name="run-csv"),
    path(
        "payment-runs/<int:pk>/file/pain001/", payments.file_of_run, {"kind": "pain001"}, name="run-pain001"
    ),
    path("payment-runs/<int:pk>/payments/", payments.import_payments, name="run-payments"),
    # Before the generic page of a transition: the bank's reference is asked with the day.
    path("remittances/<int:pk>/transitions/pay/", payments.pay, name="remittance-pay"),
    path("remittances/<int:pk>/letter/", payments.letter, name="remittance-letter"),
    path("site-agreements/<int:pk>/payees/", agreements.share_out, name="agreement-payees"),
    path("fees/<int:pk>/remove/", agreements.remove_fee, name="fee-remove"),
]
