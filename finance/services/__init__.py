from .budgets import (
    add_line,
    agree,
    draft_version,
    estimate_cost,
    plan_month,
    supersede_former_version,
)
from .drivers import DRIVERS, facts_for
from .earning import book_all, book_units, record_units
from .sponsor_invoices import (
    beyond_earned,
    change_line,
    draft_invoice,
    give_number,
    propose_lines,
    set_due_day,
    set_settled_day,
)
from .standing import Figures, standing_of, unbilled_of

__all__ = [
    "DRIVERS",
    "Figures",
    "add_line",
    "agree",
    "beyond_earned",
    "book_all",
    "book_units",
    "change_line",
    "draft_invoice",
    "draft_version",
    "estimate_cost",
    "facts_for",
    "give_number",
    "plan_month",
    "propose_lines",
    "record_units",
    "set_due_day",
    "set_settled_day",
    "standing_of",
    "supersede_former_version",
    "unbilled_of",
]
