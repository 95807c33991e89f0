from .by_hand import ask_otherwise, create_document, expect_by_hand
from .classifying import classify_document, may_see_unblinded_anywhere, open_expectations
from .completeness import (
    completeness_in,
    completeness_of,
    grid_of,
    inbox_of,
    late_expected_of,
    returned_to,
    review_queue_of,
    standing_of,
)
from .events import EVENT_SOURCES
from .expecting import (
    bring_expectations,
    fulfil_by_reference,
    match_expectations,
    missing_for_activation,
    tmf_is_here,
    tmf_place_of,
)
from .filing import artifact_in_use, file_document, show_to_sponsor, withdraw_from_sponsor
from .reading import read_words, words_note
from .reference import load_reference_model, retire_former_model
from .reviewing import (
    brought_by,
    claim_review,
    number_approved,
    raise_issue,
    release_review,
    return_document,
    settle_issue,
    settle_issues,
    supersede_former,
)
from .taking_over import Paper, file_documents, fulfil_all_by_reference
from .uploading import (
    LARGEST_BYTES,
    UploadRefused,
    begin_new_version,
    replace_content,
    upload_document,
    upload_documents,
)

__all__ = [
    "EVENT_SOURCES",
    "LARGEST_BYTES",
    "Paper",
    "UploadRefused",
    "artifact_in_use",
    "ask_otherwise",
    "begin_new_version",
    "bring_expectations",
    "brought_by",
    "claim_review",
    "classify_document",
    "completeness_in",
    "completeness_of",
    "create_document",
    "expect_by_hand",
    "file_document",
    "file_documents",
    "fulfil_all_by_reference",
    "fulfil_by_reference",
    "grid_of",
    "inbox_of",
    "late_expected_of",
    "load_reference_model",
    "match_expectations",
    "may_see_unblinded_anywhere",
    "missing_for_activation",
    "number_approved",
    "open_expectations",
    "raise_issue",
    "read_words",
    "release_review",
    "replace_content",
    "retire_former_model",
    "return_document",
    "returned_to",
    "review_queue_of",
    "settle_issue",
    "settle_issues",
    "show_to_sponsor",
    "standing_of",
    "supersede_former",
    "tmf_is_here",
    "tmf_place_of",
    "upload_document",
    "upload_documents",
    "withdraw_from_sponsor",
    "words_note",
]
