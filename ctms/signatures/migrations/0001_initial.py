import ctms.audit.operations
import ctms.audit.trail
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
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.CharField(
                        help_text="label and id, e.g. monitoring.MonitoringReport/12", max_length=100
                    ),
                ),
                ("signer_name", models.CharField(max_length=300)),
                (
                    "meaning",
                    models.CharField(
                        choices=[
                            ("AUTHORED", "Authored"),
                            ("REVIEWED", "Reviewed"),
                            ("APPROVED", "Approved"),
                            ("ACKNOWLEDGED", "Acknowledged"),
                            ("VERIFIED", "Verified"),
                        ],
                        max_length=20,
                    ),
                ),
                ("method", models.CharField(max_length=20)),
                ("content", models.TextField()),
                ("content_sha256", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "transaction",
                    models.BigIntegerField(db_default=ctms.audit.trail.CurrentTransaction(), editable=False),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record", "id"], name="signature_record")],
            },
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="signature",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5bb26af2cb2466b873780f2628dc97d840b3abe3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e5eab",
                    table="signatures_signature",
                    when="BEFORE",
                ),
            ),
        ),
    ]
