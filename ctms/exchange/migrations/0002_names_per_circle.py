"""Names of other systems are given in the unblinded circle and outside it as if the other were not there."""

import pgtrigger.compiler
from django.db import migrations, models

from ctms.audit.operations import InstallTrigger, ReplaceTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
        ("studies", "0004_ask_of_new_zones_only"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="externalidentifier",
            name="externalidentifier_once",
        ),
        migrations.AddField(
            model_name="externalidentifier",
            name="unblinded",
            field=models.BooleanField(default=False, editable=False),
        ),
        InstallTrigger(
            model_name="externalidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_its_circle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE named TEXT;",
                    func="\n        named := lower(replace(NEW.kind, '.', '_'));\n        NEW.unblinded := FALSE;\n        IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(named))\n                   AND attname = 'unblinded' AND NOT attisdropped) THEN\n            EXECUTE format('SELECT COALESCE(bool_or(unblinded), FALSE) FROM %I WHERE id = $1', named)\n                INTO NEW.unblinded USING split_part(NEW.record, '/', 2)::bigint;\n        END IF;\n        RETURN NEW;\n    ",
                    hash="dea9dc2b5d641964f2c0b81a9ea552e29b577c0e",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_keeps_its_circle_1e9c8",
                    table="exchange_externalidentifier",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="externalidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."record" IS DISTINCT FROM (NEW."record") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."system" IS DISTINCT FROM (NEW."system") OR OLD."value" IS DISTINCT FROM (NEW."value"))',
                    func='INSERT INTO "exchange_externalidentifierevent" ("id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "record", "study_id", "system", "value") VALUES (NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."record", NEW."study_id", NEW."system", NEW."value"); RETURN NULL;',
                    hash="6af9cf61f20df91dbf432695877b50b3affe4623",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e09ce",
                    table="exchange_externalidentifier",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="externalidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."record" IS DISTINCT FROM (NEW."record") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."system" IS DISTINCT FROM (NEW."system") OR OLD."value" IS DISTINCT FROM (NEW."value"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="88056cc2d369b544124ea082b25c8785ec0e4218",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_8a8df",
                    table="exchange_externalidentifier",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="externalidentifier",
            constraint=models.UniqueConstraint(
                fields=("kind", "value", "system", "study", "unblinded"),
                name="externalidentifier_once",
                nulls_distinct=False,
                violation_error_message="Another record of this study has this identifier already.",
            ),
        ),
        # The trigger fills in the circle of the names there are.
        migrations.RunSQL(
            "UPDATE exchange_externalidentifier SET kind = kind", reverse_sql=migrations.RunSQL.noop
        ),
    ]
