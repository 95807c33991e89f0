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
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="the format, such as USDM 4.0, or the sheet's name", max_length=60
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("sha256", models.CharField(blank=True, db_index=True, max_length=64)),
                ("created", models.JSONField(default=dict)),
                ("updated", models.JSONField(default=dict)),
                ("unresolved", models.JSONField(default=list)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-at"], name="imports_imp_at_ffaf1b_idx")],
            },
        ),
        migrations.CreateModel(
            name="ImportedRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(help_text="label and id, e.g. studies.Study/12", max_length=100)),
                ("kind", models.CharField(max_length=60)),
                ("created", models.BooleanField()),
                ("stated", models.JSONField(default=list)),
                ("given", models.JSONField(default=list)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="imports.importrun",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record", "id"], name="importedrecord_record")],
            },
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="importrun",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5611f62c84a81511a85f8f04d453dbb37c48bdb1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bca90",
                    table="imports_importrun",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="importedrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4d667c21bb9ba88d19177ae23e3f5fd38066f093",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_99ae3",
                    table="imports_importedrecord",
                    when="BEFORE",
                ),
            ),
        ),
    ]
