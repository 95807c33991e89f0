"""The three studies of the portfolio, as plain tables."""

from .cor import COR
from .kin import KIN
from .vel import VEL

PLANS = (VEL, KIN, COR)

__all__ = ["COR", "KIN", "PLANS", "VEL"]
