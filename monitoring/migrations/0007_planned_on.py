"""The day a visit was planned is kept; what a signature or a sending froze is called by what it is."""

import pgtrigger.compiler
from django.db import migrations, models

from ctms.audit.operations import ReplaceTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0006_questions_named_and_commented"),
    ]

    operations = [
        migrations.AddField(
            model_name="monitoringvisit",
            name="planned_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="planned on"),
        ),
        migrations.AddField(
            model_name="monitoringvisitevent",
            name="planned_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="planned on"),
        ),
        migrations.AlterField(
            model_name="monitoringreport",
            name="snapshot",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="content as signed"),
        ),
        migrations.AlterField(
            model_name="monitoringreportevent",
            name="snapshot",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="content as signed"),
        ),
        migrations.AlterField(
            model_name="visitletter",
            name="snapshot",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="content as sent"),
        ),
        migrations.AlterField(
            model_name="visitletterevent",
            name="snapshot",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="content as sent"),
        ),
        ReplaceTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_its_identity",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."visit_type" IS DISTINCT FROM (NEW."visit_type") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."planned_on" IS DISTINCT FROM (NEW."planned_on"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="489ca3a57965d2aebf18e2b77b1eb8217a4af788",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_its_identity_1a1eb",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_monitoringvisitevent" ("actual_end_on", "actual_start_on", "country_id", "id", "method", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end_on", "planned_on", "planned_start_on", "purpose", "site_id", "status", "study_id", "unblinded", "visit_type") VALUES (NEW."actual_end_on", NEW."actual_start_on", NEW."country_id", NEW."id", NEW."method", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."planned_end_on", NEW."planned_on", NEW."planned_start_on", NEW."purpose", NEW."site_id", NEW."status", NEW."study_id", NEW."unblinded", NEW."visit_type"); RETURN NULL;',
                    hash="2377c5f4d99e4a104740d6c3dc5763caed154463",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_78ca4",
                    table="monitoring_monitoringvisit",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."actual_end_on" IS DISTINCT FROM (NEW."actual_end_on") OR OLD."actual_start_on" IS DISTINCT FROM (NEW."actual_start_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."planned_end_on" IS DISTINCT FROM (NEW."planned_end_on") OR OLD."planned_on" IS DISTINCT FROM (NEW."planned_on") OR OLD."planned_start_on" IS DISTINCT FROM (NEW."planned_start_on") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."visit_type" IS DISTINCT FROM (NEW."visit_type"))',
                    func='INSERT INTO "monitoring_monitoringvisitevent" ("actual_end_on", "actual_start_on", "country_id", "id", "method", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end_on", "planned_on", "planned_start_on", "purpose", "site_id", "status", "study_id", "unblinded", "visit_type") VALUES (NEW."actual_end_on", NEW."actual_start_on", NEW."country_id", NEW."id", NEW."method", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."planned_end_on", NEW."planned_on", NEW."planned_start_on", NEW."purpose", NEW."site_id", NEW."status", NEW."study_id", NEW."unblinded", NEW."visit_type"); RETURN NULL;',
                    hash="99a5490b6650665dcdd4922d02da123c5b655b58",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b41bc",
                    table="monitoring_monitoringvisit",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_monitoringvisitevent" ("actual_end_on", "actual_start_on", "country_id", "id", "method", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end_on", "planned_on", "planned_start_on", "purpose", "site_id", "status", "study_id", "unblinded", "visit_type") VALUES (OLD."actual_end_on", OLD."actual_start_on", OLD."country_id", OLD."id", OLD."method", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."planned_end_on", OLD."planned_on", OLD."planned_start_on", OLD."purpose", OLD."site_id", OLD."status", OLD."study_id", OLD."unblinded", OLD."visit_type"); RETURN NULL;',
                    hash="cc98b3ed44e0584205e2efb750c202962b2a5247",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a5a73",
                    table="monitoring_monitoringvisit",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."actual_end_on" IS DISTINCT FROM (NEW."actual_end_on") OR OLD."actual_start_on" IS DISTINCT FROM (NEW."actual_start_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."planned_end_on" IS DISTINCT FROM (NEW."planned_end_on") OR OLD."planned_on" IS DISTINCT FROM (NEW."planned_on") OR OLD."planned_start_on" IS DISTINCT FROM (NEW."planned_start_on") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."visit_type" IS DISTINCT FROM (NEW."visit_type"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="b140dc9dec57cf79188c0a636b45cb675adf651a",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_ccad5",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
    ]
