"""What is a code and what names a person: rules every form, file and API call meets (practice.md, correction 2)."""

import re

_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,29}$")
# Four digits and four more may be a site and a subject; with 19 in front, or separated, they are a day.
_BIRTH_DATE = re.compile(
    r"19\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$"
    r"|(19|20)\d\d[-./](0?[1-9]|1[0-2])[-./](0?[1-9]|[12]\d|3[01])$"
    r"|(0?[1-9]|[12]\d|3[01])[-./](0?[1-9]|[12]\d|3[01])[-./](19|20)?\d\d$"
    r"|(0?[1-9]|[12]\d|3[01])-?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-?(19|20)?\d\d$",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(00[1-9]\d{9,}|0[1-9]\d{8,9})$")
# Letters enough for a name, with a year or a count behind: Garcia1, Maria.Lopez1950. Codes are shorter or capitals.
_NAME = re.compile(
    r"(?!(sub|subj|subject|scr|screen|screening|pat|patient|part|participant|site|rand|random|vol)[^a-z])"
    r"([A-Z]?[a-z]{3,}([._-]?[A-Z]?[a-z]+)*[._-]?\d{1,4}$|.*[a-z]{6,})"
)
# National numbers by their shape; only those no trial's numbering looks like.
_NATIONAL = re.compile(
    r"\d{3}-\d{2}-\d{4}$"  # United States
    r"|\d{8}[A-HJ-NP-TV-Z]$|[XYZ]\d{7}[A-HJ-NP-TV-Z]$"  # Spain
    r"|[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]$"  # Italy
    r"|\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[-+A]\d{3}[0-9A-Y]$"  # Finland, Sweden, Denmark
    r"|[12][0-9]{2}(0[1-9]|1[0-2])\d{10}$"  # France
    r"|\d{11}$"  # Poland, Norway, Belgium, Baltic states, Turkey
    r"|\d{17}[\dX]$"  # China
)


def why_no_code(value):
    """Return the sentence that refuses `value` as a subject's number, or ''."""
    if "@" in value:
        return "This is an e-mail address; write the subject's number."
    if _BIRTH_DATE.match(value):
        return "This looks like a date of birth; write the subject's number."
    if _TELEPHONE.match(value):
        return "This looks like a telephone number; write the subject's number."
    if _NATIONAL.match(value):
        return "This looks like a national identity number; write the subject's number."
    if not _CODE.match(value) or _NAME.match(value):
        return "Write the subject's number, such as 2003-014; names stay at the site."
    return ""


# Columns of a table that say who a person is. "Subject name" is how some systems call the number: not among them.
_IDENTIFYING = re.compile(
    r"(first|last|given|family|middle|maiden|full|patient|participant|subject)s?[ ]?(name|names)$"
    r"|name$|surname$|forename$|initials?$|(patient|subject|participant)s? initials$|subjinit$|subject initials"
    r"|(date|day|year|month)s? of birth$|birth[ ]?(date|day|dt|dat)$|dob$|brthdtc$|brthdt$|brthdat$|born$"
    r"|(home |postal |street |e ?mail )?address$|street$|(post|zip)[ ]?code$|postcode$|zip$"
    r"|e ?mail.*$|(tele|mobile |cell |home )?phone.*$|telephone.*$|mobile$|fax$"
    r"|mrn$|medical record.*$|hospital (no|number|id)$|patient (no|number|id) at the hospital$|chart (no|number)$"
    r"|ssn$|social security.*$|national (id|identity|insurance).*$|nhs (no|number)$|passport.*$|dni$|nie$|pesel$"
    r"|insurance (no|number)$"
)


def names_a_person(header):
    """True if a column of this name would hold what says who somebody is."""
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", str(header).casefold()).split())
    return bool(_IDENTIFYING.match(plain))
