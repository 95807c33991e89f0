from .findings import (
    clear_closing_day,
    keep_closing_day,
    keep_resolution,
    raise_action_item,
    raise_deviation,
)
from .letters import (
    contents_of_letter,
    note_acknowledgement,
    record_sending,
    why_no_letter,
    write_letter,
)
from .recorded import VisitOnRecord, visits_on_record
from .reports import (
    carried_items,
    contents_of,
    freeze_content,
    may_write,
    note_approval,
    open_report,
    questions_of,
    save_answer,
    save_summary,
    show_to_sponsor,
    thaw_content,
)
from .taking_over import (
    keep_taken_over_papers,
    take_over_approval,
    take_over_letter,
    take_over_report,
    take_over_visit,
)
from .templates import supersede_former_template
from .terms import letter_terms, letter_terms_of, report_terms, sent_days, terms_of
from .visits import change_monitors, conduct_visit, plan_visit, set_actual_days

__all__ = [
    "VisitOnRecord",
    "carried_items",
    "change_monitors",
    "clear_closing_day",
    "conduct_visit",
    "contents_of",
    "contents_of_letter",
    "freeze_content",
    "keep_closing_day",
    "keep_resolution",
    "keep_taken_over_papers",
    "letter_terms",
    "letter_terms_of",
    "may_write",
    "note_acknowledgement",
    "note_approval",
    "open_report",
    "plan_visit",
    "questions_of",
    "raise_action_item",
    "raise_deviation",
    "record_sending",
    "report_terms",
    "save_answer",
    "save_summary",
    "sent_days",
    "set_actual_days",
    "show_to_sponsor",
    "supersede_former_template",
    "take_over_approval",
    "take_over_letter",
    "take_over_report",
    "take_over_visit",
    "terms_of",
    "thaw_content",
    "visits_on_record",
    "why_no_letter",
    "write_letter",
]
