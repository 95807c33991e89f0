"""Where Celery looks for its tasks; and the upkeep of the kernel below, which knows no jobs itself."""

from datetime import timedelta

from ctms.audit.seal import write_seal

from .queue import comes_round, job
from .worker import plan_due, run_job, wake_waiting

__all__ = ["plan_due", "run_job", "wake_waiting"]


@job("audit.seal", everything="the seal reads digests of history, nobody's content")
def seal(promised):
    """Seal what was remembered since the last time."""
    path = write_seal()
    return {"seal": path.name if path else None}


comes_round("audit.seal", every=timedelta(hours=1), reason="Seal of the history")
