import django.contrib.postgres.indexes
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("audit", "0001_extensions")]

    operations = [
        BtreeGinExtension(),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.TextField(help_text="label of the model, e.g. studies.StudySite")),
                ("record", models.BigIntegerField()),
                ("study", models.BigIntegerField(null=True)),
                ("country", models.BigIntegerField(null=True)),
                ("site", models.BigIntegerField(null=True)),
                ("unblinded", models.BooleanField()),
                ("published", models.BooleanField()),
                ("final", models.BooleanField(help_text="in a state in which it is no draft")),
                ("numerous", models.BooleanField(help_text="of a kind a study has in tens of thousands")),
                ("number", models.TextField()),
                ("words", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(models.F("number"), name="text_pattern_ops"),
                        name="search_entry_number",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        models.F("study"),
                        models.F("country"),
                        models.F("site"),
                        django.contrib.postgres.indexes.OpClass(models.F("words"), name="gin_trgm_ops"),
                        condition=models.Q(("numerous", False)),
                        name="search_entry_words",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        models.F("study"),
                        models.F("country"),
                        models.F("site"),
                        django.contrib.postgres.indexes.OpClass(models.F("words"), name="gin_trgm_ops"),
                        condition=models.Q(("numerous", True)),
                        name="search_entry_many_words",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(models.F("words"), name="gin_trgm_ops"),
                        condition=models.Q(("study", None)),
                        name="search_entry_words_above",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("kind", "record"), name="search_entry_once")],
            },
        ),
    ]
