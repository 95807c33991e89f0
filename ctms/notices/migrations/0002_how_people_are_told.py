import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("AT_ONCE", "Mail at once"),
                            ("DAILY", "Mail once a day"),
                            ("IN_PRODUCT", "Only here"),
                            ("MUTED", "Not at all"),
                        ],
                        max_length=10,
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
                "constraints": [models.UniqueConstraint(fields=["user", "kind"], name="notice_chosen_once")]
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="duty",
            field=models.BooleanField(
                default=True, help_text="something to do, or a deadline: told whatever is muted"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="followed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notices.notice",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="how",
            field=models.CharField(
                choices=[
                    ("AT_ONCE", "Mail at once"),
                    ("DAILY", "Mail once a day"),
                    ("IN_PRODUCT", "Only here"),
                    ("MUTED", "Not at all"),
                ],
                default="AT_ONCE",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("how", "DAILY"), ("mailed_at", None)),
                fields=["user"],
                name="notice_for_the_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("duty", False), models.Q(("how", "MUTED"), _negated=True), _connector="OR"
                ),
                name="notice_duty_not_muted",
            ),
        ),
    ]
