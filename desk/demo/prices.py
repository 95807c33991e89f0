"""What sites are paid in each country, who is paid, and from which accounts; uneven, as negotiated."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Price:
    """What a country's sites get, in its currency."""

    currency: str
    screening: int
    treatment: tuple[int, int]
    complex: int
    follow_up: int
    unscheduled: int
    start_up: int
    overhead: str
    holdback: str
    minimum: int


PRICES = {
    "US": Price("USD", 1480, (690, 940), 2600, 615, 385, 8500, "28.5", "7.5", 500),
    "DE": Price("EUR", 785, (355, 455), 1250, 315, 225, 2250, "20", "5", 250),
    "FR": Price("EUR", 745, (335, 440), 1250, 290, 215, 2400, "18.5", "5", 250),
    "IT": Price("EUR", 715, (320, 425), 1250, 285, 205, 1950, "15", "5", 250),
    "GB": Price("GBP", 640, (310, 415), 1120, 270, 195, 1850, "22", "5", 200),
    "ES": Price("EUR", 565, (265, 335), 900, 235, 150, 1480, "25", "10", 250),
    "PL": Price("PLN", 2350, (1040, 1290), 3850, 930, 640, 5200, "12.5", "10", 1000),
    "CZ": Price("CZK", 12400, (5300, 6750), 21500, 4850, 3350, 27500, "14", "10", 5000),
    "HU": Price("HUF", 195000, (84500, 118500), 352000, 79500, 52500, 480000, "10", "10", 60000),
    "CA": Price("CAD", 1350, (585, 655), 1980, 540, 310, 6000, "26.5", "5", 400),
    "AU": Price("AUD", 1450, (640, 720), 2100, 590, 330, 5500, "30", "5", 400),
}
# One study pays more or less than the table: oncology visits take longer.
FACTOR = {"vel": 1.0, "kin": 1.32, "cor": 0.93}
# Where the institution does not sign for its money itself; in Poland the investigator is paid apart.
FOUNDATIONS = {
    "2001": "Fundación Investigación Encinar",
    "2002": "Fundación Bahía Azul",
    "2003": "Fundación Sierra Norte",
    "3001": "Fundación Alameda para la Investigación",
    "1001": "Klinikum Lindenhof gGmbH",
    "1002": "Hautzentrum Elbtal GmbH",
}
TWO_PAYEES = "PL"
# Currency -> (country of our bank, its BIC).
BANKS = {
    "EUR": ("DE", "COBADEFFXXX"),
    "PLN": ("PL", "BREXPLPWXXX"),
    "GBP": ("GB", "BARCGB22XXX"),
    "CZK": ("CZ", "KOMBCZPPXXX"),
    "HUF": ("HU", "OTPVHUHBXXX"),
    "USD": ("DE", "COBADEFFXXX"),
    "CAD": ("DE", "COBADEFFXXX"),
    "AUD": ("DE", "COBADEFFXXX"),
}
MONTHLY = ("US", "AU")
# Digits after the two check digits, by country; elsewhere an account has its own number and its bank's.
IBAN_DIGITS = {"ES": 20, "DE": 18, "PL": 24, "CZ": 20, "HU": 24}


def made_up_iban(country, number):
    """Return an account with valid check digits at a bank that does not exist."""
    body = _body(country, number)
    digits = "".join(str(int(letter, 36)) for letter in f"{body}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{body}"


def _body(country, number):
    if country == "GB":
        return f"CTMS990000{number % 10**8:08}"
    if country == "FR":
        return f"99999000{number:015}"
    if country == "IT":
        return f"X9999900000{number:012}"
    return f"{number:0>{IBAN_DIGITS[country]}}"


def account_of(country, number):
    """Return the fields of a made-up account in a country."""
    if country in ("US", "CA", "AU"):
        return {"account_number": f"{880000000 + number}", "routing_number": "099999999"}
    return {"iban": made_up_iban(country, 1_000_000 + number)}
