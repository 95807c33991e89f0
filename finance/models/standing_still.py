"""What stands still with a version of the budget although it is no direct part of it: as a Postgres trigger."""

import pgtrigger

from ctms.workflow.triggers import REFUSED


class StandsWithVersion(pgtrigger.Trigger):
    """
    Refuse to change a row while a version it belongs to is reviewed, signed or withdrawn.

    :param signed: SQL that joins the row to its versions, which it calls v
    """

    when = pgtrigger.Before

    def __init__(self, *, name, operation, signed):
        super().__init__(name=name, operation=operation)
        self.signed = signed

    def get_func(self, model):
        return f"""
            IF EXISTS ({self.signed} AND v.status IN ('INTERNAL_REVIEW', 'APPROVED', 'SUPERSEDED')) THEN
                RAISE EXCEPTION 'A % stands as the budget version with it is signed.', TG_TABLE_NAME {REFUSED};
            END IF;
            RETURN COALESCE(NEW, OLD);
        """
