"""What the bank or the accounting system says was paid."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctms.access.explain import permit
from ctms.access.scoping import everything
from ctms.imports.cells import day, text
from ctms.imports.sheet import Column, Done, RowRefused, Sheet
from finance.models import Remittance
from finance.services import record_payment


class PaymentSheet(Sheet):
    """The payments of one exported run; brought twice it changes nothing."""

    name = "Payments"
    collection = "payments"
    natural_key = ("remittance",)
    columns = (
        Column("remittance", gettext_lazy("Remittance"), text(60), required=True, aliases=("End to end id",)),
        Column("paid_on", gettext_lazy("Paid on"), day, required=True, aliases=("Value date", "Date")),
        Column("reference", gettext_lazy("Bank reference"), text(60), aliases=("Reference",)),
    )

    def __init__(self, run):
        self.run = run

    def prepare(self, actor):
        permit(actor, "finance.export_paymentrun", self.run)
        with everything("a row names a remittance of its run"):
            remittances = (
                Remittance.objects.filter(run=self.run).payments().select_related("run__study", "payee")
            )
            self.remittances = {one.reference.casefold(): one for one in remittances}

    def write(self, row, *, actor, reason):
        remittance = self.remittances.get(row["remittance"].casefold())
        if remittance is None:
            raise RowRefused(_("%s is no remittance of this run") % row["remittance"], "remittance")
        new = record_payment(
            actor=actor, remittance=remittance, paid_on=row["paid_on"], bank_reference=row["reference"] or ""
        )
        return Done.UPDATED if new else Done.UNCHANGED
