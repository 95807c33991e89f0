import ctms.audit.operations
import ctms.audit.trail
import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("studies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Artifact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model_version", models.CharField(default="3.3.1", max_length=20)),
                ("number", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=200)),
                ("zone", models.CharField(max_length=100)),
                ("section", models.CharField(max_length=100)),
                ("unblinded_by_default", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["number", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("model_version", "number"), name="artifact_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ArtifactEvent",
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
                ("model_version", models.CharField(default="3.3.1", max_length=20)),
                ("number", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=200)),
                ("zone", models.CharField(max_length=100)),
                ("section", models.CharField(max_length=100)),
                ("unblinded_by_default", models.BooleanField(default=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="documents.artifact",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="documents_a_pgh_tra_62eb6a_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="documents_a_pgh_cre_e4ad68_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("document_date", models.DateField(verbose_name="document date")),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                (
                    "published",
                    models.BooleanField(default=False, editable=False, verbose_name="shown to the sponsor"),
                ),
                ("source", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("APPROVED", "Approved"),
                            ("SUPERSEDED", "Superseded"),
                            ("VOIDED", "Voided"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "artifact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.artifact"
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studycountry",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studysite",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.study",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("publish_document", "Show a document to the sponsor"),
                    ("void_document", "Void a document"),
                ],
                "indexes": [
                    models.Index(fields=["study", "id"], name="documents_d_study_i_4c538b_idx"),
                    models.Index(fields=["country", "id"], name="documents_d_country_b5ddef_idx"),
                    models.Index(fields=["site", "id"], name="documents_d_site_id_f458c8_idx"),
                    models.Index(
                        condition=models.Q(("published", True)),
                        fields=["study", "id"],
                        name="document_published",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("source"),
                        condition=models.Q(("source", ""), _negated=True),
                        name="document_source_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published", False),
                            models.Q(("status", "APPROVED"), ("unblinded", False)),
                            _connector="OR",
                        ),
                        name="document_published_is_approved_and_blind_safe",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentEvent",
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
                ("title", models.CharField(max_length=300)),
                ("document_date", models.DateField(verbose_name="document date")),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                (
                    "published",
                    models.BooleanField(default=False, editable=False, verbose_name="shown to the sponsor"),
                ),
                ("source", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("APPROVED", "Approved"),
                            ("SUPERSEDED", "Superseded"),
                            ("VOIDED", "Voided"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "artifact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="documents.artifact",
                    ),
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
                        to="studies.studycountry",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="documents.document",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.studysite",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="documents_d_pgh_tra_866ae3_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="documents_d_pgh_cre_17a891_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="documents_d_study_i_8c9c56_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                ("number", models.CharField(max_length=10)),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("filed_on", models.DateField()),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studycountry",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="documents.document",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studysite",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.study",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["study", "id"], name="documents_d_study_i_7d8348_idx"),
                    models.Index(fields=["country", "id"], name="documents_d_country_feca87_idx"),
                    models.Index(fields=["site", "id"], name="documents_d_site_id_d8b525_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "number"), name="documentversion_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersionEvent",
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
                ("unblinded", models.BooleanField(default=False, editable=False)),
                ("number", models.CharField(max_length=10)),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("filed_on", models.DateField()),
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
                        to="studies.studycountry",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="documents.documentversion",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.studysite",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="documents_d_pgh_tra_6d837b_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="documents_d_pgh_cre_7d7b20_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="documents_d_study_i_cb75f6_idx"
                    ),
                ],
            },
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="artifact",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_artifactevent" ("id", "model_version", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "section", "unblinded_by_default", "zone") VALUES (NEW."id", NEW."model_version", NEW."name", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."section", NEW."unblinded_by_default", NEW."zone"); RETURN NULL;',
                    hash="9bf068673f34575ab9afac9d707cfa2eead5eb8e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2efa4",
                    table="documents_artifact",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="artifact",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "documents_artifactevent" ("id", "model_version", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "section", "unblinded_by_default", "zone") VALUES (NEW."id", NEW."model_version", NEW."name", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."section", NEW."unblinded_by_default", NEW."zone"); RETURN NULL;',
                    hash="222b2b456fef539067c6ed850a9e26c4b64a1aaa",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d164d",
                    table="documents_artifact",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="artifact",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_artifactevent" ("id", "model_version", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "section", "unblinded_by_default", "zone") VALUES (OLD."id", OLD."model_version", OLD."name", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."section", OLD."unblinded_by_default", OLD."zone"); RETURN NULL;',
                    hash="995bf31180fb758cdc4b0d2396667f8463ca79fe",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2fd98",
                    table="documents_artifact",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="artifact",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="741f89e7b5cacbf1f794df21e0b12bc459aff645",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_00470",
                    table="documents_artifact",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="artifact",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="083a4dadf3956a97c8cc3e2ec2113329398e8455",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_47363",
                    table="documents_artifact",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="artifactevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="437005deee4fca34fc7df1388ade38d64e60bbaf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_40fea",
                    table="documents_artifactevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_its_blinding",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="8beb4c762d6f1728a9fbc445c70c04031b326f93",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_its_blinding_2d466",
                    table="documents_document",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."site_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."site_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."country_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studycountry" WHERE "id" = NEW."country_id"; END IF;\nRETURN NEW;',
                    hash="f3604eededc1dfc74797d1352b09e9389f5a1fce",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_24e73",
                    table="documents_document",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="1a0bb0cebe589522b98d78557d70a113c51ff020",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_5b720",
                    table="documents_document",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_documentevent" ("artifact_id", "country_id", "document_date", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "site_id", "source", "status", "study_id", "title", "unblinded") VALUES (NEW."artifact_id", NEW."country_id", NEW."document_date", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."published", NEW."site_id", NEW."source", NEW."status", NEW."study_id", NEW."title", NEW."unblinded"); RETURN NULL;',
                    hash="0f9746ee902c5bc3fbd4bcad2c2fabc01d295bef",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_be524",
                    table="documents_document",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."artifact_id" IS DISTINCT FROM (NEW."artifact_id") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."document_date" IS DISTINCT FROM (NEW."document_date") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func='INSERT INTO "documents_documentevent" ("artifact_id", "country_id", "document_date", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "site_id", "source", "status", "study_id", "title", "unblinded") VALUES (NEW."artifact_id", NEW."country_id", NEW."document_date", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."published", NEW."site_id", NEW."source", NEW."status", NEW."study_id", NEW."title", NEW."unblinded"); RETURN NULL;',
                    hash="76376050f36f612e05beae04a0764b110d90c34d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a3ed6",
                    table="documents_document",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_documentevent" ("artifact_id", "country_id", "document_date", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "site_id", "source", "status", "study_id", "title", "unblinded") VALUES (OLD."artifact_id", OLD."country_id", OLD."document_date", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."published", OLD."site_id", OLD."source", OLD."status", OLD."study_id", OLD."title", OLD."unblinded"); RETURN NULL;',
                    hash="e832596593332acd99fe4a80298fd108284f6434",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0c008",
                    table="documents_document",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="3a164fa55f909f0e85fc9aa42346ab80e624f4bc",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_6a3be",
                    table="documents_document",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."artifact_id" IS DISTINCT FROM (NEW."artifact_id") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."document_date" IS DISTINCT FROM (NEW."document_date") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="8f4e506479e30017c2dcee62179d863db1fc0953",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_59cbe",
                    table="documents_document",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'DRAFT' THEN\n                    RAISE EXCEPTION 'A new % begins as DRAFT, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['APPROVED', 'SUPERSEDED', 'VOIDED']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['published', 'status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['published', 'status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['APPROVED>VOIDED', 'DRAFT>VOIDED']::text[])\n                        \n            OR (OLD.\"status\" = 'DRAFT' AND NEW.\"status\" = ANY(ARRAY['APPROVED']::text[]) AND EXISTS (\n                SELECT 1 FROM \"documents_documentevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'DRAFT'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="1f7c97728a77022f17abf38ae529c1b0f9ba5493",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_c668f",
                    table="documents_document",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="documentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="401291d04b3fa5f3d2b51241f67950bd6896846e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9e7ed",
                    table="documents_documentevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="documentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."document_id" IS DISTINCT FROM (NEW."document_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."file_id" IS DISTINCT FROM (NEW."file_id") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."filed_on" IS DISTINCT FROM (NEW."filed_on"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="721790a3c4df75b362c35b3ca0861f60bf770bfe",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changes_d1082",
                    table="documents_documentversion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="documentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."document_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "documents_document" WHERE "id" = NEW."document_id"; END IF;\nIF NEW."document_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "documents_document" WHERE "id" = NEW."document_id"; END IF;\nIF NEW."document_id" IS NOT NULL THEN SELECT "site_id" INTO NEW."site_id" FROM "documents_document" WHERE "id" = NEW."document_id"; END IF;\nIF NEW."document_id" IS NOT NULL THEN SELECT "unblinded" INTO NEW."unblinded" FROM "documents_document" WHERE "id" = NEW."document_id"; END IF;\nRETURN NEW;',
                    hash="a1633df9f62f842a77ac140dc4c02a78727993fb",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_d71fd",
                    table="documents_documentversion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="documentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_documentversionevent" ("country_id", "document_id", "file_id", "filed_on", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "site_id", "study_id", "unblinded") VALUES (NEW."country_id", NEW."document_id", NEW."file_id", NEW."filed_on", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."sha256", NEW."site_id", NEW."study_id", NEW."unblinded"); RETURN NULL;',
                    hash="d8a88af8819f00a99933314f10164910f2d37aa5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6369a",
                    table="documents_documentversion",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="documentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "documents_documentversionevent" ("country_id", "document_id", "file_id", "filed_on", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "site_id", "study_id", "unblinded") VALUES (NEW."country_id", NEW."document_id", NEW."file_id", NEW."filed_on", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."sha256", NEW."site_id", NEW."study_id", NEW."unblinded"); RETURN NULL;',
                    hash="4e4f9d5086174b75b7080ffd62370466806aa178",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_07354",
                    table="documents_documentversion",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="documentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_documentversionevent" ("country_id", "document_id", "file_id", "filed_on", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "site_id", "study_id", "unblinded") VALUES (OLD."country_id", OLD."document_id", OLD."file_id", OLD."filed_on", OLD."id", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."sha256", OLD."site_id", OLD."study_id", OLD."unblinded"); RETURN NULL;',
                    hash="0c8679b62f6491730542afbd3401e02a43bda596",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3cd2b",
                    table="documents_documentversion",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="documentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="023d87c317c71f7a87db8e58f7cd38b6375d14b1",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_045f1",
                    table="documents_documentversion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="documentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="feafb189fd394f7f0198cb4e494b5dec60dd2a07",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_2a1db",
                    table="documents_documentversion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="documentversionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="41e6c8942b56921a3eff088721d968f8b397e862",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_501db",
                    table="documents_documentversionevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
