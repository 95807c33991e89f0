import ctms.audit.operations
import ctms.audit.trail
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Country",
            fields=[
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
            ],
            options={
                "verbose_name_plural": "countries",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("SPONSOR", "Sponsor"),
                            ("CRO", "Contract research organisation"),
                            ("HOSPITAL", "Hospital or practice"),
                            ("ETHICS_COMMITTEE", "Ethics committee"),
                            ("AUTHORITY", "Competent authority"),
                            ("LABORATORY", "Laboratory"),
                            ("VENDOR", "Vendor"),
                            ("OTHER", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("city", models.CharField(blank=True, max_length=100)),
                ("state", models.CharField(blank=True, max_length=100)),
                ("postcode", models.CharField(blank=True, max_length=20)),
                ("street", models.CharField(blank=True, max_length=200)),
                (
                    "identifier",
                    models.CharField(blank=True, help_text="ROR, DUNS or OMS number", max_length=60),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.country",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "permissions": [
                    ("view_directory", "See the directory"),
                    ("change_directory", "Change the directory"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        models.F("kind"),
                        django.db.models.functions.text.Lower("city"),
                        django.db.models.functions.text.Lower("postcode"),
                        models.F("country"),
                        name="organization_once",
                        nulls_distinct=False,
                        violation_error_message="This organization is in the directory already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganizationEvent",
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
                ("name", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("SPONSOR", "Sponsor"),
                            ("CRO", "Contract research organisation"),
                            ("HOSPITAL", "Hospital or practice"),
                            ("ETHICS_COMMITTEE", "Ethics committee"),
                            ("AUTHORITY", "Competent authority"),
                            ("LABORATORY", "Laboratory"),
                            ("VENDOR", "Vendor"),
                            ("OTHER", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("city", models.CharField(blank=True, max_length=100)),
                ("state", models.CharField(blank=True, max_length=100)),
                ("postcode", models.CharField(blank=True, max_length=20)),
                ("street", models.CharField(blank=True, max_length=200)),
                (
                    "identifier",
                    models.CharField(blank=True, help_text="ROR, DUNS or OMS number", max_length=60),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="directory.country",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="directory.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="directory_o_pgh_tra_367c7e_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="directory_o_pgh_cre_ae3edb_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=30)),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="directory.organization",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "people",
                "ordering": ["family_name", "given_name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
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
                ("title", models.CharField(blank=True, max_length=30)),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="directory.organization",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="directory.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="directory_p_pgh_tra_3c4f50_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="directory_p_pgh_cre_faa859_idx"),
                ],
            },
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "directory_organizationevent" ("city", "country_id", "id", "identifier", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "state", "street") VALUES (NEW."city", NEW."country_id", NEW."id", NEW."identifier", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."postcode", NEW."state", NEW."street"); RETURN NULL;',
                    hash="6dfe24bc5b7e76dc8df5993543b24fa3fb08ae65",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8d3d0",
                    table="directory_organization",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."city" IS DISTINCT FROM (NEW."city") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."identifier" IS DISTINCT FROM (NEW."identifier") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."street" IS DISTINCT FROM (NEW."street"))',
                    func='INSERT INTO "directory_organizationevent" ("city", "country_id", "id", "identifier", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "state", "street") VALUES (NEW."city", NEW."country_id", NEW."id", NEW."identifier", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."postcode", NEW."state", NEW."street"); RETURN NULL;',
                    hash="5ea75f8dc808db329d48733029889e7c9ad41f1c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9694d",
                    table="directory_organization",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "directory_organizationevent" ("city", "country_id", "id", "identifier", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "state", "street") VALUES (OLD."city", OLD."country_id", OLD."id", OLD."identifier", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."postcode", OLD."state", OLD."street"); RETURN NULL;',
                    hash="0af41ab9e33b3336eaffee50a94d4a056020a25f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0d755",
                    table="directory_organization",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="76470a6cef15700a338c3e1241a3ef0218e5cbe9",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_93b7e",
                    table="directory_organization",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."city" IS DISTINCT FROM (NEW."city") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."identifier" IS DISTINCT FROM (NEW."identifier") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."street" IS DISTINCT FROM (NEW."street"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="68cb4df984e174a54c579d419265fa815e2fb130",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_83621",
                    table="directory_organization",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="organizationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="33185778aac179d9c9e0e199b837f3cba164481d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_58695",
                    table="directory_organizationevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "directory_personevent" ("email", "family_name", "given_name", "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "title") VALUES (NEW."email", NEW."family_name", NEW."given_name", NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."phone", NEW."title"); RETURN NULL;',
                    hash="6f104765cce26fb9e7bd281c6ca2d7dbfbd3d826",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f1db5",
                    table="directory_person",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."family_name" IS DISTINCT FROM (NEW."family_name") OR OLD."given_name" IS DISTINCT FROM (NEW."given_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func='INSERT INTO "directory_personevent" ("email", "family_name", "given_name", "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "title") VALUES (NEW."email", NEW."family_name", NEW."given_name", NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."phone", NEW."title"); RETURN NULL;',
                    hash="f016c86680f072aa8c2e1e1fc585204835732795",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_45f75",
                    table="directory_person",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "directory_personevent" ("email", "family_name", "given_name", "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "title") VALUES (OLD."email", OLD."family_name", OLD."given_name", OLD."id", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."phone", OLD."title"); RETURN NULL;',
                    hash="353a11a79856cfdd035dab29207191513474b50e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_395d8",
                    table="directory_person",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="316b827d6e542c9439140d666ca76d7ecbe7a6eb",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_f284c",
                    table="directory_person",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."family_name" IS DISTINCT FROM (NEW."family_name") OR OLD."given_name" IS DISTINCT FROM (NEW."given_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="ee756cc8befa136c7fd2be9b33ca472635628d82",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_c41a2",
                    table="directory_person",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="personevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ad80f81bc38fab70754c6e141cc9dfdfdba48219",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_59f78",
                    table="directory_personevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
