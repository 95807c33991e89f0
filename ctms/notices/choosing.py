"""How each person is told: their choices, and what no choice takes away."""

from .kinds import is_duty
from .models import How, Notice, NoticeChoice


def how_told(user, kind, *, duty=False):
    """Return How a person is told of a kind now; a duty is told even where its kind was muted."""
    chosen = NoticeChoice.objects.filter(user=user, kind=kind).values_list("how", flat=True).first()
    how = How(chosen) if chosen else How.AT_ONCE
    if how is How.MUTED and (duty or is_duty(kind)):
        return How.IN_PRODUCT
    return how


def hows_for(kind):
    """Return the ways a person may choose for a kind."""
    return [how for how in How if how is not How.MUTED or not is_duty(kind)]


def choices_of(user):
    """Return {kind: How} of what a person has chosen."""
    return {one.kind: How(one.how) for one in NoticeChoice.objects.filter(user=user)}


def choose(*, user, chosen):
    """
    Keep how a person wants to be told; who wants no mail of a kind gets none of what waits for the morning either.

    :param chosen: {kind: How}
    :raises ValueError: a duty cannot be muted
    """
    for kind, how in chosen.items():
        if how not in hows_for(kind):
            raise ValueError(f"{kind} is a duty and cannot be muted.")
    for kind, how in chosen.items():
        NoticeChoice.objects.update_or_create(user=user, kind=kind, defaults={"how": how})
        if how in (How.IN_PRODUCT, How.MUTED):
            waiting = Notice.objects.filter(user=user, kind=kind, how=How.DAILY, mailed_at=None)
            waiting.update(how=How.IN_PRODUCT)
