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
        ("signatures", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TransitionRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=100)),
                ("field", models.CharField(max_length=50)),
                ("name", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=100)),
                ("source", models.CharField(max_length=40)),
                ("target", models.CharField(max_length=40)),
                ("actor_name", models.CharField(max_length=300)),
                ("reason", models.TextField(blank=True)),
                ("happened_on", models.DateField(blank=True, null=True)),
                ("channel", models.CharField(max_length=20)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "transaction",
                    models.BigIntegerField(db_default=ctms.audit.trail.CurrentTransaction(), editable=False),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signature",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signatures.signature",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record", "id"], name="transition_record")],
            },
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="transitionrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="aa325573be4813115d4c38a42e8772d52994c795",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1578e",
                    table="workflow_transitionrecord",
                    when="BEFORE",
                ),
            ),
        ),
    ]
