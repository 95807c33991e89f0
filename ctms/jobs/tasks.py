"""Where Celery looks for its tasks."""

from .worker import plan_due, run_job, wake_waiting

__all__ = ["plan_due", "run_job", "wake_waiting"]
