import ctms.audit.operations
import ctms.audit.trail
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("documents", "0001_initial"),
        ("studies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonitoringVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "visit_type",
                    models.CharField(
                        choices=[
                            ("SQV", "Site qualification visit"),
                            ("SIV", "Site initiation visit"),
                            ("IMV", "Interim monitoring visit"),
                            ("COV", "Close-out visit"),
                            ("FCV", "For-cause visit"),
                            ("CMV", "Co-monitoring visit"),
                        ],
                        max_length=3,
                        verbose_name="type",
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("ON_SITE", "On site"),
                            ("REMOTE", "Remote"),
                            ("HYBRID", "Hybrid"),
                            ("TELEPHONE", "Telephone"),
                        ],
                        default="ON_SITE",
                        max_length=10,
                    ),
                ),
                ("planned_start_on", models.DateField(verbose_name="planned first day")),
                ("planned_end_on", models.DateField(verbose_name="planned last day")),
                (
                    "actual_start_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="first day"),
                ),
                (
                    "actual_end_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last day"),
                ),
                ("purpose", models.TextField(blank=True)),
                (
                    "unblinded",
                    models.BooleanField(
                        default=False,
                        help_text="A visit blinded people must not know of, such as to the pharmacy.",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PROPOSED", "Proposed"),
                            ("PLANNED", "Planned"),
                            ("CONFIRMED", "Confirmed"),
                            ("CONDUCTED", "Conducted"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="PROPOSED",
                        editable=False,
                        max_length=10,
                    ),
                ),
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
                "permissions": [
                    ("move_monitoringvisit", "Plan, confirm, conduct and cancel monitoring visits")
                ],
                "indexes": [
                    models.Index(fields=["planned_start_on"], name="monitoringvisit_planned"),
                    models.Index(fields=["study", "id"], name="monitoring__study_i_14b890_idx"),
                    models.Index(fields=["country", "id"], name="monitoring__country_0ee3b7_idx"),
                    models.Index(fields=["site", "id"], name="monitoring__site_id_798383_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "visit_type", "unblinded", "number"),
                        name="monitoringvisit_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("planned_end_on__gte", models.F("planned_start_on"))),
                        name="monitoringvisit_planned_in_order",
                        violation_error_message="The planned last day lies before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("actual_end_on__isnull", True), ("actual_start_on__isnull", True)),
                            ("actual_end_on__gte", models.F("actual_start_on")),
                            _connector="OR",
                        ),
                        name="monitoringvisit_actual_in_order",
                        violation_error_message="The last day lies before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "CONDUCTED"), _negated=True),
                            ("actual_end_on__isnull", False),
                            _connector="OR",
                        ),
                        name="monitoringvisit_conducted_has_its_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonitoringVisitEvent",
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
                    "visit_type",
                    models.CharField(
                        choices=[
                            ("SQV", "Site qualification visit"),
                            ("SIV", "Site initiation visit"),
                            ("IMV", "Interim monitoring visit"),
                            ("COV", "Close-out visit"),
                            ("FCV", "For-cause visit"),
                            ("CMV", "Co-monitoring visit"),
                        ],
                        max_length=3,
                        verbose_name="type",
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("ON_SITE", "On site"),
                            ("REMOTE", "Remote"),
                            ("HYBRID", "Hybrid"),
                            ("TELEPHONE", "Telephone"),
                        ],
                        default="ON_SITE",
                        max_length=10,
                    ),
                ),
                ("planned_start_on", models.DateField(verbose_name="planned first day")),
                ("planned_end_on", models.DateField(verbose_name="planned last day")),
                (
                    "actual_start_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="first day"),
                ),
                (
                    "actual_end_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last day"),
                ),
                ("purpose", models.TextField(blank=True)),
                (
                    "unblinded",
                    models.BooleanField(
                        default=False,
                        help_text="A visit blinded people must not know of, such as to the pharmacy.",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PROPOSED", "Proposed"),
                            ("PLANNED", "Planned"),
                            ("CONFIRMED", "Confirmed"),
                            ("CONDUCTED", "Conducted"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="PROPOSED",
                        editable=False,
                        max_length=10,
                    ),
                ),
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
                        to="monitoring.monitoringvisit",
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
                        fields=["pgh_transaction"], name="monitoring__pgh_tra_d01c79_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="monitoring__pgh_cre_9118aa_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="monitoring__study_i_b65d21_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "visit_type",
                    models.CharField(
                        choices=[
                            ("SQV", "Site qualification visit"),
                            ("SIV", "Site initiation visit"),
                            ("IMV", "Interim monitoring visit"),
                            ("COV", "Close-out visit"),
                            ("FCV", "For-cause visit"),
                            ("CMV", "Co-monitoring visit"),
                        ],
                        max_length=3,
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("DRAFT", "Draft"), ("APPROVED", "Approved"), ("SUPERSEDED", "Superseded")],
                        default="DRAFT",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "permissions": [("manage_templates", "Draft and approve report templates")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("visit_type", "number"), name="reporttemplate_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "APPROVED")),
                        fields=("visit_type",),
                        name="reporttemplate_one_approved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonitoringReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                ("summary", models.TextField(blank=True)),
                ("submitted_on", models.DateField(blank=True, editable=False, null=True)),
                ("approved_on", models.DateField(blank=True, editable=False, null=True)),
                ("snapshot", models.JSONField(blank=True, editable=False, null=True)),
                (
                    "published",
                    models.BooleanField(default=False, editable=False, verbose_name="shown to the sponsor"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("DRAFT", "Draft"), ("IN_REVIEW", "In review"), ("APPROVED", "Approved")],
                        default="DRAFT",
                        editable=False,
                        max_length=10,
                    ),
                ),
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
                    "filed_as",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
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
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report",
                        to="monitoring.monitoringvisit",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.reporttemplate",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("write_report", "Write the report of an own visit"),
                    ("submit_report", "Sign and submit the report of an own visit"),
                    ("approve_report", "Sign and approve a report, or return it"),
                    ("publish_report", "Show an approved report to the sponsor"),
                ],
                "indexes": [
                    models.Index(fields=["study", "id"], name="monitoring__study_i_73e1d5_idx"),
                    models.Index(fields=["country", "id"], name="monitoring__country_ae9d66_idx"),
                    models.Index(fields=["site", "id"], name="monitoring__site_id_bdf3af_idx"),
                    models.Index(
                        condition=models.Q(("published", True)),
                        fields=["study", "id"],
                        name="monitoringreport_published",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published", False),
                            models.Q(("status", "APPROVED"), ("unblinded", False)),
                            _connector="OR",
                        ),
                        name="monitoringreport_published_is_approved_and_blind_safe",
                        violation_error_message="Only approved, blind-safe reports are shown to the sponsor.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "APPROVED"), _negated=True),
                            ("snapshot__isnull", False),
                            _connector="OR",
                        ),
                        name="monitoringreport_approved_has_its_snapshot",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                ("text", models.TextField()),
                (
                    "responsible",
                    models.CharField(
                        choices=[("SITE", "Site"), ("CRA", "CRA"), ("CRO", "CRO"), ("SPONSOR", "Sponsor")],
                        default="SITE",
                        max_length=10,
                    ),
                ),
                ("opened_on", models.DateField()),
                ("due_on", models.DateField()),
                ("resolution", models.TextField(blank=True)),
                ("closed_on", models.DateField(blank=True, editable=False, null=True)),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("OPEN", "Open"),
                            ("IN_PROGRESS", "In progress"),
                            ("RESOLVED", "Resolved by the site"),
                            ("CLOSED", "Closed"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="OPEN",
                        editable=False,
                        max_length=15,
                    ),
                ),
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
                (
                    "raised_in",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_items",
                        to="monitoring.monitoringreport",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("progress_actionitem", "Record progress of an action item"),
                    ("close_actionitem", "Close, cancel or reopen an action item"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ("OPEN", "IN_PROGRESS", "RESOLVED"))),
                        fields=["due_on"],
                        name="actionitem_open_due",
                    ),
                    models.Index(fields=["study", "id"], name="monitoring__study_i_87f37a_idx"),
                    models.Index(fields=["country", "id"], name="monitoring__country_75e678_idx"),
                    models.Index(fields=["site", "id"], name="monitoring__site_id_8beb78_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "unblinded", "number"), name="actionitem_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("opened_on"))),
                        name="actionitem_due_after_opening",
                        violation_error_message="The due day lies before the day the item was opened.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionItemEvent",
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
                ("number", models.PositiveIntegerField(editable=False)),
                ("text", models.TextField()),
                (
                    "responsible",
                    models.CharField(
                        choices=[("SITE", "Site"), ("CRA", "CRA"), ("CRO", "CRO"), ("SPONSOR", "Sponsor")],
                        default="SITE",
                        max_length=10,
                    ),
                ),
                ("opened_on", models.DateField()),
                ("due_on", models.DateField()),
                ("resolution", models.TextField(blank=True)),
                ("closed_on", models.DateField(blank=True, editable=False, null=True)),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("OPEN", "Open"),
                            ("IN_PROGRESS", "In progress"),
                            ("RESOLVED", "Resolved by the site"),
                            ("CLOSED", "Closed"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="OPEN",
                        editable=False,
                        max_length=15,
                    ),
                ),
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
                        to="monitoring.actionitem",
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
                (
                    "raised_in",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="monitoring.monitoringreport",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="monitoring__pgh_tra_2c0df9_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="monitoring__pgh_cre_e9b7b5_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="monitoring__study_i_e116de_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                ("question_key", models.SlugField(max_length=60)),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("YES", "Yes"),
                            ("NO", "No"),
                            ("NOT_APPLICABLE", "Not applicable"),
                            ("NOT_REVIEWED", "Not reviewed"),
                        ],
                        max_length=15,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
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
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="monitoring.monitoringreport",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["study", "id"], name="monitoring__study_i_48569b_idx"),
                    models.Index(fields=["country", "id"], name="monitoring__country_1ceee1_idx"),
                    models.Index(fields=["site", "id"], name="monitoring__site_id_45d509_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "question_key"), name="answer_once_a_question")
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerEvent",
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
                ("unblinded", models.BooleanField(default=False, editable=False)),
                ("question_key", models.SlugField(db_index=False, max_length=60)),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("YES", "Yes"),
                            ("NO", "No"),
                            ("NOT_APPLICABLE", "Not applicable"),
                            ("NOT_REVIEWED", "Not reviewed"),
                        ],
                        max_length=15,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
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
                        to="monitoring.answer",
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
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="monitoring__pgh_tra_8d56ee_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="monitoring__pgh_cre_c8084c_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="monitoring__study_i_577c90_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deviation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "subject_number",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?=.*\\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,29}$",
                                "Write the subject's number, such as 2003-014; names stay at the site.",
                            )
                        ],
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("CONSENT", "Informed consent"),
                            ("ELIGIBILITY", "Eligibility"),
                            ("WINDOW", "Out of window"),
                            ("MISSED_ASSESSMENT", "Missed assessment"),
                            ("MISSED_VISIT", "Missed subject visit"),
                            ("DOSING", "Dosing"),
                            ("PROHIBITED_MEDICATION", "Prohibited medication"),
                            ("SAMPLE", "Sample or laboratory"),
                            ("PRODUCT", "Investigational product"),
                            ("SAFETY_REPORTING", "Safety reporting"),
                            ("OTHER", "Other"),
                        ],
                        max_length=25,
                    ),
                ),
                ("description", models.TextField()),
                ("occurred_on", models.DateField()),
                ("identified_on", models.DateField()),
                (
                    "importance",
                    models.CharField(
                        blank=True,
                        choices=[("IMPORTANT", "Important"), ("NOT_IMPORTANT", "Not important")],
                        max_length=15,
                    ),
                ),
                ("immediate_action", models.TextField(blank=True)),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("NEW", "New"),
                            ("UNDER_REVIEW", "Under review"),
                            ("CONFIRMED", "Confirmed"),
                            ("NOT_A_DEVIATION", "Not a deviation"),
                            ("CLOSED", "Closed"),
                        ],
                        default="NEW",
                        editable=False,
                        max_length=20,
                    ),
                ),
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
                (
                    "raised_in",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deviations",
                        to="monitoring.monitoringreport",
                    ),
                ),
            ],
            options={
                "permissions": [("classify_deviation", "Review and classify protocol deviations")],
                "indexes": [
                    models.Index(fields=["study", "id"], name="monitoring__study_i_3e551b_idx"),
                    models.Index(fields=["country", "id"], name="monitoring__country_206821_idx"),
                    models.Index(fields=["site", "id"], name="monitoring__site_id_e3f199_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "unblinded", "number"), name="deviation_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("identified_on__gte", models.F("occurred_on"))),
                        name="deviation_identified_after_it_occurred",
                        violation_error_message="It cannot have been identified before it occurred.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("CONFIRMED", "CLOSED")), _negated=True),
                            models.Q(("importance", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="deviation_confirmed_is_classified",
                        violation_error_message="Say whether the deviation is important.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeviationEvent",
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
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "subject_number",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?=.*\\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,29}$",
                                "Write the subject's number, such as 2003-014; names stay at the site.",
                            )
                        ],
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("CONSENT", "Informed consent"),
                            ("ELIGIBILITY", "Eligibility"),
                            ("WINDOW", "Out of window"),
                            ("MISSED_ASSESSMENT", "Missed assessment"),
                            ("MISSED_VISIT", "Missed subject visit"),
                            ("DOSING", "Dosing"),
                            ("PROHIBITED_MEDICATION", "Prohibited medication"),
                            ("SAMPLE", "Sample or laboratory"),
                            ("PRODUCT", "Investigational product"),
                            ("SAFETY_REPORTING", "Safety reporting"),
                            ("OTHER", "Other"),
                        ],
                        max_length=25,
                    ),
                ),
                ("description", models.TextField()),
                ("occurred_on", models.DateField()),
                ("identified_on", models.DateField()),
                (
                    "importance",
                    models.CharField(
                        blank=True,
                        choices=[("IMPORTANT", "Important"), ("NOT_IMPORTANT", "Not important")],
                        max_length=15,
                    ),
                ),
                ("immediate_action", models.TextField(blank=True)),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("NEW", "New"),
                            ("UNDER_REVIEW", "Under review"),
                            ("CONFIRMED", "Confirmed"),
                            ("NOT_A_DEVIATION", "Not a deviation"),
                            ("CLOSED", "Closed"),
                        ],
                        default="NEW",
                        editable=False,
                        max_length=20,
                    ),
                ),
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
                        to="monitoring.deviation",
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
                (
                    "raised_in",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="monitoring.monitoringreport",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="monitoring__pgh_tra_97dd53_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="monitoring__pgh_cre_2d6333_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="monitoring__study_i_10acb8_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonitoringReportEvent",
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
                ("unblinded", models.BooleanField(default=False, editable=False)),
                ("summary", models.TextField(blank=True)),
                ("submitted_on", models.DateField(blank=True, editable=False, null=True)),
                ("approved_on", models.DateField(blank=True, editable=False, null=True)),
                ("snapshot", models.JSONField(blank=True, editable=False, null=True)),
                (
                    "published",
                    models.BooleanField(default=False, editable=False, verbose_name="shown to the sponsor"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("DRAFT", "Draft"), ("IN_REVIEW", "In review"), ("APPROVED", "Approved")],
                        default="DRAFT",
                        editable=False,
                        max_length=10,
                    ),
                ),
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
                    "filed_as",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="documents.document",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
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
                    "visit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="monitoring.monitoringvisit",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="monitoring.reporttemplate",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="monitoring__pgh_tra_c14017_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="monitoring__pgh_cre_a7e05c_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="monitoring__study_i_65b9fd_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportTemplateEvent",
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
                    "visit_type",
                    models.CharField(
                        choices=[
                            ("SQV", "Site qualification visit"),
                            ("SIV", "Site initiation visit"),
                            ("IMV", "Interim monitoring visit"),
                            ("COV", "Close-out visit"),
                            ("FCV", "For-cause visit"),
                            ("CMV", "Co-monitoring visit"),
                        ],
                        max_length=3,
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("DRAFT", "Draft"), ("APPROVED", "Approved"), ("SUPERSEDED", "Superseded")],
                        default="DRAFT",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="monitoring.reporttemplate",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="monitoring__pgh_tra_8a7aaa_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="monitoring__pgh_cre_a79211_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("section", models.CharField(max_length=100)),
                ("sequence", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=400)),
                ("guidance", models.CharField(blank=True, max_length=600)),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="monitoring.reporttemplate",
                    ),
                ),
            ],
            options={
                "ordering": ["sequence", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "key"), name="templatequestion_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateQuestionEvent",
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
                ("key", models.SlugField(db_index=False, max_length=60)),
                ("section", models.CharField(max_length=100)),
                ("sequence", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=400)),
                ("guidance", models.CharField(blank=True, max_length=600)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="monitoring.templatequestion",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="monitoring.reporttemplate",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="monitoring__pgh_tra_8e4228_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="monitoring__pgh_cre_786391_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitMonitor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unblinded", models.BooleanField(default=False, editable=False)),
                (
                    "part",
                    models.CharField(
                        choices=[("PRIMARY", "Primary monitor"), ("CO_MONITOR", "Co-monitor")], max_length=10
                    ),
                ),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="monitors",
                        to="monitoring.monitoringvisit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["study", "id"], name="monitoring__study_i_89527a_idx"),
                    models.Index(fields=["country", "id"], name="monitoring__country_8ab3cf_idx"),
                    models.Index(fields=["site", "id"], name="monitoring__site_id_02d3d7_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "user"), name="visitmonitor_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("part", "PRIMARY")),
                        fields=("visit",),
                        name="visitmonitor_one_primary",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitMonitorEvent",
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
                ("unblinded", models.BooleanField(default=False, editable=False)),
                (
                    "part",
                    models.CharField(
                        choices=[("PRIMARY", "Primary monitor"), ("CO_MONITOR", "Co-monitor")], max_length=10
                    ),
                ),
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
                        to="monitoring.visitmonitor",
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
                (
                    "visit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="monitoring.monitoringvisit",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="monitoring__pgh_tra_81404f_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="monitoring__pgh_cre_181a7e_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="monitoring__study_i_2b07ff_idx"
                    ),
                ],
            },
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reporttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_reporttemplateevent" ("id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "title", "visit_type") VALUES (NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."status", NEW."title", NEW."visit_type"); RETURN NULL;',
                    hash="1356990354bc22d89cc85d20c6322dae5ae3271e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9d456",
                    table="monitoring_reporttemplate",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reporttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."visit_type" IS DISTINCT FROM (NEW."visit_type"))',
                    func='INSERT INTO "monitoring_reporttemplateevent" ("id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "title", "visit_type") VALUES (NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."status", NEW."title", NEW."visit_type"); RETURN NULL;',
                    hash="7e4387861f147f8eed4d29cfc7449fb04a8c5655",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a5c6c",
                    table="monitoring_reporttemplate",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reporttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_reporttemplateevent" ("id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "title", "visit_type") VALUES (OLD."id", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."status", OLD."title", OLD."visit_type"); RETURN NULL;',
                    hash="c2d30e36c3c371cacbabb8e406dcead56e04bcd3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_36ce1",
                    table="monitoring_reporttemplate",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reporttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="503b83c09d6141b199aef656bed85dadf56f5cbe",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_935c5",
                    table="monitoring_reporttemplate",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reporttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."visit_type" IS DISTINCT FROM (NEW."visit_type"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="9f4aff77a7bb149237aab9d03a7a1c3761033a6f",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_9e365",
                    table="monitoring_reporttemplate",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reporttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'DRAFT' THEN\n                    RAISE EXCEPTION 'A new % begins as DRAFT, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['APPROVED', 'SUPERSEDED']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['APPROVED>SUPERSEDED', 'DRAFT>APPROVED']::text[])\n                        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'DRAFT'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="165d17057642c01a3f119b3c50e77d498ab00339",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_11a0a",
                    table="monitoring_reporttemplate",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3709e085f57ee4bf7f8782bb1121692d6733fc4b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_57071",
                    table="monitoring_deviationevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."site_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."site_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."country_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studycountry" WHERE "id" = NEW."country_id"; END IF;\nRETURN NEW;',
                    hash="f2a81d0108a0b09756bf9db19fc3633faa26d772",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_2cb1f",
                    table="monitoring_deviation",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="c861fbcd9159283ea14b61d032859649b226cf30",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_cb795",
                    table="monitoring_deviation",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_deviationevent" ("category", "country_id", "description", "id", "identified_on", "immediate_action", "importance", "number", "occurred_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_in_id", "site_id", "status", "study_id", "subject_number", "unblinded") VALUES (NEW."category", NEW."country_id", NEW."description", NEW."id", NEW."identified_on", NEW."immediate_action", NEW."importance", NEW."number", NEW."occurred_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."raised_in_id", NEW."site_id", NEW."status", NEW."study_id", NEW."subject_number", NEW."unblinded"); RETURN NULL;',
                    hash="3a567502c28e4d50e8e18abbd9773789d104aa72",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7c971",
                    table="monitoring_deviation",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."identified_on" IS DISTINCT FROM (NEW."identified_on") OR OLD."immediate_action" IS DISTINCT FROM (NEW."immediate_action") OR OLD."importance" IS DISTINCT FROM (NEW."importance") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."occurred_on" IS DISTINCT FROM (NEW."occurred_on") OR OLD."raised_in_id" IS DISTINCT FROM (NEW."raised_in_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."subject_number" IS DISTINCT FROM (NEW."subject_number") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func='INSERT INTO "monitoring_deviationevent" ("category", "country_id", "description", "id", "identified_on", "immediate_action", "importance", "number", "occurred_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_in_id", "site_id", "status", "study_id", "subject_number", "unblinded") VALUES (NEW."category", NEW."country_id", NEW."description", NEW."id", NEW."identified_on", NEW."immediate_action", NEW."importance", NEW."number", NEW."occurred_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."raised_in_id", NEW."site_id", NEW."status", NEW."study_id", NEW."subject_number", NEW."unblinded"); RETURN NULL;',
                    hash="f5f1497b855e50b0f1afa626e13a4a1a24ad48f4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0f297",
                    table="monitoring_deviation",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_deviationevent" ("category", "country_id", "description", "id", "identified_on", "immediate_action", "importance", "number", "occurred_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_in_id", "site_id", "status", "study_id", "subject_number", "unblinded") VALUES (OLD."category", OLD."country_id", OLD."description", OLD."id", OLD."identified_on", OLD."immediate_action", OLD."importance", OLD."number", OLD."occurred_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."raised_in_id", OLD."site_id", OLD."status", OLD."study_id", OLD."subject_number", OLD."unblinded"); RETURN NULL;',
                    hash="0d3660de4da7d35daec1b801849ac21e5bc9a5a7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_49da7",
                    table="monitoring_deviation",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="e89cf323dcadb27c8e07fd87c4de70af259447f9",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_8df49",
                    table="monitoring_deviation",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."identified_on" IS DISTINCT FROM (NEW."identified_on") OR OLD."immediate_action" IS DISTINCT FROM (NEW."immediate_action") OR OLD."importance" IS DISTINCT FROM (NEW."importance") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."occurred_on" IS DISTINCT FROM (NEW."occurred_on") OR OLD."raised_in_id" IS DISTINCT FROM (NEW."raised_in_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."subject_number" IS DISTINCT FROM (NEW."subject_number") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="69d5a30f7ef8b48f9f37cd745133a761c1a43568",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_a111a",
                    table="monitoring_deviation",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="deviation",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'NEW' THEN\n                    RAISE EXCEPTION 'A new % begins as NEW, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['CLOSED']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['CONFIRMED>CLOSED', 'NEW>UNDER_REVIEW', 'UNDER_REVIEW>CONFIRMED', 'UNDER_REVIEW>NOT_A_DEVIATION']::text[])\n                        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'NEW'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="57289ff4ff53461ef219e280dae4dcb51ab08e7e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_4f6b3",
                    table="monitoring_deviation",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="answerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4120dd496e6881a8f8b4010d5dd69a1eafe0461f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c2c00",
                    table="monitoring_answerevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="stands_with_report",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM monitoring_monitoringreport WHERE \"id\" = OLD.\"report_id\" AND status <> 'DRAFT') THEN\n                RAISE EXCEPTION 'A % stands as the report on it is signed.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="8f4e7a7de317df1d072d971d807be5ef78ba8c09",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_stands_with_report_56d6c",
                    table="monitoring_answer",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."report_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "monitoring_monitoringreport" WHERE "id" = NEW."report_id"; END IF;\nIF NEW."report_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "monitoring_monitoringreport" WHERE "id" = NEW."report_id"; END IF;\nIF NEW."report_id" IS NOT NULL THEN SELECT "site_id" INTO NEW."site_id" FROM "monitoring_monitoringreport" WHERE "id" = NEW."report_id"; END IF;\nIF NEW."report_id" IS NOT NULL THEN SELECT "unblinded" INTO NEW."unblinded" FROM "monitoring_monitoringreport" WHERE "id" = NEW."report_id"; END IF;\nRETURN NEW;',
                    hash="d068c9291a9cfa3a29ef53a462415bb14708925b",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_9784e",
                    table="monitoring_answer",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_answerevent" ("comment", "country_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "report_id", "site_id", "study_id", "unblinded", "value") VALUES (NEW."comment", NEW."country_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."question_key", NEW."report_id", NEW."site_id", NEW."study_id", NEW."unblinded", NEW."value"); RETURN NULL;',
                    hash="d5f5c60d8b1e6fb6b993ea81d1a2ba355d652788",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f6676",
                    table="monitoring_answer",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "monitoring_answerevent" ("comment", "country_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "report_id", "site_id", "study_id", "unblinded", "value") VALUES (NEW."comment", NEW."country_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."question_key", NEW."report_id", NEW."site_id", NEW."study_id", NEW."unblinded", NEW."value"); RETURN NULL;',
                    hash="6a66989f81a4c0c752a399d4334ddf86c9a9aab5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_30e6b",
                    table="monitoring_answer",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_answerevent" ("comment", "country_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_key", "report_id", "site_id", "study_id", "unblinded", "value") VALUES (OLD."comment", OLD."country_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."question_key", OLD."report_id", OLD."site_id", OLD."study_id", OLD."unblinded", OLD."value"); RETURN NULL;',
                    hash="a56ae86db9cedb08ca8e669a214cfb524252c987",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_218a4",
                    table="monitoring_answer",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="20681f225c8fde31bf21a9553a7c685d56054d21",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_5380b",
                    table="monitoring_answer",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="4e36d9eccd2c70255005f191d9d8933694e4d65f",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_7d8ec",
                    table="monitoring_answer",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="c_frozen_with",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM \"monitoring_monitoringreport\" WHERE \"id\" IN (\n                CASE WHEN TG_OP <> 'INSERT' THEN OLD.\"report_id\" END,\n                CASE WHEN TG_OP <> 'DELETE' THEN NEW.\"report_id\" END)\n                AND \"status\" = ANY(ARRAY['APPROVED']::text[])) THEN\n                RAISE EXCEPTION '% belongs to a record that no longer changes.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n             RETURN COALESCE(NEW, OLD);",
                    hash="85f71afeaef2db33bf7dc47fd1531f69031020f2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_frozen_with_82578",
                    table="monitoring_answer",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitemevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ae8fb67d8572260ecafecde00e87672e74abf582",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9ce73",
                    table="monitoring_actionitemevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."site_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."site_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."country_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studycountry" WHERE "id" = NEW."country_id"; END IF;\nRETURN NEW;',
                    hash="a8da553dc964aeb71023ed2e858576936091406c",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_4c5d3",
                    table="monitoring_actionitem",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="c0260e0ba800ea376a415bcb29edf0e7d082b98a",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_78d6c",
                    table="monitoring_actionitem",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_actionitemevent" ("closed_on", "country_id", "due_on", "id", "number", "opened_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_in_id", "resolution", "responsible", "site_id", "status", "study_id", "text", "unblinded") VALUES (NEW."closed_on", NEW."country_id", NEW."due_on", NEW."id", NEW."number", NEW."opened_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."raised_in_id", NEW."resolution", NEW."responsible", NEW."site_id", NEW."status", NEW."study_id", NEW."text", NEW."unblinded"); RETURN NULL;',
                    hash="480dc1c9d24ae4cd6e8ead32399e72b3ba7733f4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0bfe7",
                    table="monitoring_actionitem",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."opened_on" IS DISTINCT FROM (NEW."opened_on") OR OLD."raised_in_id" IS DISTINCT FROM (NEW."raised_in_id") OR OLD."resolution" IS DISTINCT FROM (NEW."resolution") OR OLD."responsible" IS DISTINCT FROM (NEW."responsible") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func='INSERT INTO "monitoring_actionitemevent" ("closed_on", "country_id", "due_on", "id", "number", "opened_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_in_id", "resolution", "responsible", "site_id", "status", "study_id", "text", "unblinded") VALUES (NEW."closed_on", NEW."country_id", NEW."due_on", NEW."id", NEW."number", NEW."opened_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."raised_in_id", NEW."resolution", NEW."responsible", NEW."site_id", NEW."status", NEW."study_id", NEW."text", NEW."unblinded"); RETURN NULL;',
                    hash="d735a10d2e6419557c3f291995403979391e63ae",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d59fa",
                    table="monitoring_actionitem",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_actionitemevent" ("closed_on", "country_id", "due_on", "id", "number", "opened_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_in_id", "resolution", "responsible", "site_id", "status", "study_id", "text", "unblinded") VALUES (OLD."closed_on", OLD."country_id", OLD."due_on", OLD."id", OLD."number", OLD."opened_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."raised_in_id", OLD."resolution", OLD."responsible", OLD."site_id", OLD."status", OLD."study_id", OLD."text", OLD."unblinded"); RETURN NULL;',
                    hash="e21f97f523d9eab42432b8d3fa7e6a76702d8ffb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_16a91",
                    table="monitoring_actionitem",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="33b80576c33839a9355595031b0dd2725c0c3e90",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_108bd",
                    table="monitoring_actionitem",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."opened_on" IS DISTINCT FROM (NEW."opened_on") OR OLD."raised_in_id" IS DISTINCT FROM (NEW."raised_in_id") OR OLD."resolution" IS DISTINCT FROM (NEW."resolution") OR OLD."responsible" IS DISTINCT FROM (NEW."responsible") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="64554b18de3ee2dc4b8ba8a95dced9ce71ac97b5",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_535ed",
                    table="monitoring_actionitem",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="actionitem",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'OPEN' THEN\n                    RAISE EXCEPTION 'A new % begins as OPEN, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['CANCELLED']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['CLOSED>OPEN', 'IN_PROGRESS>CANCELLED', 'IN_PROGRESS>CLOSED', 'IN_PROGRESS>RESOLVED', 'OPEN>CANCELLED', 'OPEN>CLOSED', 'OPEN>IN_PROGRESS', 'OPEN>RESOLVED', 'RESOLVED>CLOSED', 'RESOLVED>OPEN']::text[])\n                        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'OPEN'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="3818c95ada4a9e226422a7df9352c0ab662b542a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_1611a",
                    table="monitoring_actionitem",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_its_identity",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."visit_type" IS DISTINCT FROM (NEW."visit_type") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5d4d080107ddfe4a6e0a849be4de92c02fbf6972",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_its_identity_1a1eb",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="stands_with_report",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM monitoring_monitoringreport WHERE \"visit_id\" = OLD.\"id\" AND status <> 'DRAFT') THEN\n                RAISE EXCEPTION 'A % stands as the report on it is signed.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="50711b294d28ef579c7780eb121c53ec159e830d",
                    operation="UPDATE",
                    pgid="pgtrigger_stands_with_report_b254f",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."site_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."site_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."country_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studycountry" WHERE "id" = NEW."country_id"; END IF;\nRETURN NEW;',
                    hash="751e4557d423eb76da145a98f80dfd2c6a48289c",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_95b2b",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="b63afe043973b45dad340ec6112ec31deb42f726",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_ce6e4",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_monitoringvisitevent" ("actual_end_on", "actual_start_on", "country_id", "id", "method", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end_on", "planned_start_on", "purpose", "site_id", "status", "study_id", "unblinded", "visit_type") VALUES (NEW."actual_end_on", NEW."actual_start_on", NEW."country_id", NEW."id", NEW."method", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."planned_end_on", NEW."planned_start_on", NEW."purpose", NEW."site_id", NEW."status", NEW."study_id", NEW."unblinded", NEW."visit_type"); RETURN NULL;',
                    hash="ab4124571afc439800ed745308cc5b29ff43a96c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_78ca4",
                    table="monitoring_monitoringvisit",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."actual_end_on" IS DISTINCT FROM (NEW."actual_end_on") OR OLD."actual_start_on" IS DISTINCT FROM (NEW."actual_start_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."planned_end_on" IS DISTINCT FROM (NEW."planned_end_on") OR OLD."planned_start_on" IS DISTINCT FROM (NEW."planned_start_on") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."visit_type" IS DISTINCT FROM (NEW."visit_type"))',
                    func='INSERT INTO "monitoring_monitoringvisitevent" ("actual_end_on", "actual_start_on", "country_id", "id", "method", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end_on", "planned_start_on", "purpose", "site_id", "status", "study_id", "unblinded", "visit_type") VALUES (NEW."actual_end_on", NEW."actual_start_on", NEW."country_id", NEW."id", NEW."method", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."planned_end_on", NEW."planned_start_on", NEW."purpose", NEW."site_id", NEW."status", NEW."study_id", NEW."unblinded", NEW."visit_type"); RETURN NULL;',
                    hash="9e8a1284727b3e6814559e02fd64fa57a129e772",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b41bc",
                    table="monitoring_monitoringvisit",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_monitoringvisitevent" ("actual_end_on", "actual_start_on", "country_id", "id", "method", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end_on", "planned_start_on", "purpose", "site_id", "status", "study_id", "unblinded", "visit_type") VALUES (OLD."actual_end_on", OLD."actual_start_on", OLD."country_id", OLD."id", OLD."method", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."planned_end_on", OLD."planned_start_on", OLD."purpose", OLD."site_id", OLD."status", OLD."study_id", OLD."unblinded", OLD."visit_type"); RETURN NULL;',
                    hash="479f4112ab74adc8f404e5a899fce2ea0a6b4ad3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a5a73",
                    table="monitoring_monitoringvisit",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="add5038b0ac368bb33d2d9f17292326c31e90904",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_b974f",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."actual_end_on" IS DISTINCT FROM (NEW."actual_end_on") OR OLD."actual_start_on" IS DISTINCT FROM (NEW."actual_start_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."planned_end_on" IS DISTINCT FROM (NEW."planned_end_on") OR OLD."planned_start_on" IS DISTINCT FROM (NEW."planned_start_on") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."visit_type" IS DISTINCT FROM (NEW."visit_type"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="df95af071f4d9e01b9d14d85856840a93625ec8e",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_ccad5",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'PROPOSED' THEN\n                    RAISE EXCEPTION 'A new % begins as PROPOSED, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['CANCELLED>PLANNED', 'CONFIRMED>CANCELLED', 'CONFIRMED>CONDUCTED', 'PLANNED>CANCELLED', 'PLANNED>CONDUCTED', 'PLANNED>CONFIRMED', 'PROPOSED>CANCELLED', 'PROPOSED>PLANNED']::text[])\n                        \n            OR (OLD.\"status\" = 'PROPOSED' AND NEW.\"status\" = ANY(ARRAY['CANCELLED', 'CONDUCTED']::text[]) AND EXISTS (\n                SELECT 1 FROM \"monitoring_monitoringvisitevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'PROPOSED'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="7f92b067d1f361dd78981ea612e366cb519d816b",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_5c2e0",
                    table="monitoring_monitoringvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringvisitevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c7a0ad227ca8effc07695d4dc96748ccda9ea096",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e3d83",
                    table="monitoring_monitoringvisitevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreportevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f578f6c527bc87cc8328036b600306abb6dfdaf6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_96442",
                    table="monitoring_monitoringreportevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_its_visit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."visit_id" IS DISTINCT FROM (NEW."visit_id") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5a0aebe833c34d9139b8a4e5f42adac1878875ec",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_its_visit_b5581",
                    table="monitoring_monitoringreport",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="stands_in_review",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."status" = \'IN_REVIEW\' AND NOT (NEW."status" = \'DRAFT\') AND (OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") OR OLD."submitted_on" IS DISTINCT FROM (NEW."submitted_on")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="353920419a3703fd2024dc814eb54db5ff909137",
                    operation="UPDATE",
                    pgid="pgtrigger_stands_in_review_ee2e1",
                    table="monitoring_monitoringreport",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."visit_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "monitoring_monitoringvisit" WHERE "id" = NEW."visit_id"; END IF;\nIF NEW."visit_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "monitoring_monitoringvisit" WHERE "id" = NEW."visit_id"; END IF;\nIF NEW."visit_id" IS NOT NULL THEN SELECT "site_id" INTO NEW."site_id" FROM "monitoring_monitoringvisit" WHERE "id" = NEW."visit_id"; END IF;\nIF NEW."visit_id" IS NOT NULL THEN SELECT "unblinded" INTO NEW."unblinded" FROM "monitoring_monitoringvisit" WHERE "id" = NEW."visit_id"; END IF;\nRETURN NEW;',
                    hash="2d8bde1083388cc35deacc2f6ec1e73add5517b6",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_c7cd3",
                    table="monitoring_monitoringreport",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="ff7eae0b9eaf9fd8a6bbd5b52d4fe7d6a4138b21",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_6fe95",
                    table="monitoring_monitoringreport",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_monitoringreportevent" ("approved_on", "country_id", "filed_as_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "site_id", "snapshot", "status", "study_id", "submitted_on", "summary", "template_id", "unblinded", "visit_id") VALUES (NEW."approved_on", NEW."country_id", NEW."filed_as_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."published", NEW."site_id", NEW."snapshot", NEW."status", NEW."study_id", NEW."submitted_on", NEW."summary", NEW."template_id", NEW."unblinded", NEW."visit_id"); RETURN NULL;',
                    hash="12958cb21f1966aa8f9429bd2f7a8111a9504987",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d39d6",
                    table="monitoring_monitoringreport",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."approved_on" IS DISTINCT FROM (NEW."approved_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."filed_as_id" IS DISTINCT FROM (NEW."filed_as_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."submitted_on" IS DISTINCT FROM (NEW."submitted_on") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."visit_id" IS DISTINCT FROM (NEW."visit_id"))',
                    func='INSERT INTO "monitoring_monitoringreportevent" ("approved_on", "country_id", "filed_as_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "site_id", "snapshot", "status", "study_id", "submitted_on", "summary", "template_id", "unblinded", "visit_id") VALUES (NEW."approved_on", NEW."country_id", NEW."filed_as_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."published", NEW."site_id", NEW."snapshot", NEW."status", NEW."study_id", NEW."submitted_on", NEW."summary", NEW."template_id", NEW."unblinded", NEW."visit_id"); RETURN NULL;',
                    hash="2992344180d639d77256adbe7cdd5b3ab2176e78",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a1530",
                    table="monitoring_monitoringreport",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_monitoringreportevent" ("approved_on", "country_id", "filed_as_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "site_id", "snapshot", "status", "study_id", "submitted_on", "summary", "template_id", "unblinded", "visit_id") VALUES (OLD."approved_on", OLD."country_id", OLD."filed_as_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."published", OLD."site_id", OLD."snapshot", OLD."status", OLD."study_id", OLD."submitted_on", OLD."summary", OLD."template_id", OLD."unblinded", OLD."visit_id"); RETURN NULL;',
                    hash="4807e932d0eba24e3ad94ed0b7c67dbc34f6cec4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e8731",
                    table="monitoring_monitoringreport",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="34f8a29c446ea74006cf33745634d461c9340248",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_2c75a",
                    table="monitoring_monitoringreport",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."approved_on" IS DISTINCT FROM (NEW."approved_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."filed_as_id" IS DISTINCT FROM (NEW."filed_as_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."submitted_on" IS DISTINCT FROM (NEW."submitted_on") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id") OR OLD."unblinded" IS DISTINCT FROM (NEW."unblinded") OR OLD."visit_id" IS DISTINCT FROM (NEW."visit_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="3f95b6ace62d19d2c2605c4db5173576869ccce2",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_d0daf",
                    table="monitoring_monitoringreport",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="monitoringreport",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'DRAFT' THEN\n                    RAISE EXCEPTION 'A new % begins as DRAFT, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['APPROVED']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['filed_as_id', 'published', 'status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['filed_as_id', 'published', 'status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['DRAFT>IN_REVIEW', 'IN_REVIEW>APPROVED', 'IN_REVIEW>DRAFT']::text[])\n                        \n            OR (OLD.\"status\" = 'DRAFT' AND NEW.\"status\" = ANY(ARRAY['APPROVED']::text[]) AND EXISTS (\n                SELECT 1 FROM \"monitoring_monitoringreportevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'DRAFT'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="bacad4e73131eff11b1f274ba05342018bf0f397",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_c6d88",
                    table="monitoring_monitoringreport",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="reporttemplateevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1cc1a85267e81b8dbac756381516c00cd837d089",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ff39b",
                    table="monitoring_reporttemplateevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="templatequestion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_templatequestionevent" ("guidance", "id", "key", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "section", "sequence", "template_id", "text") VALUES (NEW."guidance", NEW."id", NEW."key", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."section", NEW."sequence", NEW."template_id", NEW."text"); RETURN NULL;',
                    hash="42f6ddae0945a00402e06c81eda779ac2cd34312",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_baa08",
                    table="monitoring_templatequestion",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="templatequestion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "monitoring_templatequestionevent" ("guidance", "id", "key", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "section", "sequence", "template_id", "text") VALUES (NEW."guidance", NEW."id", NEW."key", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."section", NEW."sequence", NEW."template_id", NEW."text"); RETURN NULL;',
                    hash="d088ddb9cc027ad1276286cd4c7a414a4b23f75f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5d5fd",
                    table="monitoring_templatequestion",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="templatequestion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_templatequestionevent" ("guidance", "id", "key", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "section", "sequence", "template_id", "text") VALUES (OLD."guidance", OLD."id", OLD."key", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."section", OLD."sequence", OLD."template_id", OLD."text"); RETURN NULL;',
                    hash="3390d3821585e05ae956c31731e09d8b42ef856c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2fa11",
                    table="monitoring_templatequestion",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="templatequestion",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="3f420bf1f7144053cdff2e4aafb7ffdd02ef5146",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_6034b",
                    table="monitoring_templatequestion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="templatequestion",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="eec5f4aac9b33d193ea41699f1e2d98f18b29471",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_394f0",
                    table="monitoring_templatequestion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="templatequestion",
            trigger=pgtrigger.compiler.Trigger(
                name="c_frozen_with",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM \"monitoring_reporttemplate\" WHERE \"id\" IN (\n                CASE WHEN TG_OP <> 'INSERT' THEN OLD.\"template_id\" END,\n                CASE WHEN TG_OP <> 'DELETE' THEN NEW.\"template_id\" END)\n                AND \"status\" = ANY(ARRAY['APPROVED', 'SUPERSEDED']::text[])) THEN\n                RAISE EXCEPTION '% belongs to a record that no longer changes.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n             RETURN COALESCE(NEW, OLD);",
                    hash="73de62e70063d3f7c116359091cf5e2daf3d1b0e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_frozen_with_05e8d",
                    table="monitoring_templatequestion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="templatequestionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4102393953efb330b7ed52074f92775253e6334b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_94726",
                    table="monitoring_templatequestionevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="visitmonitor",
            trigger=pgtrigger.compiler.Trigger(
                name="was_there",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM monitoring_monitoringvisit WHERE status = 'CONDUCTED' AND id IN (\n                CASE WHEN TG_OP <> 'INSERT' THEN OLD.visit_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.visit_id END)) THEN\n                RAISE EXCEPTION 'The visit took place; its monitors are who was there.' USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="6c109362bc065b0fe594b1acde3eba1cd892d976",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_was_there_37dd2",
                    table="monitoring_visitmonitor",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="visitmonitor",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."visit_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "monitoring_monitoringvisit" WHERE "id" = NEW."visit_id"; END IF;\nIF NEW."visit_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "monitoring_monitoringvisit" WHERE "id" = NEW."visit_id"; END IF;\nIF NEW."visit_id" IS NOT NULL THEN SELECT "site_id" INTO NEW."site_id" FROM "monitoring_monitoringvisit" WHERE "id" = NEW."visit_id"; END IF;\nIF NEW."visit_id" IS NOT NULL THEN SELECT "unblinded" INTO NEW."unblinded" FROM "monitoring_monitoringvisit" WHERE "id" = NEW."visit_id"; END IF;\nRETURN NEW;',
                    hash="4b5ebcf3b8008417aafc715f1af1ce269459d94f",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_ad48d",
                    table="monitoring_visitmonitor",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="visitmonitor",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_visitmonitorevent" ("country_id", "id", "part", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "study_id", "unblinded", "user_id", "visit_id") VALUES (NEW."country_id", NEW."id", NEW."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."site_id", NEW."study_id", NEW."unblinded", NEW."user_id", NEW."visit_id"); RETURN NULL;',
                    hash="c454e72a1f7fb4a461d803c7d0faeaf7c306909e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c9cf9",
                    table="monitoring_visitmonitor",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="visitmonitor",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "monitoring_visitmonitorevent" ("country_id", "id", "part", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "study_id", "unblinded", "user_id", "visit_id") VALUES (NEW."country_id", NEW."id", NEW."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."site_id", NEW."study_id", NEW."unblinded", NEW."user_id", NEW."visit_id"); RETURN NULL;',
                    hash="ec65335358276d995beabf98beac79e8dd1b35f2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9f9c6",
                    table="monitoring_visitmonitor",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="visitmonitor",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "monitoring_visitmonitorevent" ("country_id", "id", "part", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "study_id", "unblinded", "user_id", "visit_id") VALUES (OLD."country_id", OLD."id", OLD."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."site_id", OLD."study_id", OLD."unblinded", OLD."user_id", OLD."visit_id"); RETURN NULL;',
                    hash="a5cee8982a19bc1c079efff2c3707ab9c6b8da56",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f743c",
                    table="monitoring_visitmonitor",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="visitmonitor",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="5685fa81753870f70c48b9de5633a19260cf3088",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_d2b35",
                    table="monitoring_visitmonitor",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="visitmonitor",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="94a1b479108f80b6334fcad9a707bce1591c0685",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_d2c1d",
                    table="monitoring_visitmonitor",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="visitmonitorevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="57b384347438185826cd3e1345de317aa3baf103",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_11298",
                    table="monitoring_visitmonitorevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
