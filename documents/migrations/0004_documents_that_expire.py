"""Documents that expire: their last day, what kinds of papers are valid for how long, and what is due anew."""

import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from ctms.audit.operations import ReplaceTrigger


# By number in every version of the reference model: the months such papers are usually valid.
VALID_MONTHS = {
    "01.02.02": 24,
    "01.03.04": 24,
    "02.01.01": 12,
    "02.01.06": 12,
    "04.01.02": 12,
    "05.02.04": 24,
    "05.02.05": 24,
    "05.02.06": 24,
    "05.02.07": 36,
    "08.01.01": 24,
    "08.01.04": 12,
    "08.01.07": 24,
    "09.01.02": 24,
}


def say_what_expires(apps, schema_editor):
    Artifact = apps.get_model("documents", "Artifact")
    for number, months in VALID_MONTHS.items():
        Artifact.objects.filter(number=number).update(valid_months=months)


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_expectation_rules"),
        ("studies", "0002_head_of_operations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="document",
            options={
                "permissions": [
                    ("publish_document", "Show a document to the sponsor"),
                    ("void_document", "Void a document"),
                    ("submit_document", "Submit a document for review"),
                    ("review_document", "Review submitted documents"),
                    ("approve_document", "Approve reviewed documents"),
                    ("renew_document", "Ask for the next of papers that expire"),
                ]
            },
        ),
        migrations.AddField(
            model_name="artifact",
            name="valid_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Empty: such papers do not expire.",
                null=True,
                verbose_name="valid for months",
            ),
        ),
        migrations.AddField(
            model_name="artifactevent",
            name="valid_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Empty: such papers do not expire.",
                null=True,
                verbose_name="valid for months",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="expires_on",
            field=models.DateField(
                blank=True, help_text="The last day it is valid.", null=True, verbose_name="expires on"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="renewed",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="documentevent",
            name="expires_on",
            field=models.DateField(
                blank=True, help_text="The last day it is valid.", null=True, verbose_name="expires on"
            ),
        ),
        migrations.AddField(
            model_name="documentevent",
            name="renewed",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="expecteddocument",
            name="expired_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="expired on"),
        ),
        migrations.AddField(
            model_name="expecteddocumentevent",
            name="expired_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="expired on"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("expires_on__isnull", False), ("renewed", False), ("status", "APPROVED")),
                fields=["expires_on"],
                name="document_expires",
            ),
        ),
        ReplaceTrigger(
            model_name="artifact",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_artifactevent" ("at_country", "at_site", "at_trial", "country_milestone", "dated_by", "filed_by_investigator", "filed_by_sponsor", "id", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_model_id", "requiredness", "section_name", "section_number", "site_milestone", "trial_milestone", "unblinded_by_default", "unique_id", "valid_months", "zone_name", "zone_number") VALUES (NEW."at_country", NEW."at_site", NEW."at_trial", NEW."country_milestone", NEW."dated_by", NEW."filed_by_investigator", NEW."filed_by_sponsor", NEW."id", NEW."name", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."reference_model_id", NEW."requiredness", NEW."section_name", NEW."section_number", NEW."site_milestone", NEW."trial_milestone", NEW."unblinded_by_default", NEW."unique_id", NEW."valid_months", NEW."zone_name", NEW."zone_number"); RETURN NULL;',
                    hash="86836a6f44700e3eb2480fd8fb582dd1e37c07bf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2efa4",
                    table="documents_artifact",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="artifact",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "documents_artifactevent" ("at_country", "at_site", "at_trial", "country_milestone", "dated_by", "filed_by_investigator", "filed_by_sponsor", "id", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_model_id", "requiredness", "section_name", "section_number", "site_milestone", "trial_milestone", "unblinded_by_default", "unique_id", "valid_months", "zone_name", "zone_number") VALUES (NEW."at_country", NEW."at_site", NEW."at_trial", NEW."country_milestone", NEW."dated_by", NEW."filed_by_investigator", NEW."filed_by_sponsor", NEW."id", NEW."name", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."reference_model_id", NEW."requiredness", NEW."section_name", NEW."section_number", NEW."site_milestone", NEW."trial_milestone", NEW."unblinded_by_default", NEW."unique_id", NEW."valid_months", NEW."zone_name", NEW."zone_number"); RETURN NULL;',
                    hash="62b021ce8e2b2f2de05d3cfda7b4de6ccc521c7f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d164d",
                    table="documents_artifact",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="artifact",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_artifactevent" ("at_country", "at_site", "at_trial", "country_milestone", "dated_by", "filed_by_investigator", "filed_by_sponsor", "id", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference_model_id", "requiredness", "section_name", "section_number", "site_milestone", "trial_milestone", "unblinded_by_default", "unique_id", "valid_months", "zone_name", "zone_number") VALUES (OLD."at_country", OLD."at_site", OLD."at_trial", OLD."country_milestone", OLD."dated_by", OLD."filed_by_investigator", OLD."filed_by_sponsor", OLD."id", OLD."name", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reference_model_id", OLD."requiredness", OLD."section_name", OLD."section_number", OLD."site_milestone", OLD."trial_milestone", OLD."unblinded_by_default", OLD."unique_id", OLD."valid_months", OLD."zone_name", OLD."zone_number"); RETURN NULL;',
                    hash="790df18f5978eb00101a23408c3f1e540bef3549",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2fd98",
                    table="documents_artifact",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_documentevent" ("about", "artifact_id", "claimed_by_id", "country_id", "document_date", "expected_id", "expires_on", "id", "language", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "renewed", "replaces_id", "site_id", "source", "status", "study_id", "title", "unblinded", "uploaded_by_id") VALUES (NEW."about", NEW."artifact_id", NEW."claimed_by_id", NEW."country_id", NEW."document_date", NEW."expected_id", NEW."expires_on", NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."published", NEW."renewed", NEW."replaces_id", NEW."site_id", NEW."source", NEW."status", NEW."study_id", NEW."title", NEW."unblinded", NEW."uploaded_by_id"); RETURN NULL;',
                    hash="f579b1f9858fc7eaa4c85d947dfee24aec96a895",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_be524",
                    table="documents_document",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."artifact_id" IS DISTINCT FROM (NEW."artifact_id") OR OLD."claimed_by_id" IS DISTINCT FROM (NEW."claimed_by_id") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."document_date" IS DISTINCT FROM (NEW."document_date") OR OLD."expected_id" IS DISTINCT FROM (NEW."expected_id") OR OLD."expires_on" IS DISTINCT FROM (NEW."expires_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."renewed" IS DISTINCT FROM (NEW."renewed") OR OLD."replaces_id" IS DISTINCT FROM (NEW."replaces_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id"))',
                    func='INSERT INTO "documents_documentevent" ("about", "artifact_id", "claimed_by_id", "country_id", "document_date", "expected_id", "expires_on", "id", "language", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "renewed", "replaces_id", "site_id", "source", "status", "study_id", "title", "unblinded", "uploaded_by_id") VALUES (NEW."about", NEW."artifact_id", NEW."claimed_by_id", NEW."country_id", NEW."document_date", NEW."expected_id", NEW."expires_on", NEW."id", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."published", NEW."renewed", NEW."replaces_id", NEW."site_id", NEW."source", NEW."status", NEW."study_id", NEW."title", NEW."unblinded", NEW."uploaded_by_id"); RETURN NULL;',
                    hash="b5d7a013180566a99d6fe4569c0cf3516c6125b2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a3ed6",
                    table="documents_document",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_documentevent" ("about", "artifact_id", "claimed_by_id", "country_id", "document_date", "expected_id", "expires_on", "id", "language", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "renewed", "replaces_id", "site_id", "source", "status", "study_id", "title", "unblinded", "uploaded_by_id") VALUES (OLD."about", OLD."artifact_id", OLD."claimed_by_id", OLD."country_id", OLD."document_date", OLD."expected_id", OLD."expires_on", OLD."id", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."published", OLD."renewed", OLD."replaces_id", OLD."site_id", OLD."source", OLD."status", OLD."study_id", OLD."title", OLD."unblinded", OLD."uploaded_by_id"); RETURN NULL;',
                    hash="de36c1fe23c126ad243f0a75502faa5cedb6957e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0c008",
                    table="documents_document",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."artifact_id" IS DISTINCT FROM (NEW."artifact_id") OR OLD."claimed_by_id" IS DISTINCT FROM (NEW."claimed_by_id") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."document_date" IS DISTINCT FROM (NEW."document_date") OR OLD."expected_id" IS DISTINCT FROM (NEW."expected_id") OR OLD."expires_on" IS DISTINCT FROM (NEW."expires_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."renewed" IS DISTINCT FROM (NEW."renewed") OR OLD."replaces_id" IS DISTINCT FROM (NEW."replaces_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="62bde6c5330da8306bcf61cc87fcd07383a65e03",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_59cbe",
                    table="documents_document",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'DRAFT' THEN\n                    RAISE EXCEPTION 'A new % begins as DRAFT, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['APPROVED', 'IN_REVIEW', 'REVIEWED', 'SUBMITTED', 'SUPERSEDED', 'VOIDED']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['claimed_by_id', 'expected_id', 'published', 'renewed', 'status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['claimed_by_id', 'expected_id', 'published', 'renewed', 'status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['APPROVED>SUPERSEDED', 'APPROVED>VOIDED', 'DRAFT>SUBMITTED', 'DRAFT>VOIDED', 'IN_REVIEW>RETURNED', 'IN_REVIEW>REVIEWED', 'IN_REVIEW>SUBMITTED', 'RETURNED>SUBMITTED', 'RETURNED>VOIDED', 'REVIEWED>APPROVED', 'REVIEWED>RETURNED', 'SUBMITTED>DRAFT', 'SUBMITTED>IN_REVIEW', 'VOIDED>DRAFT']::text[])\n                        \n            OR (OLD.\"status\" = 'DRAFT' AND NEW.\"status\" = ANY(ARRAY['APPROVED']::text[]) AND EXISTS (\n                SELECT 1 FROM \"documents_documentevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'DRAFT'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="0c60f2033e911569ad49fb9617dab46565dd8f3f",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_c668f",
                    table="documents_document",
                    when="BEFORE",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="expecteddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_expecteddocumentevent" ("added_by_id", "artifact_id", "country_id", "due_on", "expired_on", "filed_number", "filed_on", "filed_system", "gate", "id", "key", "label", "level", "number_expected", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule_id", "site_id", "source", "status", "study_id", "unblinded") VALUES (NEW."added_by_id", NEW."artifact_id", NEW."country_id", NEW."due_on", NEW."expired_on", NEW."filed_number", NEW."filed_on", NEW."filed_system", NEW."gate", NEW."id", NEW."key", NEW."label", NEW."level", NEW."number_expected", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."rule_id", NEW."site_id", NEW."source", NEW."status", NEW."study_id", NEW."unblinded"); RETURN NULL;',
                    hash="4224da32a103c8609f31ea66c5e15a8185ed40af",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c78ea",
                    table="documents_expecteddocument",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="expecteddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."artifact_id" IS DISTINCT FROM (NEW."artifact_id") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."expired_on" IS DISTINCT FROM (NEW."expired_on") OR OLD."filed_number" IS DISTINCT FROM (NEW."filed_number") OR OLD."filed_on" IS DISTINCT FROM (NEW."filed_on") OR OLD."filed_system" IS DISTINCT FROM (NEW."filed_system") OR OLD."gate" IS DISTINCT FROM (NEW."gate") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."number_expected" IS DISTINCT FROM (NEW."number_expected") OR OLD."rule_id" IS DISTINCT FROM (NEW."rule_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func='INSERT INTO "documents_expecteddocumentevent" ("added_by_id", "artifact_id", "country_id", "due_on", "expired_on", "filed_number", "filed_on", "filed_system", "gate", "id", "key", "label", "level", "number_expected", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule_id", "site_id", "source", "status", "study_id", "unblinded") VALUES (NEW."added_by_id", NEW."artifact_id", NEW."country_id", NEW."due_on", NEW."expired_on", NEW."filed_number", NEW."filed_on", NEW."filed_system", NEW."gate", NEW."id", NEW."key", NEW."label", NEW."level", NEW."number_expected", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."rule_id", NEW."site_id", NEW."source", NEW."status", NEW."study_id", NEW."unblinded"); RETURN NULL;',
                    hash="a58ce8aedac75616f74bf60f3753daae0ac7c784",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_32984",
                    table="documents_expecteddocument",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="expecteddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "documents_expecteddocumentevent" ("added_by_id", "artifact_id", "country_id", "due_on", "expired_on", "filed_number", "filed_on", "filed_system", "gate", "id", "key", "label", "level", "number_expected", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule_id", "site_id", "source", "status", "study_id", "unblinded") VALUES (OLD."added_by_id", OLD."artifact_id", OLD."country_id", OLD."due_on", OLD."expired_on", OLD."filed_number", OLD."filed_on", OLD."filed_system", OLD."gate", OLD."id", OLD."key", OLD."label", OLD."level", OLD."number_expected", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."rule_id", OLD."site_id", OLD."source", OLD."status", OLD."study_id", OLD."unblinded"); RETURN NULL;',
                    hash="9a0e5a41f4ffd1d44bfbe6c3dbdddd43df5b7402",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_43115",
                    table="documents_expecteddocument",
                    when="AFTER",
                ),
            ),
        ),
        ReplaceTrigger(
            model_name="expecteddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."artifact_id" IS DISTINCT FROM (NEW."artifact_id") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."expired_on" IS DISTINCT FROM (NEW."expired_on") OR OLD."filed_number" IS DISTINCT FROM (NEW."filed_number") OR OLD."filed_on" IS DISTINCT FROM (NEW."filed_on") OR OLD."filed_system" IS DISTINCT FROM (NEW."filed_system") OR OLD."gate" IS DISTINCT FROM (NEW."gate") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."number_expected" IS DISTINCT FROM (NEW."number_expected") OR OLD."rule_id" IS DISTINCT FROM (NEW."rule_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="9084724232ca9363acad316ef7749f0f36daef8d",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_cdefc",
                    table="documents_expecteddocument",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="artifact",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_months__isnull", True), ("valid_months__gte", 1), _connector="OR"),
                name="artifact_valid_for_a_month",
                violation_error_message="A paper that expires is valid for a month at least.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_on__isnull", True),
                    ("document_date__isnull", True),
                    ("expires_on__gte", models.F("document_date")),
                    _connector="OR",
                ),
                name="document_expires_after_its_date",
                violation_error_message="A document does not expire before its own date.",
            ),
        ),
        migrations.RunPython(say_what_expires, migrations.RunPython.noop),
    ]
