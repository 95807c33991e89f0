"""Payment runs: what is paid to whom at one time, prepared by one person and approved by another."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ctms.access.scoping import ScopedQuerySet, StudyOwned, country_of_study, everything, site_of_study
from ctms.audit.trail import audited
from ctms.files.models import StoredFile
from ctms.money.amounts import amount_field, as_money, currency_field
from ctms.workflow.triggers import REFUSED, frozen_with

from .payables import Payable
from .payees import BankAccount, Payee


class RunStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    IN_REVIEW = "IN_REVIEW", _("In review")
    APPROVED = "APPROVED", _("Approved")
    EXPORTED = "EXPORTED", _("Exported")
    PAID = "PAID", _("Paid")
    CANCELLED = "CANCELLED", _("Cancelled")


class TotalsTie(pgtrigger.Trigger):
    """A run is approved only when its lines, its remittances and its total are the same to the cent."""

    when = pgtrigger.Before
    operation = pgtrigger.Update

    def get_func(self, model):
        # The tables by name: their models stand below this one.
        return f"""
            IF NEW.status = 'APPROVED' AND OLD.status <> 'APPROVED' AND (
                NEW.total <> (SELECT COALESCE(sum(total), 0) FROM finance_remittance WHERE run_id = NEW.id)
                OR NEW.total <> (SELECT COALESCE(sum(total), 0) FROM finance_paymentline WHERE run_id = NEW.id)
                OR EXISTS (
                    SELECT 1 FROM finance_remittance r LEFT JOIN (
                        SELECT remittance_id, sum(amount) AS amount, sum(overhead) AS overhead,
                            sum(holdback) AS holdback, sum(total) AS total
                        FROM finance_paymentline WHERE run_id = NEW.id GROUP BY remittance_id) l
                    ON l.remittance_id = r.id
                    WHERE r.run_id = NEW.id AND (r.amount, r.overhead, r.holdback, r.total) IS DISTINCT FROM
                        (COALESCE(l.amount, 0), COALESCE(l.overhead, 0), COALESCE(l.holdback, 0),
                         COALESCE(l.total, 0)))) THEN
                RAISE EXCEPTION 'The totals of the run are not those of its lines.' {REFUSED};
            END IF;
            RETURN NEW;
        """  # noqa: S608 - made of names, never of input


@audited(called_by=("{study}", "PAY-{number:04}"))
class PaymentRun(StudyOwned):
    """
    One payment of what sites of a study, or of one country of it, are owed; one run, one currency.

    Its files are made once, when it is exported; every later download hands out the same bytes.
    """

    country = country_of_study(null=True, blank=True)
    number = models.PositiveIntegerField(editable=False)
    currency = currency_field()
    period_from = models.DateField(_("events from"), null=True, blank=True)
    period_to = models.DateField(_("events up to"))
    total = amount_field(default=0, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    approved_on = models.DateField(null=True, editable=False)
    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    exported_on = models.DateField(null=True, editable=False)
    csv_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", editable=False)
    xml_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", editable=False)
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="paymentrun_number_once"),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True) | Q(period_to__gte=F("period_from")),
                name="paymentrun_period_in_order",
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
                name="paymentrun_two_people",
                violation_error_message=_("Who prepared a run does not approve it."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["APPROVED", "EXPORTED", "PAID"]) | Q(approved_by__isnull=False),
                name="paymentrun_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["EXPORTED", "PAID"])
                | Q(csv_file__isnull=False, xml_file__isnull=False, exported_by__isnull=False),
                name="paymentrun_exported_has_its_files",
            ),
        ]
        permissions = [
            ("prepare_paymentrun", "Prepare a payment run"),
            ("approve_paymentrun", "Approve a payment run somebody else prepared"),
            ("export_paymentrun", "Export a payment run and feed back what was paid"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="keeps_its_identity", fields=["study", "country", "number", "currency"]),
            TotalsTie(name="d_totals_tie"),
            pgtrigger.Trigger(
                name="exported_once", when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__csv_file__isnull=False)
                & (pgtrigger.Q(old__csv_file__df=pgtrigger.F("new__csv_file"))
                   | pgtrigger.Q(old__xml_file__df=pgtrigger.F("new__xml_file"))),
                func=f"RAISE EXCEPTION 'A run is exported once.' {REFUSED};",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.study.protocol_number} · {self.reference}"

    @property
    def reference(self):
        return f"PAY-{self.number:04d}"

    @property
    def money(self):
        return as_money(self.total, self.currency)

    def as_signed(self):
        """Return what the approval covers: every line of every payee, and the account it goes to."""
        with everything("the lines of a run in hand"):
            remittances = list(self.remittances.select_related("payee", "run__study").order_by("sequence"))
            lines: dict[int, list] = {}
            for line in self.lines.select_related("payable").order_by("pk"):
                lines.setdefault(line.remittance_id, []).append(line.as_signed())
        return {
            "scheme": "payment-run/1",
            "study": self.study.protocol_number,
            "reference": self.reference,
            "currency": self.currency,
            "period": [self.period_from, self.period_to],
            "total": f"{self.total:f}",
            "remittances": [
                {
                    "reference": remittance.reference,
                    "payee": remittance.payee.legal_name,
                    "account": remittance.account_id,
                    "total": f"{remittance.total:f}",
                    "carried_over": f"{remittance.carried_amount:f}",
                    "lines": lines.get(remittance.pk, []),
                }
                for remittance in remittances
            ],
        }


class RemittanceStatus(models.TextChoices):
    TO_PAY = "TO_PAY", _("To be paid")
    PAID = "PAID", _("Paid")


class RemittanceQuerySet(ScopedQuerySet):
    def payments(self):
        """Keep those that are paid; the others only say what was carried over."""
        return self.filter(total__gt=0)


class StandsWithRun(pgtrigger.Trigger):
    """The amounts of a remittance stand from the day its run is approved; it is neither added nor removed."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model):
        columns = ("amount", "overhead", "holdback", "total", "carried_amount", "carried_count", "account_id",
                   "sequence")  # fmt: skip
        old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
        return f"""
            IF EXISTS (SELECT 1 FROM finance_paymentrun WHERE id = COALESCE(NEW.run_id, OLD.run_id)
                       AND status IN ('APPROVED', 'EXPORTED', 'PAID'))
                AND (TG_OP <> 'UPDATE' OR ({old}) IS DISTINCT FROM ({new})) THEN
                RAISE EXCEPTION 'The run is approved; its remittances no longer change.' {REFUSED};
            END IF;
            RETURN COALESCE(NEW, OLD);
        """  # noqa: S608 - made of declarations, never of input


@audited(called_by=("{run}", "{payee}"), removable=True)
class Remittance(StudyOwned):
    """
    What one run pays one payee.

    Where the net lies below the payee's smallest payment, or below nothing, no line is taken: it says only how much
    is carried over to the next run.
    """

    place_from = "payee"
    view_permission = "finance.view_paymentrun"

    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="remittances", editable=False)
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="+", editable=False)
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    sequence = models.PositiveIntegerField(editable=False)
    amount = amount_field(default=0, editable=False)
    overhead = amount_field(default=0, editable=False)
    holdback = amount_field(default=0, editable=False)
    total = amount_field(default=0, editable=False)
    carried_amount = amount_field(_("carried over"), default=0, editable=False)
    carried_count = models.PositiveIntegerField(_("lines carried over"), default=0, editable=False)
    account = models.ForeignKey(BankAccount, models.PROTECT, null=True, related_name="+", editable=False)
    paid_on = models.DateField(_("paid"), null=True, editable=False)
    bank_reference = models.CharField(max_length=60, blank=True, editable=False)
    letter = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", editable=False)
    status = models.CharField(
        max_length=10, choices=RemittanceStatus, default=RemittanceStatus.TO_PAY, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = RemittanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "payee"], name="remittance_once_a_payee"),
            models.UniqueConstraint(fields=["run", "sequence"], name="remittance_sequence_once"),
            models.CheckConstraint(
                condition=Q(total=F("amount") + F("overhead") - F("holdback")), name="remittance_total_ties"
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="remittance_never_negative"),
            models.CheckConstraint(
                condition=~Q(status="PAID") | Q(paid_on__isnull=False), name="remittance_paid_has_its_day"
            ),
        ]
        triggers = [StandsWithRun(name="c_stands_with_run")]

    def __str__(self):
        return f"{self.reference} · {self.payee}"

    @property
    def reference(self):
        """What the bank writes on the payment, and the site finds on its statement."""
        return f"{self.run.study.protocol_number}-{self.run.reference}-{self.sequence:02d}"

    @property
    def currency(self):
        return self.run.currency

    @property
    def money(self):
        return as_money(self.total, self.run.currency)

    @property
    def minimum(self):
        return as_money(self.payee.minimum_amount, self.run.currency)

    @property
    def carried(self):
        return as_money(self.carried_amount, self.run.currency) if self.carried_count else ""


class AsBooked(pgtrigger.Trigger):
    """A line is the payable it pays, to the cent."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model):
        return f"""
            IF NOT EXISTS (SELECT 1 FROM finance_payable p JOIN finance_remittance r ON r.id = NEW.remittance_id
                WHERE p.id = NEW.payable_id AND p.payee_id = r.payee_id AND r.run_id = NEW.run_id
                AND (p.amount, p.overhead, p.holdback, p.total)
                  = (NEW.amount, NEW.overhead, NEW.holdback, NEW.total)) THEN
                RAISE EXCEPTION 'A line of a run is its payable, to its payee.' {REFUSED};
            END IF;
            RETURN NEW;
        """  # noqa: S608 - made of names, never of input


@audited(called_by=("{payable}",), removable=True)
@frozen_with("run")
class PaymentLine(StudyOwned):
    """One payable in a run. A payable is in one run at most; taken out, it waits for the next."""

    place_from = "remittance"
    view_permission = "finance.view_paymentrun"

    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="lines")
    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="lines")
    payable = models.OneToOneField(Payable, models.PROTECT, related_name="line")
    country = country_of_study(editable=False)
    site = site_of_study(editable=False)
    amount = amount_field()
    overhead = amount_field()
    holdback = amount_field()
    total = amount_field()

    class Meta:
        triggers = [AsBooked(name="as_booked")]

    def __str__(self):
        return f"{self.payable}"

    @property
    def shown_amount(self):
        return as_money(self.amount, self.run.currency)

    @property
    def shown_overhead(self):
        return as_money(self.overhead, self.run.currency)

    @property
    def shown_holdback(self):
        return as_money(self.holdback, self.run.currency)

    @property
    def shown_total(self):
        return as_money(self.total, self.run.currency)

    def as_signed(self):
        payable = self.payable
        return {
            "payable": payable.pk,
            "what": payable.what,
            "on": payable.event_on,
            "amount": f"{self.amount:f}",
            "overhead": f"{self.overhead:f}",
            "holdback": f"{self.holdback:f}",
            "total": f"{self.total:f}",
        }
