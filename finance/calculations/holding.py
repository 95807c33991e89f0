"""Which of the things that happened are within what the agreement pays for: caps, and the ratio of screen failures."""

from .rating import allowed_by_ratio


def limit_of(cap, ratio_paid, ratio_per, entered):
    """Return (how many are paid, whether the ratio sets the limit); None = all."""
    by_ratio = None if ratio_per is None else allowed_by_ratio(ratio_paid, ratio_per, entered)
    if by_ratio is not None and (cap is None or by_ratio < cap):
        return by_ratio, True
    return cap, False


def beyond(limit, used, waiting):
    """
    Return those of `waiting`, in their order, that are beyond the limit.

    :param used: how many were paid before; they keep their place
    """
    if limit is None:
        return []
    return list(waiting)[max(0, limit - used) :]
