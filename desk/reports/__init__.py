"""The reports that look into every room: a study's week, its sites, what is overdue."""

from . import overdue, site_tracker, study_status

__all__ = ["overdue", "site_tracker", "study_status"]
