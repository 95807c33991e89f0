"""Bank accounts as values: checked by their own digits, and shown with all but their ends hidden."""

import re

IBAN = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$")
BIC = re.compile(r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$")


def without_spaces(text):
    return "".join(text.split()).upper()


def is_iban(text):
    """True if the check digits fit (ISO 7064 MOD 97-10, as ISO 13616 uses it)."""
    if not IBAN.match(text):
        return False
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


def is_bic(text):
    return bool(BIC.match(text))


def masked(number):
    """Return such as `ES•• •••• 1332`: the country of an IBAN and the last four."""
    start = number[:2] if number[:2].isalpha() else ""
    return f"{start}•••• {number[-4:]}" if len(number) > 8 else "••••"
