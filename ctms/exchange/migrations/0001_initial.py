import ctms.audit.trail
import ctms.exchange.models
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import pghistory.utils
import pgtrigger.compiler
import ctms.audit.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("studies", "0002_roles"),
        ("workflow", "0002_read_by_transaction"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Horizon",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reader", models.CharField(max_length=60, unique=True)),
                ("transaction", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ExternalIdentifier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("system", models.CharField(help_text="such as edc or erp", max_length=60)),
                ("kind", models.CharField(help_text="the label of the record's model", max_length=100)),
                ("value", models.CharField(max_length=200)),
                (
                    "record",
                    models.CharField(help_text="label and id, e.g. studies.StudySite/12", max_length=100),
                ),
                (
                    "study",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.study",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExternalIdentifierEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_transaction",
                    models.BigIntegerField(db_default=ctms.audit.trail.CurrentTransaction(), editable=False),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("system", models.CharField(help_text="such as edc or erp", max_length=60)),
                ("kind", models.CharField(help_text="the label of the record's model", max_length=100)),
                ("value", models.CharField(max_length=200)),
                (
                    "record",
                    models.CharField(help_text="label and id, e.g. studies.StudySite/12", max_length=100),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="exchange.externalidentifier",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.study",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="IdempotentAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                (
                    "fingerprint",
                    models.CharField(help_text="of method, address, reason and body", max_length=64),
                ),
                (
                    "record",
                    models.CharField(
                        blank=True, help_text="label and id of the record answered", max_length=100
                    ),
                ),
                (
                    "code",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="HTTP status; 0 while it is under way"
                    ),
                ),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(blank=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(help_text="Which system is told, in your words.", max_length=100)),
                (
                    "url",
                    models.CharField(
                        help_text="Where it listens, with https. Called from outside your network.",
                        max_length=500,
                        verbose_name="address",
                    ),
                ),
                (
                    "hears_of",
                    ctms.exchange.models.EventsField(help_text="What happens to which records.", size=None),
                ),
                (
                    "active",
                    models.BooleanField(
                        default=True, help_text="Switched off, it hears nothing and is told nothing later."
                    ),
                ),
                ("salt", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "secret_made_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="secret made"),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave it out for every place where you may have webhooks.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.study",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.CharField(max_length=120)),
                (
                    "record",
                    models.CharField(
                        blank=True, help_text="label and id, e.g. studies.StudySite/12", max_length=100
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("WAITING", "Waiting"),
                            ("DELIVERED", "Delivered"),
                            ("DEAD", "Given up"),
                            ("WITHHELD", "Withheld: its owner may not see the record any more"),
                        ],
                        default="WAITING",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "last_answer",
                    models.PositiveSmallIntegerField(blank=True, help_text="HTTP status", null=True),
                ),
                ("last_error", models.CharField(blank=True, max_length=300)),
                ("next_try_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="made"
                    ),
                ),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="delivered")),
                (
                    "transition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.transitionrecord",
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="exchange.webhook",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "webhook deliveries",
            },
        ),
        migrations.CreateModel(
            name="WebhookEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_transaction",
                    models.BigIntegerField(db_default=ctms.audit.trail.CurrentTransaction(), editable=False),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(help_text="Which system is told, in your words.", max_length=100)),
                (
                    "url",
                    models.CharField(
                        help_text="Where it listens, with https. Called from outside your network.",
                        max_length=500,
                        verbose_name="address",
                    ),
                ),
                (
                    "hears_of",
                    ctms.exchange.models.EventsField(help_text="What happens to which records.", size=None),
                ),
                (
                    "active",
                    models.BooleanField(
                        default=True, help_text="Switched off, it hears nothing and is told nothing later."
                    ),
                ),
                (
                    "secret_made_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="secret made"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="exchange.webhook",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="Leave it out for every place where you may have webhooks.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.study",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="externalidentifier",
            index=models.Index(fields=["record"], name="externalidentifier_record"),
        ),
        migrations.AddConstraint(
            model_name="externalidentifier",
            constraint=models.UniqueConstraint(
                fields=("kind", "value", "system", "study"),
                name="externalidentifier_once",
                nulls_distinct=False,
                violation_error_message="Another record of this study has this identifier already.",
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="externalidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "exchange_externalidentifierevent" ("id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "record", "study_id", "system", "value") VALUES (NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."record", NEW."study_id", NEW."system", NEW."value"); RETURN NULL;',
                    hash="41ee6e65fe25f046c71a30d670d7084d7b48701b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_56894",
                    table="exchange_externalidentifier",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="externalidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "exchange_externalidentifierevent" ("id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "record", "study_id", "system", "value") VALUES (NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."record", NEW."study_id", NEW."system", NEW."value"); RETURN NULL;',
                    hash="4e98ad906fe28942d5c54a9167a2f3a868cd6162",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e09ce",
                    table="exchange_externalidentifier",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="externalidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "exchange_externalidentifierevent" ("id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "record", "study_id", "system", "value") VALUES (OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."record", OLD."study_id", OLD."system", OLD."value"); RETURN NULL;',
                    hash="52d3245b645e67ff143f3776bd0528b0d0b9adbb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d5590",
                    table="exchange_externalidentifier",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="externalidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="63fd2ec4d6d3eb74af21ac5103d0450ef8d14a59",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_ca318",
                    table="exchange_externalidentifier",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="externalidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="f98b51285d6732701df3ccdffa4b576af9dd02e7",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_8a8df",
                    table="exchange_externalidentifier",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="externalidentifierevent",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["pgh_transaction"], name="exchange_ex_pgh_tra_2a60d8_brin"
            ),
        ),
        migrations.AddIndex(
            model_name="externalidentifierevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="exchange_ex_pgh_cre_b1731c_idx"),
        ),
        migrations.AddIndex(
            model_name="externalidentifierevent",
            index=models.Index(
                fields=["study", "pgh_created_at", "pgh_id"], name="exchange_ex_study_i_308e8e_idx"
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="externalidentifierevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c9b413a0a61017dcbad419e191105dd15a098eb3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c4d82",
                    table="exchange_externalidentifierevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="idempotentanswer",
            index=models.Index(fields=["at"], name="idempotentanswer_at"),
        ),
        migrations.AddConstraint(
            model_name="idempotentanswer",
            constraint=models.UniqueConstraint(fields=("person", "key"), name="idempotentanswer_once"),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="webhook",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "exchange_webhookevent" ("active", "hears_of", "id", "name", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "secret_made_at", "study_id", "url") VALUES (NEW."active", NEW."hears_of", NEW."id", NEW."name", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."secret_made_at", NEW."study_id", NEW."url"); RETURN NULL;',
                    hash="2009626d63d21befbb20cf5437161dbef8d2732e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2b8b1",
                    table="exchange_webhook",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="webhook",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."active" IS DISTINCT FROM (NEW."active") OR OLD."hears_of" IS DISTINCT FROM (NEW."hears_of") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."secret_made_at" IS DISTINCT FROM (NEW."secret_made_at") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."url" IS DISTINCT FROM (NEW."url"))',
                    func='INSERT INTO "exchange_webhookevent" ("active", "hears_of", "id", "name", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "secret_made_at", "study_id", "url") VALUES (NEW."active", NEW."hears_of", NEW."id", NEW."name", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."secret_made_at", NEW."study_id", NEW."url"); RETURN NULL;',
                    hash="d41ec9ce41410638f466f8c8fb976b2126c49fd4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1d4f3",
                    table="exchange_webhook",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="webhook",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "exchange_webhookevent" ("active", "hears_of", "id", "name", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "secret_made_at", "study_id", "url") VALUES (OLD."active", OLD."hears_of", OLD."id", OLD."name", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."secret_made_at", OLD."study_id", OLD."url"); RETURN NULL;',
                    hash="beec42b23f4559a2c8a05d5299e32aa9c276ce27",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fe131",
                    table="exchange_webhook",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="webhook",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="17a6b6e72852247535269703595be9c30c489a82",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_56029",
                    table="exchange_webhook",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="webhook",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."active" IS DISTINCT FROM (NEW."active") OR OLD."hears_of" IS DISTINCT FROM (NEW."hears_of") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."secret_made_at" IS DISTINCT FROM (NEW."secret_made_at") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."url" IS DISTINCT FROM (NEW."url"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="81fb66f5ea156e7419a3865ef45d7cd31aafed34",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_9a03f",
                    table="exchange_webhook",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("outcome", "WAITING")), fields=["next_try_at"], name="webhookdelivery_due"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["webhook", "-id"], name="webhookdelivery_latest"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["made_at"], name="webhookdelivery_made"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(fields=("webhook", "transition"), name="webhookdelivery_once"),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["pgh_transaction"], name="exchange_we_pgh_tra_c40ce6_brin"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="exchange_we_pgh_cre_acf4f7_idx"),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(
                fields=["study", "pgh_created_at", "pgh_id"], name="exchange_we_study_i_a20694_idx"
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="webhookevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d8d5d1caf0ed3e1ffe9fe4cecf86fece500a24c3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_558f5",
                    table="exchange_webhookevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
