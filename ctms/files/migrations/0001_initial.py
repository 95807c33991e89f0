import ctms.audit.operations
import django.db.models.deletion
import django.db.models.functions.datetime
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
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("stored_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "stored_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccessRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("DOWNLOAD", "Download"), ("EXPORT", "Export")], max_length=10),
                ),
                (
                    "record",
                    models.CharField(help_text="label and id, e.g. documents.Document/12", max_length=100),
                ),
                ("detail", models.CharField(blank=True, max_length=400)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                "indexes": [
                    models.Index(fields=["record", "-at"], name="files_acces_record_fb2fd7_idx"),
                    models.Index(fields=["user", "-at"], name="files_acces_user_id_fd775a_idx"),
                ],
            },
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="accessrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f8cdd7b240bf822d5e110a73b69d167d89ea7e73",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4a3e9",
                    table="files_accessrecord",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="storedfile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="acc23589f9bb114ee74a05746ee5b3a32f729b5e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5ecea",
                    table="files_storedfile",
                    when="BEFORE",
                ),
            ),
        ),
    ]
