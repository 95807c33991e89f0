from .activation import BEFORE_ACTIVATION, ask_for_waiver, note_approver, signed_waivers
from .contacts import change_contact, record_contact
from .staff import principal_investigator, replace_principal_investigator, staff_on

__all__ = [
    "BEFORE_ACTIVATION",
    "ask_for_waiver",
    "change_contact",
    "note_approver",
    "principal_investigator",
    "record_contact",
    "replace_principal_investigator",
    "signed_waivers",
    "staff_on",
]
