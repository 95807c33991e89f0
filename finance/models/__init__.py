from .agreements import AgreementStatus, HoldbackRelease, PayeeShare, SiteAgreement, named_parties
from .fees import Fee, FeeKind, FeeSchedule, InvoicedCost, ScheduleStatus
from .payables import OPEN, SETTLED, HoldReason, Payable, PayableKind, PayableStatus
from .payees import AccountStatus, BankAccount, Frequency, Payee, PayingAccount
from .runs import PaymentLine, PaymentRun, Remittance, RemittanceStatus, RunStatus

__all__ = [
    "OPEN",
    "SETTLED",
    "AccountStatus",
    "AgreementStatus",
    "BankAccount",
    "Fee",
    "FeeKind",
    "FeeSchedule",
    "Frequency",
    "HoldReason",
    "HoldbackRelease",
    "InvoicedCost",
    "Payable",
    "PayableKind",
    "PayableStatus",
    "Payee",
    "PayeeShare",
    "PayingAccount",
    "PaymentLine",
    "PaymentRun",
    "Remittance",
    "RemittanceStatus",
    "RunStatus",
    "ScheduleStatus",
    "SiteAgreement",
    "named_parties",
]
