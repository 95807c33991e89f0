import ctms.access.assignments
import ctms.audit.operations
import ctms.audit.trail
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        ("studies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteStaff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("PRINCIPAL_INVESTIGATOR", "Principal investigator"),
                            ("SUB_INVESTIGATOR", "Sub-investigator"),
                            ("STUDY_COORDINATOR", "Study coordinator"),
                            ("PHARMACIST", "Pharmacist"),
                            ("OTHER", "Other"),
                        ],
                        max_length=30,
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "country",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studycountry",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
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
                "verbose_name": "staff member",
                "verbose_name_plural": "staff",
                "indexes": [
                    models.Index(fields=["study", "id"], name="sites_sites_study_i_10d2d4_idx"),
                    models.Index(fields=["country", "id"], name="sites_sites_country_5f0b4f_idx"),
                    models.Index(fields=["site", "id"], name="sites_sites_site_id_d00de2_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="sitestaff_ends_after_start",
                        violation_error_message="The last day lies before the first.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("role", "PRINCIPAL_INVESTIGATOR")),
                        expressions=[
                            ("site", "="),
                            (
                                ctms.access.assignments.DateRange(
                                    "starts_on",
                                    "ends_on",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_lower=True, inclusive_upper=True
                                    ),
                                ),
                                "&&",
                            ),
                        ],
                        name="sitestaff_one_principal_investigator",
                        violation_error_message="The site has another principal investigator in that period.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteStaffEvent",
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
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("PRINCIPAL_INVESTIGATOR", "Principal investigator"),
                            ("SUB_INVESTIGATOR", "Sub-investigator"),
                            ("STUDY_COORDINATOR", "Study coordinator"),
                            ("PHARMACIST", "Pharmacist"),
                            ("OTHER", "Other"),
                        ],
                        max_length=30,
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "country",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.studycountry",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="directory.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="sites.sitestaff",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                        fields=["pgh_transaction"], name="sites_sites_pgh_tra_a2d43f_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="sites_sites_pgh_cre_aac811_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="sites_sites_study_i_aba496_idx"
                    ),
                ],
            },
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="sitestaff",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."site_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."site_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."country_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studycountry" WHERE "id" = NEW."country_id"; END IF;\nRETURN NEW;',
                    hash="2e90ae95cf77c248f06aafac7949f27fbceb080e",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_09661",
                    table="sites_sitestaff",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="sitestaff",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="f01c912f85b8e0aa2664207fbbc3896fb8f344f4",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_ba5bd",
                    table="sites_sitestaff",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="sitestaff",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sites_sitestaffevent" ("country_id", "ends_on", "id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "site_id", "starts_on", "study_id") VALUES (NEW."country_id", NEW."ends_on", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."role", NEW."site_id", NEW."starts_on", NEW."study_id"); RETURN NULL;',
                    hash="4b9c9e5d6f92953ba4b2ad3821be2ca3f81d68a6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9ed79",
                    table="sites_sitestaff",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="sitestaff",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func='INSERT INTO "sites_sitestaffevent" ("country_id", "ends_on", "id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "site_id", "starts_on", "study_id") VALUES (NEW."country_id", NEW."ends_on", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."role", NEW."site_id", NEW."starts_on", NEW."study_id"); RETURN NULL;',
                    hash="786ea5bfc0cf86b42499b32ff3d24d45d00d74ff",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_760c6",
                    table="sites_sitestaff",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="sitestaff",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sites_sitestaffevent" ("country_id", "ends_on", "id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "site_id", "starts_on", "study_id") VALUES (OLD."country_id", OLD."ends_on", OLD."id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."role", OLD."site_id", OLD."starts_on", OLD."study_id"); RETURN NULL;',
                    hash="535fd07390fb42e535e1d0a678de70071d7ce754",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b7a01",
                    table="sites_sitestaff",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="sitestaff",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="c8c779b9a783d6456ab5c28533a930f039bdd2d1",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_021e2",
                    table="sites_sitestaff",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="sitestaff",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="ef01009942ed44c49463beaea3ecc45828ec632e",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_1ecc6",
                    table="sites_sitestaff",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="sitestaffevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e0fd1bff36f9560af7b70f4b6a9391afc08c7adf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a46e3",
                    table="sites_sitestaffevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
