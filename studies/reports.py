"""How a report names the study it is of, and the country or site of it: as they were called then."""

from ctms.reports.declare import NAMES_OF_PLACES

from .services.recorded import spine_of


def names_of(cut):
    """Return the protocol number, the short name, and what the country or site is called, "" for the whole study."""
    spine = spine_of(cut)
    below = spine.sites.get(cut.site) if cut.site else spine.countries.get(cut.country)
    return {
        "study": spine.study.protocol_number,
        "short_name": spine.study.short_name,
        "place": str(below) if below else "",
    }


NAMES_OF_PLACES.append(names_of)
