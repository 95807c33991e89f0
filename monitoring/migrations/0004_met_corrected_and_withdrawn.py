"""Who was met stands in a report; days are corrected; a deviation raised by mistake is withdrawn."""

import pgtrigger.compiler
from django.db import migrations, models

from ctms.audit.operations import ReplaceTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0003_letters_taken_over"),
        ("sites", "0001_initial"),
        ("studies", "0002_head_of_operations"),
    ]

    operations = [
        migrations.AddField(
            model_name="monitoringreport",
            name="people_met",
            field=models.TextField(
                blank=True,
                help_text="Who was met or contacted at the site: one a line, with the role.",
                verbose_name="people met",
            ),
        ),
        migrations.AddField(
            model_name="monitoringreport",
            name="subjects_reviewed",
            field=models.TextField(blank=True, help_text="Numbers, one a line."),
        ),
        migrations.AddField(
            model_name="monitoringreportevent",
            name="people_met",
            field=models.TextField(
                blank=True,
                help_text="Who was met or contacted at the site: one a line, with the role.",
                verbose_name="people met",
            ),
        ),
        migrations.AddField(
            model_name="monitoringreportevent",
            name="subjects_reviewed",
            field=models.TextField(blank=True, help_text="Numbers, one a line."),
        ),
        migrations.AlterField(
            model_name="deviation",
            name="status",
            field=models.CharField(
                choices=[
                    ("NEW", "New"),
                    ("UNDER_REVIEW", "Under review"),
                    ("CONFIRMED", "Confirmed"),
                    ("NOT_A_DEVIATION", "Not a deviation"),
                    ("CLOSED", "Closed"),
                    ("WITHDRAWN", "Withdrawn"),
                ],
                default="NEW",
                editable=False,
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="deviationevent",
            name="status",
            field=models.CharField(
                choices=[
                    ("NEW", "New"),
                    ("UNDER_REVIEW", "Under review"),
                    ("CONFIRMED", "Confirmed"),
                    ("NOT_A_DEVIATION", "Not a deviation"),
                    ("CLOSED", "Closed"),
                    ("WITHDRAWN", "Withdrawn"),
                ],
                default="NEW",
                editable=False,
                max_length=20,
            ),
        ),
        ReplaceTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="d_names_a_subject_of_its_site",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.subject_number = '' OR (TG_OP = 'UPDATE' AND NEW.subject_number = OLD.subject_number) THEN\n                RETURN NEW;\n            END IF;\n            IF EXISTS (SELECT 1 FROM subjects_subject WHERE study_id = NEW.study_id) AND NOT EXISTS (\n                SELECT 1 FROM subjects_subject AS one WHERE one.study_id = NEW.study_id\n                AND one.number = NEW.subject_number AND (one.site_id = NEW.site_id OR EXISTS (\n                    SELECT 1 FROM subjects_subjecttransfer WHERE subject_id = one.id AND from_site_id = NEW.site_id))) THEN\n                RAISE EXCEPTION 'A deviation names a subject of its own site.'\n                    USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="77aedcababd098eb0d71ac6a161a31471b73c0d5",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_d_names_a_subject_of_its_site_cbcfe",
                    table="monitoring_deviation",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'NEW' THEN\n                    RAISE EXCEPTION 'A new % begins as NEW, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['CLOSED', 'WITHDRAWN']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['CONFIRMED>CLOSED', 'NEW>UNDER_REVIEW', 'NEW>WITHDRAWN', 'UNDER_REVIEW>CONFIRMED', 'UNDER_REVIEW>NOT_A_DEVIATION']::text[])\n                        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'NEW'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="de65230aef4871262e554d3d777a72908153c90f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_4f6b3",
                    table="monitoring_deviation",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="stands_in_review",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."status" = \'IN_REVIEW\' AND NOT (NEW."status" = \'DRAFT\') AND (OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."people_met" IS DISTINCT FROM (NEW."people_met") OR OLD."subjects_reviewed" IS DISTINCT FROM (NEW."subjects_reviewed") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") OR OLD."submitted_on" IS DISTINCT FROM (NEW."submitted_on")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="70f1c89ebe3f668f405b138804c39cd1408981a6",
                    operation="UPDATE",
                    pgid="pgtrigger_stands_in_review_ee2e1",
                    table="monitoring_monitoringreport",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_monitoringreportevent" ("approved_on", "country_id", "filed_as_id", "id", "people_met", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "site_id", "snapshot", "status", "study_id", "subjects_reviewed", "submitted_on", "summary", "template_id", "unblinded", "visit_id") VALUES (NEW."approved_on", NEW."country_id", NEW."filed_as_id", NEW."id", NEW."people_met", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."published", NEW."site_id", NEW."snapshot", NEW."status", NEW."study_id", NEW."subjects_reviewed", NEW."submitted_on", NEW."summary", NEW."template_id", NEW."unblinded", NEW."visit_id"); RETURN NULL;',
                    hash="6a9f9fc6ff86bf2905d73f56cbbf482084f48920",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d39d6",
                    table="monitoring_monitoringreport",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."approved_on" IS DISTINCT FROM (NEW."approved_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."filed_as_id" IS DISTINCT FROM (NEW."filed_as_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."people_met" IS DISTINCT FROM (NEW."people_met") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."subjects_reviewed" IS DISTINCT FROM (NEW."subjects_reviewed") OR OLD."submitted_on" IS DISTINCT FROM (NEW."submitted_on") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."visit_id" IS DISTINCT FROM (NEW."visit_id"))',
                    func='INSERT INTO "monitoring_monitoringreportevent" ("approved_on", "country_id", "filed_as_id", "id", "people_met", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "site_id", "snapshot", "status", "study_id", "subjects_reviewed", "submitted_on", "summary", "template_id", "unblinded", "visit_id") VALUES (NEW."approved_on", NEW."country_id", NEW."filed_as_id", NEW."id", NEW."people_met", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."published", NEW."site_id", NEW."snapshot", NEW."status", NEW."study_id", NEW."subjects_reviewed", NEW."submitted_on", NEW."summary", NEW."template_id", NEW."unblinded", NEW."visit_id"); RETURN NULL;',
                    hash="58ec06a1260da23addbff7d2820853af1672766b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a1530",
                    table="monitoring_monitoringreport",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_monitoringreportevent" ("approved_on", "country_id", "filed_as_id", "id", "people_met", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "site_id", "snapshot", "status", "study_id", "subjects_reviewed", "submitted_on", "summary", "template_id", "unblinded", "visit_id") VALUES (OLD."approved_on", OLD."country_id", OLD."filed_as_id", OLD."id", OLD."people_met", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."published", OLD."site_id", OLD."snapshot", OLD."status", OLD."study_id", OLD."subjects_reviewed", OLD."submitted_on", OLD."summary", OLD."template_id", OLD."unblinded", OLD."visit_id"); RETURN NULL;',
                    hash="3607144d48e09d453463566df88785e5a6bbbafb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e8731",
                    table="monitoring_monitoringreport",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."approved_on" IS DISTINCT FROM (NEW."approved_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."filed_as_id" IS DISTINCT FROM (NEW."filed_as_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."people_met" IS DISTINCT FROM (NEW."people_met") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."subjects_reviewed" IS DISTINCT FROM (NEW."subjects_reviewed") OR OLD."submitted_on" IS DISTINCT FROM (NEW."submitted_on") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."visit_id" IS DISTINCT FROM (NEW."visit_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="6003bddd60c1311fe9daad19d179907070dedfad",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_d0daf",
                    table="monitoring_monitoringreport",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'PROPOSED' THEN\n                    RAISE EXCEPTION 'A new % begins as PROPOSED, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['CANCELLED>PLANNED', 'CONDUCTED>CONDUCTED', 'CONFIRMED>CANCELLED', 'CONFIRMED>CONDUCTED', 'PLANNED>CANCELLED', 'PLANNED>CONDUCTED', 'PLANNED>CONFIRMED', 'PROPOSED>CANCELLED', 'PROPOSED>PLANNED']::text[])\n                        \n            OR (OLD.\"status\" = 'PROPOSED' AND NEW.\"status\" = ANY(ARRAY['CANCELLED', 'CONDUCTED']::text[]) AND EXISTS (\n                SELECT 1 FROM \"monitoring_monitoringvisitevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'PROPOSED'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="40fbf9a7a038cd46d38701fcc3c9318d23bedbab",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_5c2e0",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="actionitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", True), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                ),
                name="actionitem_closed_after_opening",
                violation_error_message="It cannot have been closed before it was opened.",
            ),
        ),
    ]
