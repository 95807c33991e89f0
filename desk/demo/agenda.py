"""What the monitors have before them and behind them today: the visits of the coming weeks and of the last ones."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ahead:
    """A visit that is planned; `letter` says how far its confirmation is."""

    site: str
    visit_type: str
    in_days: int
    confirmed: bool = False
    letter: str = "SENT"
    method: str = "ON_SITE"
    length: int = 1


@dataclass(frozen=True)
class Recent:
    """A visit of the last weeks and how far its report is; `follow_up` says whether the letter went out."""

    site: str
    visit_type: str
    days_ago: int
    report: str
    follow_up: bool = True
    unblinded: bool = False
    length: int = 1


AHEAD = (
    Ahead("2003", "IMV", 8, confirmed=True),
    Ahead("6003", "IMV", 9, letter=""),
    Ahead("5001", "IMV", 10, confirmed=True, length=2),
    Ahead("6001", "IMV", 12, confirmed=True),
    Ahead("7001", "IMV", 15, confirmed=True),
    Ahead("3101", "IMV", 16),
    Ahead("1001", "IMV", 17, length=2),
    Ahead("5102", "COV", 18),
    Ahead("3002", "SQV", 20, letter=""),
    Ahead("5202", "COV", 22),
    Ahead("4001", "IMV", 25, method="REMOTE"),
    Ahead("3001", "SIV", 27, letter="DRAFT"),
    Ahead("2001", "IMV", 30, length=2),
    Ahead("5004", "COV", 33),
)
RECENT = (
    # Conducted and not a word written; the first is late.
    Recent("4001", "IMV", 16, "UNWRITTEN", follow_up=False),
    Recent("6002", "IMV", 3, "UNWRITTEN", follow_up=False),
    Recent("5101", "IMV", 2, "UNWRITTEN", follow_up=False),
    # Being written; the second is overdue by three working days.
    Recent("2002", "IMV", 5, "DRAFT"),
    Recent("1003", "IMV", 15, "DRAFT"),
    Recent("7002", "IMV", 6, "DRAFT"),
    Recent("5201", "IMV", 7, "DRAFT", length=2),
    # Signed by their authors; the last came back once and was signed again.
    Recent("2003", "IMV", 10, "IN_REVIEW"),
    Recent("1002", "FCV", 8, "IN_REVIEW"),
    Recent("3301", "IMV", 9, "IN_REVIEW"),
    Recent("5003", "IMV", 13, "SECOND_VERSION"),
    # Returned with five comments.
    Recent("2001", "IMV", 11, "RETURNED"),
    # Nobody blinded knows of these.
    Recent("2002", "IMV", 4, "UNWRITTEN", follow_up=False, unblinded=True),
    Recent("1001", "IMV", 7, "IN_REVIEW", unblinded=True),
)
CANCELLED = (
    # site, type, days from today, who, why
    ("1002", "IMV", 5, "cra2", "The investigator is ill; a new date follows"),
    ("6003", "IMV", -6, "cra4", "Snow closed the airport; the site is seen two weeks later"),
    ("5301", "IMV", -3, "cra4", "The hospital admitted no visitors because of an infection on the ward"),
)
