"""Country names as registries and exporters spell them -> ISO 3166-1 alpha-2."""

from __future__ import annotations

import unicodedata
from functools import cache

import pycountry

# Spellings that pycountry does not know. Left side: as `_plain` writes them.
_ALPHA_2_BY_SPELLING = {
    "bolivia": "BO",
    "bosnia": "BA",
    "bosnia herzegovina": "BA",
    "brunei": "BN",
    "burma": "MM",
    "cape verde": "CV",
    "congo": "CG",
    "congo brazzaville": "CG",
    "congo kinshasa": "CD",
    "congo, democratic republic of the": "CD",
    "congo, the democratic republic of the": "CD",
    "democratic republic of congo": "CD",
    "democratic republic of the congo": "CD",
    "republic of congo": "CG",
    "republic of the congo": "CG",
    "cote d'ivoire": "CI",
    "czech republic": "CZ",
    "east timor": "TL",
    "england": "GB",
    "falkland islands (malvinas)": "FK",
    "great britain": "GB",
    "holy see (vatican city state)": "VA",
    "hong kong sar": "HK",
    "iran": "IR",
    "iran (islamic republic of)": "IR",
    "iran, islamic republic of": "IR",
    "ivory coast": "CI",
    "jersey": "JE",
    "korea, democratic people's republic of": "KP",
    "korea, republic of": "KR",
    "kosovo": "XK",
    "lao people's democratic republic": "LA",
    "laos": "LA",
    "libya": "LY",
    "libyan arab jamahiriya": "LY",
    "macau": "MO",
    "macedonia": "MK",
    "macedonia, the former yugoslav republic of": "MK",
    "micronesia": "FM",
    "moldova": "MD",
    "moldova, republic of": "MD",
    "north korea": "KP",
    "north macedonia": "MK",
    "northern ireland": "GB",
    "palestine": "PS",
    "palestinian territories, occupied": "PS",
    "palestinian territory": "PS",
    "palestinian territory, occupied": "PS",
    "republic of korea": "KR",
    "republic of moldova": "MD",
    "reunion": "RE",
    "russia": "RU",
    "scotland": "GB",
    "south korea": "KR",
    "swaziland": "SZ",
    "syria": "SY",
    "taiwan": "TW",
    "taiwan, province of china": "TW",
    "tanzania": "TZ",
    "tanzania, united republic of": "TZ",
    "the bahamas": "BS",
    "the gambia": "GM",
    "the netherlands": "NL",
    "turkey": "TR",
    "turkey (turkiye)": "TR",
    "turkiye": "TR",
    "uk": "GB",
    "united states of america": "US",
    "united states (us)": "US",
    "u.s.a.": "US",
    "usa": "US",
    "vatican": "VA",
    "venezuela": "VE",
    "viet nam": "VN",
    "vietnam": "VN",
    "virgin islands (u.s.)": "VI",
    "wales": "GB",
}

# ISO 3166-1 leaves XK to users; everybody who runs trials there uses it.
_USER_ASSIGNED = {"XK": "Kosovo"}


def alpha_2_of(spelling: str) -> str | None:
    """The code of a country written as a name, an alpha-2, an alpha-3 or a numeric code.

    None for what is no country of today ("Former Serbia and Montenegro"), is two ("Korea") or
    unknown: the caller lists it. No fuzzy search: "Niger" must not become Nigeria.
    """
    return _codes().get(_plain(spelling))


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {code.casefold(): code for code in _USER_ASSIGNED}
    for country in pycountry.countries:
        spellings = [country.name, country.alpha_2, country.alpha_3, country.numeric]
        spellings += [getattr(country, "official_name", ""), getattr(country, "common_name", "")]
        for spelling in filter(None, spellings):
            codes[_plain(spelling)] = country.alpha_2
    return codes | _ALPHA_2_BY_SPELLING


def _plain(spelling: str) -> str:
    """Without case, accents, curly quotation marks and doubled blanks."""
    straight = spelling.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("`", "'")
    letters = unicodedata.normalize("NFKD", straight)
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())
