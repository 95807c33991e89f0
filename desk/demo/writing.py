"""How a report of the demo is worded: never all Yes, and never twice the same."""

from subjects.models import Subject

from . import words

# Which questions a type of visit asks; those with a sentence of their own may be answered No.
INTERIM = (
    "consent_version", "consent_process", "source_adequate", "sdv_done", "data_entry", "adverse_events", "deviations",
    "product_storage", "product_accountability", "laboratory", "site_file", "staff", "oversight", "facilities",
)  # fmt: skip
MAY_BE_NO = {
    "IMV": INTERIM,
    "SQV": ("competing_studies",),
    "SIV": ("supplies_ready", "systems_training"),
    "COV": ("queries_closed", "archiving", "items_closed"),
    "FCV": ("source_adequate", "escalation_not_needed"),
    "CMV": ("source_adequate", "site_file"),
}
UNBLINDED = ("product_storage", "product_accountability")
MAY_WAIT = {"IMV": ("sdv_done", "laboratory", "facilities"), "CMV": ("adverse_events",)}
MAY_NOT_APPLY = {"IMV": ("eligibility",)}
OPENING = {"SQV": words.QUALIFICATION, "SIV": words.INITIATION, "COV": words.CLOSE_OUT}


def answers_of(visit_type, unblinded, dice):
    """Return the answers that are not Yes."""
    asked = UNBLINDED if unblinded else MAY_BE_NO[visit_type]
    count = 1 if len(asked) < 4 else dice.choice((1, 1, 2, 2, 3))
    found = {key: ("NO", dice.choice(words.ANSWERED_NO[key])) for key in dice.sample(asked, count)}
    for keys, value, sentences, chance in (
        (MAY_WAIT, "NOT_REVIEWED", words.NOT_REVIEWED, 0.45),
        (MAY_NOT_APPLY, "NOT_APPLICABLE", words.NOT_APPLICABLE, 0.25),
    ):
        left = [key for key in keys.get(visit_type, ()) if key not in found]
        if left and dice.random() < chance:
            key = dice.choice(left)
            found[key] = (value, dice.choice(sentences[key]))
    return found


def summary_of(visit_type, unblinded, dice, subjects=()):
    """
    Return (the summary, the numbers of the subjects it says were reviewed).

    :param subjects: numbers of those who had consented by then, the latest last
    """
    if unblinded:
        return dice.choice(words.UNBLINDED), ()
    if visit_type in OPENING:
        return dice.choice(OPENING[visit_type]), ()
    summary, most, finding = dice.choice(words.SUMMARIES), dice.randint(2, 8), dice.choice(words.FINDINGS)
    seen = tuple(subjects)[-most:]
    if len(seen) < 2:
        summary = words.SUMMARY_OF_ONE if seen else words.SUMMARY_OF_NONE
    return summary.format(seen=len(seen), finding=finding), seen


def consented_by(site, day):
    """Return the numbers of a site's subjects who had consented by a day, the latest last."""
    rows = Subject.objects.filter(site=site, consented_on__lte=day).order_by("consented_on", "number")
    return list(rows.values_list("number", flat=True))
