import ctms.access.assignments
import ctms.audit.operations
import ctms.audit.trail
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="PortfolioAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("unblinded", models.BooleanField(default=False)),
                (
                    "share_of_time",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="share of time (%)",
                    ),
                ),
                (
                    "trained_on",
                    models.DateField(
                        blank=True,
                        help_text="No access before training is recorded.",
                        null=True,
                        verbose_name="training recorded on",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("administrator", "System administrator"), ("quality", "Quality assurance")],
                        max_length=40,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            ("role", "="),
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
                        name="portfolioassignment_one_at_a_time",
                        violation_error_message="This person already holds this role here in that period.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="portfolioassignment_ends_after_start",
                        violation_error_message="The last day lies before the first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PortfolioAssignmentEvent",
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
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("unblinded", models.BooleanField(default=False)),
                (
                    "share_of_time",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="share of time (%)",
                    ),
                ),
                (
                    "trained_on",
                    models.DateField(
                        blank=True,
                        help_text="No access before training is recorded.",
                        null=True,
                        verbose_name="training recorded on",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("administrator", "System administrator"), ("quality", "Quality assurance")],
                        max_length=40,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="access.portfolioassignment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="access_port_pgh_tra_351fe6_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="access_port_pgh_cre_1ab743_idx"),
                ],
            },
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="portfolioassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "access_portfolioassignmentevent" ("ends_on", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (NEW."ends_on", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."role", NEW."share_of_time", NEW."starts_on", NEW."trained_on", NEW."unblinded", NEW."user_id"); RETURN NULL;',
                    hash="36b72308ae9f19f449dbafbdb82b81b079d167cb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cc938",
                    table="access_portfolioassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="portfolioassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "access_portfolioassignmentevent" ("ends_on", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (NEW."ends_on", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."role", NEW."share_of_time", NEW."starts_on", NEW."trained_on", NEW."unblinded", NEW."user_id"); RETURN NULL;',
                    hash="ca9c587a38394f8374d38204194a6a2e253efbbe",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_632a1",
                    table="access_portfolioassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="portfolioassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "access_portfolioassignmentevent" ("ends_on", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (OLD."ends_on", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."role", OLD."share_of_time", OLD."starts_on", OLD."trained_on", OLD."unblinded", OLD."user_id"); RETURN NULL;',
                    hash="74bcc19f0679e3a4b928a4bf667dfed3f825af56",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ace4a",
                    table="access_portfolioassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="portfolioassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="8450ed44d46e4a54f88cc96561b335dee899a12c",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_87692",
                    table="access_portfolioassignment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="portfolioassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="729e71124056955c34ac642e07951981db076594",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_e6ddb",
                    table="access_portfolioassignment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="portfolioassignmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5dd4859e3f024923bd9692dd2fe55255316d8396",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_aa7a2",
                    table="access_portfolioassignmentevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
