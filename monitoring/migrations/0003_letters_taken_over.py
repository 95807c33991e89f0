"""A letter of a time before this system may enter as sent or acknowledged."""

import pgtrigger.compiler
from django.db import migrations

from ctms.audit.operations import ReplaceTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0002_report_templates"),
    ]

    operations = [
        ReplaceTrigger(
            model_name="visitletter",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'DRAFT' THEN\n                    RAISE EXCEPTION 'A new % begins as DRAFT, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['ACKNOWLEDGED', 'SENT', 'VOIDED']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['acknowledged_on', 'filed_as_id', 'status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['acknowledged_on', 'filed_as_id', 'status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['ACKNOWLEDGED>VOIDED', 'DRAFT>SENT', 'DRAFT>VOIDED', 'SENT>ACKNOWLEDGED', 'SENT>VOIDED']::text[])\n                        \n            OR (OLD.\"status\" = 'DRAFT' AND NEW.\"status\" = ANY(ARRAY['ACKNOWLEDGED', 'SENT']::text[]) AND EXISTS (\n                SELECT 1 FROM \"monitoring_visitletterevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'DRAFT'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="db3f9ddda9f4dc1c173c162200efa8207545cb11",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_a9949",
                    table="monitoring_visitletter",
                    when="BEFORE",
                ),
            ),
        ),
    ]
