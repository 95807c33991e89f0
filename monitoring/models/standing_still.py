"""What stands still from a signature on, although its own life cycle does not freeze it: as Postgres triggers."""

import pgtrigger

from ctms.workflow.triggers import REFUSED


class StandsStillWithReport(pgtrigger.Trigger):
    """
    Refuse to change a row while its report is signed by its author or approved (21 CFR 11.70).

    :param report: SQL that finds the report from the row OLD
    """

    when = pgtrigger.Before

    def __init__(self, *, name, operation, report, condition=None):
        super().__init__(name=name, operation=operation, condition=condition)
        self.report = report

    def get_func(self, model):
        # The table by name: the report's model stands above the visit's.
        return f"""
            IF EXISTS (SELECT 1 FROM monitoring_monitoringreport WHERE {self.report} AND status <> 'DRAFT') THEN
                RAISE EXCEPTION 'A % stands as the report on it is signed.', TG_TABLE_NAME {REFUSED};
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """


class WasThere(pgtrigger.Trigger):
    """Refuse to name other monitors once the visit took place: nobody approves a report by leaving its visit."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model):
        return f"""
            IF EXISTS (SELECT 1 FROM monitoring_monitoringvisit WHERE status = 'CONDUCTED' AND id IN (
                CASE WHEN TG_OP <> 'INSERT' THEN OLD.visit_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.visit_id END)) THEN
                RAISE EXCEPTION 'The visit took place; its monitors are who was there.' {REFUSED};
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """  # noqa: E501 - made of declarations, never of input
