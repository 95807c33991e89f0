"""Texts of USDM files without their mark-up."""

from __future__ import annotations

import html
import re

# Only tags that USDM texts really use: "p <q> r" in a title is no mark-up.
_TAG = re.compile(
    r"</?(?:p|br|div|span|ul|ol|li|b|i|u|em|strong|sup|sub|a|h[1-6]|table|thead|tbody|tr|td|th|colgroup|col|img)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# <usdm:tag name="min_age"/> stands for a value kept elsewhere; its name is all a reader gets here.
_PLACEHOLDER = re.compile(
    r"<usdm:(?:tag|ref)\b[^<>]*?(?:name|attribute)=\"([^\"<>]*)\"[^<>]*>(?:</usdm:\w+>)?"
)


def plain(text: str | None) -> str | None:
    """Text without HTML; a placeholder of the template keeps its name in square brackets."""
    if text is None or "<" not in text:
        return text
    named = _PLACEHOLDER.sub(r"[\1]", text)
    bare = html.unescape(_TAG.sub(" ", named)) if _TAG.search(named) else named
    return " ".join(bare.split()) or None
