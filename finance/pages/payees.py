"""Payees, and for finance alone their bank accounts."""

from ctms.pages.columns import Column
from ctms.pages.listing import Listing
from ctms.pages.record import Record
from finance import services
from finance.models import BankAccount, Payee, PayingAccount

from .money import PLACE, Amount


class PayeeRecord(Record):
    model, slug = Payee, "payees"
    under = "site-agreements"
    fields = (
        "study",
        "site",
        "legal_name",
        "nation",
        "town",
        "currency",
        Amount("minimum_amount"),
        "frequency",
    )
    api_fields = (
        "study", "country", "site", "legal_name", "nation", "town", "currency", "minimum_amount", "frequency",
    )  # fmt: skip
    create = ("site", "legal_name", "nation", "town", "currency", "minimum_amount", "frequency")
    edit = ("legal_name", "nation", "town", "minimum_amount", "frequency")
    add_permission = change_permission = "finance.change_payee"
    filters = {"study": ["exact"], "country": ["exact"], "site": ["exact"], "currency": ["exact"]}
    search = ("legal_name", "site__number")
    find_words = ("legal_name", "town", "site__number")
    related = (*PLACE, "study", "country", "nation")
    template = "finance/payee.html"

    @classmethod
    def extra_context(cls, request, record):
        user = request.user
        sees_bank = user.has_perm("finance.view_payee", record)
        accounts = (
            BankAccount.objects.visible_to(user).filter(payee=record).select_related("payee", "proposed_by")
        )
        return {
            "sees_bank": sees_bank,
            "accounts": accounts.order_by("-pk") if sees_bank else [],
            "may_change_account": user.has_perm("finance.change_payee", record),
        }


class Payees(Listing):
    record, title, rail = PayeeRecord, "Payees", ("Finance", 63)
    columns = (
        "legal_name",
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        Column("nation", "Country"),
        "currency",
        Amount("minimum_amount", sort="minimum_amount"),
        "frequency",
    )
    order = ("legal_name",)
    filters = {"study": ["exact"], "currency": ["exact"]}
    search = PayeeRecord.search
    empty = "Who is paid for a site stands here. Finance adds them."


class AccountRecord(Record):
    model, slug = BankAccount, "bank-accounts"
    under = "site-agreements"
    fields = (
        "study", "site", "payee", "holder", "iban", "account_number", "routing_number", "bic", "bank_nation",
        "tax_number", Column("proposed_by", "Entered by"), Column("confirmed_by", "Confirmed by"), "status",
    )  # fmt: skip
    api_fields = (
        "study", "country", "site", "payee", "holder", "iban", "account_number", "routing_number", "bic",
        "bank_nation", "tax_number", "proposed_by", "confirmed_by", "status",
    )  # fmt: skip
    create = (
        "payee", "holder", "iban", "bic", "account_number", "routing_number", "bank_nation", "tax_number",
    )  # fmt: skip
    create_with = staticmethod(services.propose_account)
    add_permission = change_permission = "finance.change_payee"
    filters = {"study": ["exact"], "site": ["exact"], "payee": ["exact"], "status": ["exact"]}
    related = (*PLACE, "study", "country", "payee", "bank_nation", "proposed_by", "confirmed_by")


class Accounts(Listing):
    record, title = AccountRecord, "Bank accounts"
    columns = (
        Column("shown", "Account"),
        Column("payee", sort="payee__legal_name"),
        Column("study", sort="study__protocol_number"),
        Column("site", sort="site__number"),
        Column("proposed_by", "Entered by"),
        Column("confirmed_by", "Confirmed by"),
        "status",
    )
    filters = {"study": ["exact"], "status": ["exact"]}
    empty = "The accounts payees are paid to stand here. They are entered on the page of a payee."


class PayingAccountRecord(Record):
    model, slug = PayingAccount, "paying-accounts"
    under = "payables"
    fields = ("study", "holder", "currency", "iban", "bic")
    create = ("study", "holder", "currency", "iban", "bic")
    edit = ("holder", "iban", "bic")
    add_permission = change_permission = "finance.change_payee"
    filters = {"study": ["exact"], "currency": ["exact"]}
    related = ("study__sponsor",)


class PayingAccounts(Listing):
    record, title, rail = PayingAccountRecord, "Paying accounts", ("Finance", 69)
    columns = (Column("holder"), Column("study", sort="study__protocol_number"), "currency")
    filters = {"study": ["exact"], "currency": ["exact"]}
    empty = "The accounts the sites of a study are paid from stand here, one a currency. Finance adds them."
