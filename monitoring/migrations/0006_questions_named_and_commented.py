"""What came up at a question names it; a reviewer comments at questions, and the author answers there."""

import ctms.audit.operations
import ctms.audit.trail
import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("monitoring", "0005_one_study"),
        ("studies", "0004_ask_of_new_zones_only"),
    ]

    operations = [
        ctms.audit.operations.CreateTables(
            models=[
                migrations.CreateModel(
                    name="ReviewComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("unblinded", models.BooleanField(default=False, editable=False)),
                        ("question_key", models.SlugField(max_length=60, verbose_name="question")),
                        ("text", models.TextField(blank=True, verbose_name="comment")),
                        ("sent_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "answer_value",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("YES", "Yes"),
                                    ("NO", "No"),
                                    ("NOT_APPLICABLE", "Not applicable"),
                                    ("NOT_REVIEWED", "Not reviewed"),
                                ],
                                editable=False,
                                max_length=15,
                                verbose_name="answer when returned",
                            ),
                        ),
                        (
                            "answer_comment",
                            models.TextField(
                                blank=True, editable=False, verbose_name="comment to the answer when returned"
                            ),
                        ),
                        ("reply", models.TextField(blank=True)),
                        ("addressed", models.BooleanField(default=False)),
                        ("replied_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
                            "replied_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review_comments",
                                to="monitoring.monitoringreport",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
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
                        (
                            "written_by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["study", "id"], name="monitoring__study_i_c6dd18_idx"),
                            models.Index(fields=["country", "id"], name="monitoring__country_a908e6_idx"),
                            models.Index(fields=["site", "id"], name="monitoring__site_id_7d1355_idx"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("sent_at__isnull", True)),
                                fields=("report", "question_key", "written_by"),
                                name="reviewcomment_one_unsent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sent_at__isnull", True),
                                    models.Q(("text", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="reviewcomment_sent_says_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sent_at__isnull", False),
                                    models.Q(
                                        ("addressed", False),
                                        ("answer_value", ""),
                                        ("replied_at", None),
                                        ("replied_by", None),
                                        ("reply", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="reviewcomment_answered_once_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewCommentEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        (
                            "pgh_transaction",
                            models.BigIntegerField(
                                db_default=ctms.audit.trail.CurrentTransaction(), editable=False
                            ),
                        ),
                        ("pgh_context", pghistory.utils.JSONField(null=True)),
                        ("id", models.BigIntegerField()),
                        ("unblinded", models.BooleanField(default=False, editable=False)),
                        (
                            "question_key",
                            models.SlugField(db_index=False, max_length=60, verbose_name="question"),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="comment")),
                        ("sent_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "answer_value",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("YES", "Yes"),
                                    ("NO", "No"),
                                    ("NOT_APPLICABLE", "Not applicable"),
                                    ("NOT_REVIEWED", "Not reviewed"),
                                ],
                                editable=False,
                                max_length=15,
                                verbose_name="answer when returned",
                            ),
                        ),
                        (
                            "answer_comment",
                            models.TextField(
                                blank=True, editable=False, verbose_name="comment to the answer when returned"
                            ),
                        ),
                        ("reply", models.TextField(blank=True)),
                        ("addressed", models.BooleanField(default=False)),
                        ("replied_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="monitoring.reviewcomment",
                            ),
                        ),
                        (
                            "replied_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="monitoring.monitoringreport",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
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
                        (
                            "written_by",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
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
                                fields=["pgh_transaction"], name="monitoring__pgh_tra_76c58f_brin"
                            ),
                            models.Index(
                                fields=["pgh_created_at", "pgh_id"], name="monitoring__pgh_cre_1729b5_idx"
                            ),
                            models.Index(
                                fields=["study", "pgh_created_at", "pgh_id"],
                                name="monitoring__study_i_fd56ee_idx",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="actionitem",
            name="question_key",
            field=models.SlugField(blank=True, editable=False, max_length=60, verbose_name="question"),
        ),
        migrations.AddField(
            model_name="actionitemevent",
            name="question_key",
            field=models.SlugField(
                blank=True, db_index=False, editable=False, max_length=60, verbose_name="question"
            ),
        ),
        migrations.AddField(
            model_name="deviation",
            name="question_key",
            field=models.SlugField(blank=True, editable=False, max_length=60, verbose_name="question"),
        ),
        migrations.AddField(
            model_name="deviationevent",
            name="question_key",
            field=models.SlugField(
                blank=True, db_index=False, editable=False, max_length=60, verbose_name="question"
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="d_names_a_question_of_its_report",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.question_key <> '' AND NOT EXISTS (\n                SELECT 1 FROM monitoring_templatequestion AS question\n                JOIN monitoring_monitoringreport AS report ON report.template_id = question.template_id\n                WHERE report.id = NEW.raised_in_id AND question.key = NEW.question_key) THEN\n                RAISE EXCEPTION 'A % names a question of its own report.', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="6cf7420bd4372ae76ba06f14a19f9a0cf426ee4b",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_d_names_a_question_of_its_report_219ac",
                    table="monitoring_actionitem",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.ReplaceTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_actionitemevent" ("closed_on", "country_id", "due_on", "id", "number", "opened_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "raised_from_id", "raised_in_id", "resolution", "responsible", "site_id", "status", "study_id", "text", "unblinded") VALUES (NEW."closed_on", NEW."country_id", NEW."due_on", NEW."id", NEW."number", NEW."opened_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."question_key", NEW."raised_from_id", NEW."raised_in_id", NEW."resolution", NEW."responsible", NEW."site_id", NEW."status", NEW."study_id", NEW."text", NEW."unblinded"); RETURN NULL;',
                    hash="6590afd86186cda3c3ffd2f696e95271e8b72ca0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0bfe7",
                    table="monitoring_actionitem",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.ReplaceTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."opened_on" IS DISTINCT FROM (NEW."opened_on") OR OLD."question_key" IS DISTINCT FROM (NEW."question_key") OR OLD."raised_from_id" IS DISTINCT FROM (NEW."raised_from_id") OR OLD."raised_in_id" IS DISTINCT FROM (NEW."raised_in_id") OR OLD."resolution" IS DISTINCT FROM (NEW."resolution") OR OLD."responsible" IS DISTINCT FROM (NEW."responsible") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func='INSERT INTO "monitoring_actionitemevent" ("closed_on", "country_id", "due_on", "id", "number", "opened_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "raised_from_id", "raised_in_id", "resolution", "responsible", "site_id", "status", "study_id", "text", "unblinded") VALUES (NEW."closed_on", NEW."country_id", NEW."due_on", NEW."id", NEW."number", NEW."opened_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."question_key", NEW."raised_from_id", NEW."raised_in_id", NEW."resolution", NEW."responsible", NEW."site_id", NEW."status", NEW."study_id", NEW."text", NEW."unblinded"); RETURN NULL;',
                    hash="b798dd3deef2d9c2f3e31df5e4770350fdab0663",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d59fa",
                    table="monitoring_actionitem",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.ReplaceTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_actionitemevent" ("closed_on", "country_id", "due_on", "id", "number", "opened_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "raised_from_id", "raised_in_id", "resolution", "responsible", "site_id", "status", "study_id", "text", "unblinded") VALUES (OLD."closed_on", OLD."country_id", OLD."due_on", OLD."id", OLD."number", OLD."opened_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."question_key", OLD."raised_from_id", OLD."raised_in_id", OLD."resolution", OLD."responsible", OLD."site_id", OLD."status", OLD."study_id", OLD."text", OLD."unblinded"); RETURN NULL;',
                    hash="bbb8df14fffbd6f8eafa6af8c93c1d93e146e594",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_16a91",
                    table="monitoring_actionitem",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.ReplaceTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."opened_on" IS DISTINCT FROM (NEW."opened_on") OR OLD."question_key" IS DISTINCT FROM (NEW."question_key") OR OLD."raised_from_id" IS DISTINCT FROM (NEW."raised_from_id") OR OLD."raised_in_id" IS DISTINCT FROM (NEW."raised_in_id") OR OLD."resolution" IS DISTINCT FROM (NEW."resolution") OR OLD."responsible" IS DISTINCT FROM (NEW."responsible") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="f24348c1828428218d2c5cb95e809aae69e2b078",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_535ed",
                    table="monitoring_actionitem",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="d_names_a_question_of_its_report",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.question_key <> '' AND NOT EXISTS (\n                SELECT 1 FROM monitoring_templatequestion AS question\n                JOIN monitoring_monitoringreport AS report ON report.template_id = question.template_id\n                WHERE report.id = NEW.raised_in_id AND question.key = NEW.question_key) THEN\n                RAISE EXCEPTION 'A % names a question of its own report.', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="db44ef9ca7c409ea4c211aadde255bf6b50fc7ab",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_d_names_a_question_of_its_report_8c514",
                    table="monitoring_deviation",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.ReplaceTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_deviationevent" ("category", "country_id", "description", "id", "identified_on", "immediate_action", "importance", "number", "occurred_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "raised_in_id", "site_id", "status", "study_id", "subject_number", "unblinded") VALUES (NEW."category", NEW."country_id", NEW."description", NEW."id", NEW."identified_on", NEW."immediate_action", NEW."importance", NEW."number", NEW."occurred_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."question_key", NEW."raised_in_id", NEW."site_id", NEW."status", NEW."study_id", NEW."subject_number", NEW."unblinded"); RETURN NULL;',
                    hash="0bd4029f60815a9e6e0deb3ee5d997f34a3f816b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7c971",
                    table="monitoring_deviation",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.ReplaceTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."identified_on" IS DISTINCT FROM (NEW."identified_on") OR OLD."immediate_action" IS DISTINCT FROM (NEW."immediate_action") OR OLD."importance" IS DISTINCT FROM (NEW."importance") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."occurred_on" IS DISTINCT FROM (NEW."occurred_on") OR OLD."question_key" IS DISTINCT FROM (NEW."question_key") OR OLD."raised_in_id" IS DISTINCT FROM (NEW."raised_in_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."subject_number" IS DISTINCT FROM (NEW."subject_number") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func='INSERT INTO "monitoring_deviationevent" ("category", "country_id", "description", "id", "identified_on", "immediate_action", "importance", "number", "occurred_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "raised_in_id", "site_id", "status", "study_id", "subject_number", "unblinded") VALUES (NEW."category", NEW."country_id", NEW."description", NEW."id", NEW."identified_on", NEW."immediate_action", NEW."importance", NEW."number", NEW."occurred_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."question_key", NEW."raised_in_id", NEW."site_id", NEW."status", NEW."study_id", NEW."subject_number", NEW."unblinded"); RETURN NULL;',
                    hash="74ef492ec74ae162e668188b067a61df479810f8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0f297",
                    table="monitoring_deviation",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.ReplaceTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_deviationevent" ("category", "country_id", "description", "id", "identified_on", "immediate_action", "importance", "number", "occurred_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "raised_in_id", "site_id", "status", "study_id", "subject_number", "unblinded") VALUES (OLD."category", OLD."country_id", OLD."description", OLD."id", OLD."identified_on", OLD."immediate_action", OLD."importance", OLD."number", OLD."occurred_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."question_key", OLD."raised_in_id", OLD."site_id", OLD."status", OLD."study_id", OLD."subject_number", OLD."unblinded"); RETURN NULL;',
                    hash="c3223e85407fae698ea22761dfa03d4d4bd187e8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_49da7",
                    table="monitoring_deviation",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.ReplaceTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."identified_on" IS DISTINCT FROM (NEW."identified_on") OR OLD."immediate_action" IS DISTINCT FROM (NEW."immediate_action") OR OLD."importance" IS DISTINCT FROM (NEW."importance") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."occurred_on" IS DISTINCT FROM (NEW."occurred_on") OR OLD."question_key" IS DISTINCT FROM (NEW."question_key") OR OLD."raised_in_id" IS DISTINCT FROM (NEW."raised_in_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."subject_number" IS DISTINCT FROM (NEW."subject_number") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="bcc60dc4eb31017c84549a742a26a455997338b3",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_a111a",
                    table="monitoring_deviation",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_its_question",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."report_id" IS DISTINCT FROM (NEW."report_id") OR OLD."question_key" IS DISTINCT FROM (NEW."question_key") OR OLD."written_by_id" IS DISTINCT FROM (NEW."written_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="050bd1a319049fe7687f10c7c61f66ef885371be",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_its_question_6124c",
                    table="monitoring_reviewcomment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="d_names_a_question_of_its_report",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.question_key <> '' AND NOT EXISTS (\n                SELECT 1 FROM monitoring_templatequestion AS question\n                JOIN monitoring_monitoringreport AS report ON report.template_id = question.template_id\n                WHERE report.id = NEW.report_id AND question.key = NEW.question_key) THEN\n                RAISE EXCEPTION 'A % names a question of its own report.', TG_TABLE_NAME\n                    USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="9f686bb25ef0effffd311979b1645316673389f2",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_d_names_a_question_of_its_report_cdd42",
                    table="monitoring_reviewcomment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="e_said_in_its_turn",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE turn TEXT;",
                    func="\n            SELECT status INTO turn FROM monitoring_monitoringreport WHERE id = NEW.report_id;\n            IF TG_OP = 'INSERT' THEN\n                IF turn <> 'IN_REVIEW' OR NEW.sent_at IS NOT NULL THEN\n                    RAISE EXCEPTION 'A comment is written while the report is in review.' USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            IF (NEW.text, NEW.sent_at, NEW.answer_value, NEW.answer_comment)\n                IS DISTINCT FROM (OLD.text, OLD.sent_at, OLD.answer_value, OLD.answer_comment)\n                AND (turn <> 'IN_REVIEW' OR OLD.sent_at IS NOT NULL) THEN\n                RAISE EXCEPTION 'A comment that was sent no longer changes.' USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            IF (NEW.reply, NEW.addressed, NEW.replied_by_id, NEW.replied_at)\n                IS DISTINCT FROM (OLD.reply, OLD.addressed, OLD.replied_by_id, OLD.replied_at)\n                AND (turn <> 'DRAFT' OR OLD.sent_at IS NULL OR EXISTS (\n                    SELECT 1 FROM monitoring_reviewcomment AS later\n                    WHERE later.report_id = OLD.report_id AND later.sent_at > OLD.sent_at)) THEN\n                RAISE EXCEPTION 'A comment is answered while the report is back with its author.' USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="13f712ee10692b800314f95ba4dd3dccd9e2cbd7",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_e_said_in_its_turn_15bf4",
                    table="monitoring_reviewcomment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."report_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "monitoring_monitoringreport" WHERE "id" = NEW."report_id"; END IF;\nIF NEW."report_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "monitoring_monitoringreport" WHERE "id" = NEW."report_id"; END IF;\nIF NEW."report_id" IS NOT NULL THEN SELECT "site_id" INTO NEW."site_id" FROM "monitoring_monitoringreport" WHERE "id" = NEW."report_id"; END IF;\nIF NEW."report_id" IS NOT NULL THEN SELECT "unblinded" INTO NEW."unblinded" FROM "monitoring_monitoringreport" WHERE "id" = NEW."report_id"; END IF;\nRETURN NEW;',
                    hash="95ced98aa75aa879296b0e48241514a7ed831074",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_ee041",
                    table="monitoring_reviewcomment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_reviewcommentevent" ("addressed", "answer_comment", "answer_value", "country_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "replied_at", "replied_by_id", "reply", "report_id", "sent_at", "site_id", "study_id", "text", "unblinded", "written_by_id") VALUES (NEW."addressed", NEW."answer_comment", NEW."answer_value", NEW."country_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."question_key", NEW."replied_at", NEW."replied_by_id", NEW."reply", NEW."report_id", NEW."sent_at", NEW."site_id", NEW."study_id", NEW."text", NEW."unblinded", NEW."written_by_id"); RETURN NULL;',
                    hash="5e48cd318a14f7e106f02386a83362ad1313f564",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_36d85",
                    table="monitoring_reviewcomment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "monitoring_reviewcommentevent" ("addressed", "answer_comment", "answer_value", "country_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "replied_at", "replied_by_id", "reply", "report_id", "sent_at", "site_id", "study_id", "text", "unblinded", "written_by_id") VALUES (NEW."addressed", NEW."answer_comment", NEW."answer_value", NEW."country_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."question_key", NEW."replied_at", NEW."replied_by_id", NEW."reply", NEW."report_id", NEW."sent_at", NEW."site_id", NEW."study_id", NEW."text", NEW."unblinded", NEW."written_by_id"); RETURN NULL;',
                    hash="86d0fe1bc73b5720879fb520d796744220b1d1d3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9a195",
                    table="monitoring_reviewcomment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_reviewcommentevent" ("addressed", "answer_comment", "answer_value", "country_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "replied_at", "replied_by_id", "reply", "report_id", "sent_at", "site_id", "study_id", "text", "unblinded", "written_by_id") VALUES (OLD."addressed", OLD."answer_comment", OLD."answer_value", OLD."country_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."question_key", OLD."replied_at", OLD."replied_by_id", OLD."reply", OLD."report_id", OLD."sent_at", OLD."site_id", OLD."study_id", OLD."text", OLD."unblinded", OLD."written_by_id"); RETURN NULL;',
                    hash="a4538694946c9cd1d46297f23dc5c110328f847d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6c920",
                    table="monitoring_reviewcomment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="f1a721b77fa648db087d221aba2157d78a3c7d89",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_f6cb9",
                    table="monitoring_reviewcomment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="f809e8e1bd6a0a235bf988504035b5269459bf30",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_d58a3",
                    table="monitoring_reviewcomment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="c_frozen_with",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM \"monitoring_monitoringreport\" WHERE \"id\" IN (\n                CASE WHEN TG_OP <> 'INSERT' THEN OLD.\"report_id\" END,\n                CASE WHEN TG_OP <> 'DELETE' THEN NEW.\"report_id\" END)\n                AND \"status\" = ANY(ARRAY['APPROVED']::text[])) THEN\n                RAISE EXCEPTION '% belongs to a record that no longer changes.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n             RETURN COALESCE(NEW, OLD);",
                    hash="69187702d18f350978315cda18406210c00cc586",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_frozen_with_2a18e",
                    table="monitoring_reviewcomment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reviewcommentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="91e455fef46352cc02097209757f5f9f7b59cae4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_207f5",
                    table="monitoring_reviewcommentevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
