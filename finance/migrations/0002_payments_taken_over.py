"""What was paid before this system may enter as paid: payables, remittances and their runs."""

import pgtrigger.compiler
from django.db import migrations

from ctms.audit.operations import ReplaceTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("finance", "0001_initial"),
    ]

    operations = [
        ReplaceTrigger(
            model_name="payable",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'ACCRUED' THEN\n                    RAISE EXCEPTION 'A new % begins as ACCRUED, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['APPROVED', 'PAID', 'VOIDED']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['ACCRUED>ELIGIBLE', 'ACCRUED>ON_HOLD', 'ACCRUED>VOIDED', 'APPROVED>PAID', 'ELIGIBLE>ACCRUED', 'ELIGIBLE>APPROVED', 'ELIGIBLE>ON_HOLD', 'ELIGIBLE>VOIDED', 'ON_HOLD>ACCRUED', 'ON_HOLD>ELIGIBLE', 'ON_HOLD>VOIDED']::text[])\n                        \n            OR (OLD.\"status\" = 'ACCRUED' AND NEW.\"status\" = ANY(ARRAY['PAID']::text[]) AND EXISTS (\n                SELECT 1 FROM \"finance_payableevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'ACCRUED'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="9eb1a56afc689ca5126236f861dcabb2a85d0445",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_cb5bd",
                    table="finance_payable",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="paymentrun",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'DRAFT' THEN\n                    RAISE EXCEPTION 'A new % begins as DRAFT, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['APPROVED', 'CANCELLED', 'EXPORTED', 'PAID']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['csv_file_id', 'exported_by_id', 'exported_on', 'status', 'version', 'xml_file_id']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['csv_file_id', 'exported_by_id', 'exported_on', 'status', 'version', 'xml_file_id']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['APPROVED>EXPORTED', 'DRAFT>CANCELLED', 'DRAFT>IN_REVIEW', 'EXPORTED>PAID', 'IN_REVIEW>APPROVED', 'IN_REVIEW>DRAFT']::text[])\n                        \n            OR (OLD.\"status\" = 'DRAFT' AND NEW.\"status\" = ANY(ARRAY['APPROVED', 'EXPORTED', 'PAID']::text[]) AND EXISTS (\n                SELECT 1 FROM \"finance_paymentrunevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'DRAFT'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="64cc583b1f03b7675ddeb890a4f7f1b459091afc",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_2452f",
                    table="finance_paymentrun",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="remittance",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'TO_PAY' THEN\n                    RAISE EXCEPTION 'A new % begins as TO_PAY, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['PAID']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['letter_id', 'status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['letter_id', 'status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['TO_PAY>PAID']::text[])\n                        \n            OR (OLD.\"status\" = 'TO_PAY' AND NEW.\"status\" = ANY(ARRAY['PAID']::text[]) AND EXISTS (\n                SELECT 1 FROM \"finance_remittanceevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'TO_PAY'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="3b44480a3fb9a9f99bfc98400e8b4b276ecfb350",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_ca79b",
                    table="finance_remittance",
                    when="BEFORE",
                ),
            ),
        ),
    ]
