"""The second wall: what a workflow declares, as Postgres triggers."""

import pgtrigger

from ctms.audit.trail import AUDITED

REFUSED = "USING ERRCODE = 'integrity_constraint_violation'"


def _array(values):
    return "ARRAY[" + ", ".join(f"'{value}'" for value in sorted(values)) + "]::text[]"


class StatusMoves(pgtrigger.Trigger):
    """New rows begin in the first state, move as declared, and stand still when frozen."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, name, workflow):
        super().__init__(name=name)
        self.workflow = workflow

    def get_func(self, model):
        flow = self.workflow
        status = model._meta.get_field(flow.field).column
        moves = {f"{s}>{t.leads_to(s)}" for t in flow.transitions().values() for s in t.sources}
        return f"""
            IF TG_OP = 'INSERT' THEN
                IF NEW."{status}" <> '{flow.first}' THEN
                    RAISE EXCEPTION 'A new % begins as {flow.first}, not %.',
                        TG_TABLE_NAME, NEW."{status}" {REFUSED};
                END IF;
                RETURN NEW;
            END IF;
            {self._frozen(model, status)}
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF NEW."{status}" IS DISTINCT FROM OLD."{status}" THEN
                IF NOT (OLD."{status}" || '>' || NEW."{status}" = ANY({_array(moves)})
                        {self._adopting(model, status)}) THEN
                    RAISE EXCEPTION '% cannot move from % to %.',
                        TG_TABLE_NAME, OLD."{status}", NEW."{status}" {REFUSED};
                END IF;
            {self._reason(status)}
            END IF;
            RETURN NEW;
        """

    def _frozen(self, model, status):
        """Content in a frozen state changes in nothing but its state, version and what is declared still open."""
        if not self.workflow.frozen:
            return ""
        still_open = {status, *(model._meta.get_field(name).column for name in self.workflow.still_open)}
        if any(f.name == "version" for f in model._meta.local_fields):
            still_open.add("version")
        return f"""
            IF OLD."{status}" = ANY({_array(self.workflow.frozen)}) THEN
                IF TG_OP = 'DELETE' THEN
                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD."{status}" {REFUSED};
                ELSIF to_jsonb(NEW) - {_array(still_open)} IS DISTINCT FROM to_jsonb(OLD) - {_array(still_open)} THEN
                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD."{status}" {REFUSED};
                END IF;
            END IF;
        """

    def _adopting(self, model, status):
        """Adoption is for rows born in this very transaction, which the history proves and nobody can forge."""
        adopt = self.workflow.adopt
        if adopt is None:
            return ""
        events = AUDITED[model._meta.label].event_model._meta.db_table
        return f"""
            OR (OLD."{status}" = '{self.workflow.first}' AND NEW."{status}" = ANY({_array(adopt.to)}) AND EXISTS (
                SELECT 1 FROM "{events}" WHERE pgh_obj_id = NEW."{model._meta.pk.column}" AND pgh_label = 'insert'
                AND pgh_transaction = pg_current_xact_id()::text::bigint))
        """

    def _reason(self, status):
        """An edit of a record that has left its first state says why (ICH E6(R3) 4.2.2(a)(ii))."""
        return f"""
            ELSIF OLD."{status}" <> '{self.workflow.first}'
                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'
                AND COALESCE(
                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''
                AND current_user <> 'ctms_owner' THEN
                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD."{status}" {REFUSED};
        """


class FrozenWith(pgtrigger.Trigger):
    """A part stands still with the record it belongs to."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, name, parent):
        super().__init__(name=name)
        self.parent = parent

    def get_func(self, model):
        from .declare import flows_of

        key = model._meta.get_field(self.parent)
        owner = key.related_model
        checks = "".join(
            f"""
            IF EXISTS (SELECT 1 FROM "{owner._meta.db_table}" WHERE "{owner._meta.pk.column}" IN (
                CASE WHEN TG_OP <> 'INSERT' THEN OLD."{key.column}" END,
                CASE WHEN TG_OP <> 'DELETE' THEN NEW."{key.column}" END)
                AND "{owner._meta.get_field(flow.field).column}" = ANY({_array(flow.frozen)})) THEN
                RAISE EXCEPTION '% belongs to a record that no longer changes.', TG_TABLE_NAME {REFUSED};
            END IF;
            """
            for flow in flows_of(owner)
            if flow.frozen
        )
        return f"{checks} RETURN COALESCE(NEW, OLD);"


def frozen_with(parent):
    """Class decorator: rows of this model stop changing when the record their `parent` key names is frozen."""

    def freeze(model):
        model.frozen_with = parent
        pgtrigger.register(FrozenWith(name="c_frozen_with", parent=parent))(model)
        return model

    return freeze
