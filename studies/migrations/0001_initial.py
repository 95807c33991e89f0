import ctms.access.assignments
import ctms.audit.operations
import ctms.audit.trail
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Study",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("protocol_number", models.CharField(max_length=60, verbose_name="protocol number")),
                ("short_name", models.CharField(max_length=120, verbose_name="short name")),
                ("title", models.TextField(blank=True, verbose_name="full title")),
                ("lay_title", models.TextField(blank=True, verbose_name="lay title")),
                ("acronym", models.CharField(blank=True, max_length=60)),
                ("project_code", models.CharField(blank=True, max_length=40, verbose_name="project code")),
                (
                    "phase",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EARLY_1", "0 / early I"),
                            ("I", "I"),
                            ("I_II", "I/II"),
                            ("I_II_III", "I/II/III"),
                            ("II", "II"),
                            ("II_III", "II/III"),
                            ("III", "III"),
                            ("III_IV", "III/IV"),
                            ("IV", "IV"),
                            ("V", "V"),
                            ("NOT_APPLICABLE", "Not applicable"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "study_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("INTERVENTIONAL", "Interventional"),
                            ("OBSERVATIONAL", "Observational"),
                            ("EXPANDED_ACCESS", "Expanded access"),
                        ],
                        max_length=20,
                    ),
                ),
                ("therapeutic_area", models.CharField(blank=True, max_length=200)),
                ("indication", models.TextField(blank=True)),
                (
                    "masking",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NONE", "None (open label)"),
                            ("SINGLE", "Single"),
                            ("DOUBLE", "Double"),
                            ("TRIPLE", "Triple"),
                            ("QUADRUPLE", "Quadruple"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "allocation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("RANDOMIZED", "Randomised"),
                            ("NON_RANDOMIZED", "Not randomised"),
                            ("NA", "Not applicable"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "intervention_model",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SINGLE_GROUP", "Single group"),
                            ("PARALLEL", "Parallel groups"),
                            ("CROSSOVER", "Crossover"),
                            ("FACTORIAL", "Factorial"),
                            ("SEQUENTIAL", "Sequential"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "enrolment_event",
                    models.CharField(
                        choices=[
                            ("CONSENT", "Consent"),
                            ("RANDOMISATION", "Randomisation"),
                            ("FIRST_DOSE", "First dose"),
                            ("REGISTRATION", "Registration"),
                        ],
                        default="RANDOMISATION",
                        max_length=20,
                        verbose_name="counts as enrolled at",
                    ),
                ),
                ("planned_countries", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_sites", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_screened", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_enrolled", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_completed", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "confirmation_letter_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                    ),
                ),
                (
                    "report_submission_days",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                    ),
                ),
                (
                    "report_approval_days",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                    ),
                ),
                ("include_in_metrics", models.BooleanField(default=True)),
                (
                    "registry_status",
                    models.CharField(blank=True, max_length=40, verbose_name="status in the registry"),
                ),
                ("stopped_because", models.TextField(blank=True, verbose_name="stopped because")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PLANNING", "Planning"),
                            ("START_UP", "Start-up"),
                            ("RECRUITING", "Recruiting"),
                            ("RECRUITMENT_CLOSED", "Recruitment closed"),
                            ("FOLLOW_UP", "Follow-up"),
                            ("CLOSE_OUT", "Close-out"),
                            ("CLOSED", "Closed"),
                            ("ARCHIVED", "Archived"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="PLANNING",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "hold",
                    models.CharField(
                        choices=[
                            ("NONE", "No hold"),
                            ("ENROLMENT_HOLD", "Enrolment hold"),
                            ("TEMPORARY_HALT", "Temporary halt"),
                        ],
                        default="NONE",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organization",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "studies",
                "ordering": ["protocol_number", "pk"],
                "permissions": [
                    ("act_as_project_manager", "Act as Project manager"),
                    ("act_as_clinical_lead", "Act as Clinical team lead"),
                    ("act_as_cra", "Act as Clinical research associate"),
                    ("act_as_quality", "Act as Quality assurance"),
                    ("act_as_sponsor", "Act as Sponsor"),
                    ("act_as_administrator", "Act as System administrator"),
                    ("move_study", "Move a study along its life cycle"),
                    ("import_study", "Import a study from a file"),
                    ("view_plan", "See the protocol's plan"),
                    ("change_plan", "Change the protocol's plan"),
                    ("view_team", "See who works on a study"),
                    ("change_team", "Assign people"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("sponsor"),
                        django.db.models.functions.text.Lower("protocol_number"),
                        name="study_protocol_number_once_a_sponsor",
                        nulls_distinct=False,
                        violation_error_message="This sponsor has a study with this protocol number already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("summary", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                ("substantial", models.BooleanField(blank=True, null=True)),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="dated")),
                (
                    "dated_precision",
                    models.CharField(
                        choices=[("DAY", "Day"), ("MONTH", "Month"), ("YEAR", "Year")],
                        default="DAY",
                        max_length=5,
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0)),
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
                "indexes": [models.Index(fields=["study", "id"], name="studies_ame_study_i_5bf93c_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("study", "number", "sequence"), name="amendment_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Arm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, editable=False, max_length=200)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=300)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("kind", models.CharField(blank=True, max_length=30)),
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
                "indexes": [models.Index(fields=["study", "id"], name="studies_arm_study_i_e919b2_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("study", "key"),
                        name="arm_key_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Epoch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, editable=False, max_length=200)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=300)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("kind", models.CharField(blank=True, max_length=30)),
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
                "indexes": [models.Index(fields=["study", "id"], name="studies_epo_study_i_090e29_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("study", "key"),
                        name="epoch_key_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("PRIMARY", "Primary"), ("SECONDARY", "Secondary"), ("OTHER", "Other")],
                        max_length=10,
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("measure", models.TextField()),
                ("time_frame", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
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
                "indexes": [models.Index(fields=["study", "id"], name="studies_out_study_i_ff0e1a_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("study", "level", "sequence"), name="outcome_place_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProtocolVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=60, verbose_name="version")),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="dated")),
                (
                    "dated_precision",
                    models.CharField(
                        choices=[("DAY", "Day"), ("MONTH", "Month"), ("YEAR", "Year")],
                        default="DAY",
                        max_length=5,
                    ),
                ),
                (
                    "stated_status",
                    models.CharField(blank=True, max_length=60, verbose_name="status as stated"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("EFFECTIVE", "Effective"),
                            ("SUPERSEDED", "Superseded"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
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
                "indexes": [models.Index(fields=["study", "id"], name="studies_pro_study_i_113b7a_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("study", "label"),
                        name="protocolversion_label_once",
                        violation_error_message="The study has a protocol version of this name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, editable=False, max_length=200)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=300)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("is_group", models.BooleanField(default=False)),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.activity",
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
                "verbose_name_plural": "activities",
                "indexes": [models.Index(fields=["study", "id"], name="studies_act_study_i_5b081a_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("study", "key"),
                        name="activity_key_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, editable=False, max_length=200)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=300)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("kind", models.CharField(blank=True, max_length=30)),
                ("contact_modes", models.CharField(blank=True, max_length=100)),
                ("settings", models.CharField(blank=True, max_length=200, verbose_name="settings")),
                (
                    "offset_days",
                    models.IntegerField(blank=True, null=True, verbose_name="day from reference day"),
                ),
                (
                    "window_before_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="window before (days)"),
                ),
                (
                    "window_after_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="window after (days)"),
                ),
                (
                    "epoch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.epoch",
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
                "indexes": [models.Index(fields=["study", "id"], name="studies_pla_study_i_8295e9_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("study", "key"),
                        name="plannedvisit_key_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedVisitActivity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="studies.activity"
                    ),
                ),
                (
                    "planned_visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="crosses",
                        to="studies.plannedvisit",
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
                "indexes": [models.Index(fields=["study", "id"], name="studies_pla_study_i_68019c_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("planned_visit", "activity"), name="plannedvisitactivity_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProtocolVersionEvent",
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
                ("label", models.CharField(max_length=60, verbose_name="version")),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="dated")),
                (
                    "dated_precision",
                    models.CharField(
                        choices=[("DAY", "Day"), ("MONTH", "Month"), ("YEAR", "Year")],
                        default="DAY",
                        max_length=5,
                    ),
                ),
                (
                    "stated_status",
                    models.CharField(blank=True, max_length=60, verbose_name="status as stated"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("EFFECTIVE", "Effective"),
                            ("SUPERSEDED", "Superseded"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.protocolversion",
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
                        fields=["pgh_transaction"], name="studies_pro_pgh_tra_d1a30c_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_pro_pgh_cre_d6eb86_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_pro_study_i_afce78_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedVisitEvent",
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
                ("key", models.CharField(blank=True, editable=False, max_length=200)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=300)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
                ("kind", models.CharField(blank=True, max_length=30)),
                ("contact_modes", models.CharField(blank=True, max_length=100)),
                ("settings", models.CharField(blank=True, max_length=200, verbose_name="settings")),
                (
                    "offset_days",
                    models.IntegerField(blank=True, null=True, verbose_name="day from reference day"),
                ),
                (
                    "window_before_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="window before (days)"),
                ),
                (
                    "window_after_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="window after (days)"),
                ),
                (
                    "epoch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.epoch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.plannedvisit",
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
                        fields=["pgh_transaction"], name="studies_pla_pgh_tra_2a33bc_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_pla_pgh_cre_c17d1d_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_pla_study_i_d1c6cd_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedVisitActivityEvent",
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
                    "activity",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.activity",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.plannedvisitactivity",
                    ),
                ),
                (
                    "planned_visit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.plannedvisit",
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
                        fields=["pgh_transaction"], name="studies_pla_pgh_tra_66ec8c_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_pla_pgh_cre_f27b32_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_pla_study_i_d59dd6_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutcomeEvent",
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
                    "level",
                    models.CharField(
                        choices=[("PRIMARY", "Primary"), ("SECONDARY", "Secondary"), ("OTHER", "Other")],
                        max_length=10,
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("measure", models.TextField()),
                ("time_frame", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.outcome",
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
                        fields=["pgh_transaction"], name="studies_out_pgh_tra_52101a_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_out_pgh_cre_350706_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_out_study_i_b9d86f_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EpochEvent",
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
                ("key", models.CharField(blank=True, editable=False, max_length=200)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=300)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
                ("kind", models.CharField(blank=True, max_length=30)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.epoch",
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
                        fields=["pgh_transaction"], name="studies_epo_pgh_tra_7b024f_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_epo_pgh_cre_2ebbd1_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_epo_study_i_aa2eda_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArmEvent",
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
                ("key", models.CharField(blank=True, editable=False, max_length=200)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=300)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
                ("kind", models.CharField(blank=True, max_length=30)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.arm",
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
                        fields=["pgh_transaction"], name="studies_arm_pgh_tra_8ea82c_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_arm_pgh_cre_64169b_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_arm_study_i_0b26a2_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AmendmentEvent",
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
                ("number", models.CharField(max_length=60)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("summary", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                ("substantial", models.BooleanField(blank=True, null=True)),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="dated")),
                (
                    "dated_precision",
                    models.CharField(
                        choices=[("DAY", "Day"), ("MONTH", "Month"), ("YEAR", "Year")],
                        default="DAY",
                        max_length=5,
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.amendment",
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
                        fields=["pgh_transaction"], name="studies_ame_pgh_tra_d5e977_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_ame_pgh_cre_5bd046_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_ame_study_i_58bb29_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivityEvent",
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
                ("key", models.CharField(blank=True, editable=False, max_length=200)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=300)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("description", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
                ("is_group", models.BooleanField(default=False)),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.activity",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.activity",
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
                        fields=["pgh_transaction"], name="studies_act_pgh_tra_f2fa80_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_act_pgh_cre_84976d_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_act_study_i_05fde3_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyAssignment",
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
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.study",
                        verbose_name="study",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="auth.permission"
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
                            ("permission", "="),
                            ("content_object", "="),
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
                        name="studyassignment_one_at_a_time",
                        violation_error_message="This person already holds this role here in that period.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="studyassignment_ends_after_start",
                        violation_error_message="The last day lies before the first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyAssignmentEvent",
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
                    "content_object",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.study",
                        verbose_name="study",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="auth.permission",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.studyassignment",
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
                        fields=["pgh_transaction"], name="studies_stu_pgh_tra_13acfc_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_stu_pgh_cre_68f64a_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyCountry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("planned_sites", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_enrolled", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PLANNED", "Planned"),
                            ("START_UP", "Start-up"),
                            ("OPEN", "Open"),
                            ("RECRUITMENT_CLOSED", "Recruitment closed"),
                            ("CLOSED", "Closed"),
                            ("DROPPED", "Dropped"),
                        ],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "nation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.country"
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
                "verbose_name_plural": "study countries",
                "permissions": [
                    ("act_as_project_manager", "Act as Project manager"),
                    ("act_as_clinical_lead", "Act as Clinical team lead"),
                    ("act_as_cra", "Act as Clinical research associate"),
                    ("act_as_quality", "Act as Quality assurance"),
                    ("act_as_sponsor", "Act as Sponsor"),
                    ("act_as_administrator", "Act as System administrator"),
                    ("move_studycountry", "Move a country along its life cycle"),
                ],
                "indexes": [models.Index(fields=["study", "id"], name="studies_stu_study_i_77ac37_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("study", "nation"),
                        name="studycountry_once",
                        violation_error_message="This country is part of the study already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CountryAssignment",
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
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="auth.permission"
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
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studycountry",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            ("permission", "="),
                            ("content_object", "="),
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
                        name="countryassignment_one_at_a_time",
                        violation_error_message="This person already holds this role here in that period.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="countryassignment_ends_after_start",
                        violation_error_message="The last day lies before the first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountryAssignmentEvent",
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
                    "permission",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="auth.permission",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.countryassignment",
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
                    "content_object",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.studycountry",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="studies_cou_pgh_tra_459592_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_cou_pgh_cre_01c117_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyCountryEvent",
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
                ("planned_sites", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_enrolled", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PLANNED", "Planned"),
                            ("START_UP", "Start-up"),
                            ("OPEN", "Open"),
                            ("RECRUITMENT_CLOSED", "Recruitment closed"),
                            ("CLOSED", "Closed"),
                            ("DROPPED", "Dropped"),
                        ],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "nation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="directory.country",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.studycountry",
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
                        fields=["pgh_transaction"], name="studies_stu_pgh_tra_636aa4_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_stu_pgh_cre_c5869e_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_stu_study_i_ad5bd3_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyEvent",
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
                ("protocol_number", models.CharField(max_length=60, verbose_name="protocol number")),
                ("short_name", models.CharField(max_length=120, verbose_name="short name")),
                ("title", models.TextField(blank=True, verbose_name="full title")),
                ("lay_title", models.TextField(blank=True, verbose_name="lay title")),
                ("acronym", models.CharField(blank=True, max_length=60)),
                ("project_code", models.CharField(blank=True, max_length=40, verbose_name="project code")),
                (
                    "phase",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EARLY_1", "0 / early I"),
                            ("I", "I"),
                            ("I_II", "I/II"),
                            ("I_II_III", "I/II/III"),
                            ("II", "II"),
                            ("II_III", "II/III"),
                            ("III", "III"),
                            ("III_IV", "III/IV"),
                            ("IV", "IV"),
                            ("V", "V"),
                            ("NOT_APPLICABLE", "Not applicable"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "study_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("INTERVENTIONAL", "Interventional"),
                            ("OBSERVATIONAL", "Observational"),
                            ("EXPANDED_ACCESS", "Expanded access"),
                        ],
                        max_length=20,
                    ),
                ),
                ("therapeutic_area", models.CharField(blank=True, max_length=200)),
                ("indication", models.TextField(blank=True)),
                (
                    "masking",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NONE", "None (open label)"),
                            ("SINGLE", "Single"),
                            ("DOUBLE", "Double"),
                            ("TRIPLE", "Triple"),
                            ("QUADRUPLE", "Quadruple"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "allocation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("RANDOMIZED", "Randomised"),
                            ("NON_RANDOMIZED", "Not randomised"),
                            ("NA", "Not applicable"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "intervention_model",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SINGLE_GROUP", "Single group"),
                            ("PARALLEL", "Parallel groups"),
                            ("CROSSOVER", "Crossover"),
                            ("FACTORIAL", "Factorial"),
                            ("SEQUENTIAL", "Sequential"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "enrolment_event",
                    models.CharField(
                        choices=[
                            ("CONSENT", "Consent"),
                            ("RANDOMISATION", "Randomisation"),
                            ("FIRST_DOSE", "First dose"),
                            ("REGISTRATION", "Registration"),
                        ],
                        default="RANDOMISATION",
                        max_length=20,
                        verbose_name="counts as enrolled at",
                    ),
                ),
                ("planned_countries", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_sites", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_screened", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_enrolled", models.PositiveIntegerField(blank=True, null=True)),
                ("planned_completed", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "confirmation_letter_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                    ),
                ),
                (
                    "report_submission_days",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                    ),
                ),
                (
                    "report_approval_days",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                    ),
                ),
                ("include_in_metrics", models.BooleanField(default=True)),
                (
                    "registry_status",
                    models.CharField(blank=True, max_length=40, verbose_name="status in the registry"),
                ),
                ("stopped_because", models.TextField(blank=True, verbose_name="stopped because")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PLANNING", "Planning"),
                            ("START_UP", "Start-up"),
                            ("RECRUITING", "Recruiting"),
                            ("RECRUITMENT_CLOSED", "Recruitment closed"),
                            ("FOLLOW_UP", "Follow-up"),
                            ("CLOSE_OUT", "Close-out"),
                            ("CLOSED", "Closed"),
                            ("ARCHIVED", "Archived"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="PLANNING",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "hold",
                    models.CharField(
                        choices=[
                            ("NONE", "No hold"),
                            ("ENROLMENT_HOLD", "Enrolment hold"),
                            ("TEMPORARY_HALT", "Temporary halt"),
                        ],
                        default="NONE",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.study",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="directory.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="studies_stu_pgh_tra_abe2ec_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_stu_pgh_cre_b67e4a_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyIdentifier",
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
                        choices=[
                            ("NCT", "NCT number"),
                            ("EU_CT", "EU CT number"),
                            ("EUDRACT", "EudraCT number"),
                            ("IND", "IND number"),
                            ("WHO_UTN", "WHO UTN"),
                            ("SPONSOR", "Sponsor's number"),
                            ("OTHER", "Other number"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value", models.CharField(max_length=80)),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identifiers",
                        to="studies.study",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "value"],
                "constraints": [
                    models.UniqueConstraint(fields=("study", "kind", "value"), name="studyidentifier_once"),
                    models.UniqueConstraint(
                        models.F("kind"),
                        models.F("value"),
                        condition=models.Q(("kind__in", ["NCT", "EU_CT", "EUDRACT"])),
                        name="studyidentifier_registry_number_once",
                        violation_error_message="Another study has this registry number.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyIdentifierEvent",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("NCT", "NCT number"),
                            ("EU_CT", "EU CT number"),
                            ("EUDRACT", "EudraCT number"),
                            ("IND", "IND number"),
                            ("WHO_UTN", "WHO UTN"),
                            ("SPONSOR", "Sponsor's number"),
                            ("OTHER", "Other number"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value", models.CharField(max_length=80)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.studyidentifier",
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
                        fields=["pgh_transaction"], name="studies_stu_pgh_tra_2acfef_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_stu_pgh_cre_920ba2_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_stu_study_i_693d6a_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("COLLABORATOR", "Collaborator"), ("SERVICE_PROVIDER", "Service provider")],
                        max_length=20,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organization",
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
                "indexes": [models.Index(fields=["study", "id"], name="studies_stu_study_i_b2f473_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("study", "organization", "part"), name="studyparty_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyPartyEvent",
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
                    "part",
                    models.CharField(
                        choices=[("COLLABORATOR", "Collaborator"), ("SERVICE_PROVIDER", "Service provider")],
                        max_length=20,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="directory.organization",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.studyparty",
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
                        fields=["pgh_transaction"], name="studies_stu_pgh_tra_947212_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_stu_pgh_cre_d764b2_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_stu_study_i_9b27ba_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudySite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=20, verbose_name="site number")),
                ("planned_enrolled", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "registry_status",
                    models.CharField(blank=True, max_length=40, verbose_name="status in the registry"),
                ),
                ("source_key", models.CharField(blank=True, editable=False, max_length=64)),
                ("zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("IDENTIFIED", "Identified"),
                            ("UNDER_QUALIFICATION", "Under qualification"),
                            ("NOT_SELECTED", "Not selected"),
                            ("SELECTED", "Selected"),
                            ("START_UP", "Start-up"),
                            ("INITIATED", "Initiated"),
                            ("ACTIVE", "Active"),
                            ("ENROLMENT_HOLD", "Enrolment hold"),
                            ("ENROLMENT_CLOSED", "Enrolment closed"),
                            ("CLOSED", "Closed"),
                            ("DROPPED", "Dropped"),
                        ],
                        default="IDENTIFIED",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "country",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studycountry",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organization",
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
                    ("act_as_project_manager", "Act as Project manager"),
                    ("act_as_clinical_lead", "Act as Clinical team lead"),
                    ("act_as_cra", "Act as Clinical research associate"),
                    ("act_as_quality", "Act as Quality assurance"),
                    ("act_as_sponsor", "Act as Sponsor"),
                    ("act_as_administrator", "Act as System administrator"),
                    ("move_studysite", "Move a site along its life cycle"),
                    ("activate_studysite", "Release a site to screen (green light)"),
                ],
                "indexes": [
                    models.Index(fields=["study", "id"], name="studies_stu_study_i_6ce6ef_idx"),
                    models.Index(fields=["country", "id"], name="studies_stu_country_c8b400_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("study"),
                        models.F("number"),
                        condition=models.Q(("number", ""), _negated=True),
                        name="studysite_number_once_a_study",
                        violation_error_message="Another site of this study has this number.",
                    ),
                    models.UniqueConstraint(
                        models.F("study"),
                        models.F("source_key"),
                        condition=models.Q(("source_key", ""), _negated=True),
                        name="studysite_source_key_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteAssignment",
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
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="auth.permission"
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
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studysite",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            ("permission", "="),
                            ("content_object", "="),
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
                        name="siteassignment_one_at_a_time",
                        violation_error_message="This person already holds this role here in that period.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="siteassignment_ends_after_start",
                        violation_error_message="The last day lies before the first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
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
                        choices=[
                            ("CONTRACT_SIGNED", "Contract signed"),
                            ("KICK_OFF", "Sponsor kick-off meeting"),
                            ("PROTOCOL_APPROVAL", "Final protocol approved"),
                            ("PROTOCOL_EFFECTIVE", "Protocol effective"),
                            ("MONITORING_PLAN", "Monitoring plan approved"),
                            ("PUBLIC_REGISTRATION", "Public registration"),
                            ("REGISTRY_FIRST_SUBMITTED", "First submitted to the registry"),
                            ("REGISTRY_FIRST_POSTED", "First posted in the registry"),
                            ("FIRST_SUBMISSION", "First regulatory submission"),
                            ("FIRST_APPROVAL", "First regulatory approval"),
                            ("STUDY_START", "Study start"),
                            ("FIRST_SITE_ACTIVATED", "First site activated"),
                            ("FIRST_SUBJECT_IN", "First subject in"),
                            ("LAST_SUBJECT_IN", "Last subject in"),
                            ("PRIMARY_COMPLETION", "Primary completion"),
                            ("LAST_SUBJECT_LAST_VISIT", "Last subject last visit"),
                            ("STUDY_COMPLETION", "Study completion"),
                            ("DATABASE_LOCK", "Database lock"),
                            ("CLINICAL_STUDY_REPORT", "Clinical study report final"),
                            ("RESULTS_FIRST_POSTED", "Results first posted"),
                            ("SITE_INITIATION", "Site initiation visit"),
                            ("SITE_ACTIVATED", "Site activated"),
                            ("OTHER", "Other"),
                        ],
                        default="OTHER",
                        max_length=40,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="planned")),
                (
                    "planned_precision",
                    models.CharField(
                        choices=[("DAY", "Day"), ("MONTH", "Month"), ("YEAR", "Year")],
                        default="DAY",
                        max_length=5,
                    ),
                ),
                ("baseline_on", models.DateField(blank=True, null=True, verbose_name="baseline")),
                ("actual_on", models.DateField(blank=True, editable=False, null=True, verbose_name="actual")),
                (
                    "actual_precision",
                    models.CharField(
                        choices=[("DAY", "Day"), ("MONTH", "Month"), ("YEAR", "Year")],
                        default="DAY",
                        editable=False,
                        max_length=5,
                    ),
                ),
                ("published", models.BooleanField(default=False, verbose_name="shown to the sponsor")),
                ("source_key", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PLANNED", "Planned"),
                            ("COMPLETED", "Completed"),
                            ("NOT_APPLICABLE", "Not applicable"),
                        ],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
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
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studycountry",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studies.studysite",
                    ),
                ),
            ],
            options={
                "permissions": [("complete_milestone", "Record that a milestone was reached")],
                "indexes": [
                    models.Index(fields=["planned_on", "id"], name="milestone_by_day"),
                    models.Index(
                        fields=["study", "planned_on", "id"],
                        include=("status", "published"),
                        name="milestone_by_study_and_day",
                    ),
                    models.Index(
                        condition=models.Q(("status", "PLANNED")),
                        fields=["planned_on"],
                        name="milestone_open_planned",
                    ),
                    models.Index(fields=["study", "id"], name="studies_mil_study_i_dbe739_idx"),
                    models.Index(fields=["country", "id"], name="studies_mil_country_e59395_idx"),
                    models.Index(fields=["site", "id"], name="studies_mil_site_id_a82560_idx"),
                    models.Index(
                        condition=models.Q(("site__isnull", True)),
                        fields=["country", "id"],
                        name="milestone_above_site",
                    ),
                    models.Index(
                        condition=models.Q(("country__isnull", True), ("site__isnull", True)),
                        fields=["study", "id"],
                        name="milestone_above_all",
                    ),
                    models.Index(
                        condition=models.Q(("published", True)),
                        fields=["study", "id"],
                        name="milestone_published",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("study"),
                        models.F("source_key"),
                        condition=models.Q(("source_key", ""), _negated=True),
                        name="milestone_source_key_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "COMPLETED"), _negated=True),
                            ("actual_on__isnull", False),
                            _connector="OR",
                        ),
                        name="milestone_completed_has_its_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteAssignmentEvent",
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
                    "permission",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="auth.permission",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.siteassignment",
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
                    "content_object",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.studysite",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="studies_sit_pgh_tra_99e0a5_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_sit_pgh_cre_6c2213_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MilestoneEvent",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("CONTRACT_SIGNED", "Contract signed"),
                            ("KICK_OFF", "Sponsor kick-off meeting"),
                            ("PROTOCOL_APPROVAL", "Final protocol approved"),
                            ("PROTOCOL_EFFECTIVE", "Protocol effective"),
                            ("MONITORING_PLAN", "Monitoring plan approved"),
                            ("PUBLIC_REGISTRATION", "Public registration"),
                            ("REGISTRY_FIRST_SUBMITTED", "First submitted to the registry"),
                            ("REGISTRY_FIRST_POSTED", "First posted in the registry"),
                            ("FIRST_SUBMISSION", "First regulatory submission"),
                            ("FIRST_APPROVAL", "First regulatory approval"),
                            ("STUDY_START", "Study start"),
                            ("FIRST_SITE_ACTIVATED", "First site activated"),
                            ("FIRST_SUBJECT_IN", "First subject in"),
                            ("LAST_SUBJECT_IN", "Last subject in"),
                            ("PRIMARY_COMPLETION", "Primary completion"),
                            ("LAST_SUBJECT_LAST_VISIT", "Last subject last visit"),
                            ("STUDY_COMPLETION", "Study completion"),
                            ("DATABASE_LOCK", "Database lock"),
                            ("CLINICAL_STUDY_REPORT", "Clinical study report final"),
                            ("RESULTS_FIRST_POSTED", "Results first posted"),
                            ("SITE_INITIATION", "Site initiation visit"),
                            ("SITE_ACTIVATED", "Site activated"),
                            ("OTHER", "Other"),
                        ],
                        default="OTHER",
                        max_length=40,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="planned")),
                (
                    "planned_precision",
                    models.CharField(
                        choices=[("DAY", "Day"), ("MONTH", "Month"), ("YEAR", "Year")],
                        default="DAY",
                        max_length=5,
                    ),
                ),
                ("baseline_on", models.DateField(blank=True, null=True, verbose_name="baseline")),
                ("actual_on", models.DateField(blank=True, editable=False, null=True, verbose_name="actual")),
                (
                    "actual_precision",
                    models.CharField(
                        choices=[("DAY", "Day"), ("MONTH", "Month"), ("YEAR", "Year")],
                        default="DAY",
                        editable=False,
                        max_length=5,
                    ),
                ),
                ("published", models.BooleanField(default=False, verbose_name="shown to the sponsor")),
                ("source_key", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PLANNED", "Planned"),
                            ("COMPLETED", "Completed"),
                            ("NOT_APPLICABLE", "Not applicable"),
                        ],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.milestone",
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
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.studycountry",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.studysite",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["pgh_transaction"], name="studies_mil_pgh_tra_a7bbb3_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_mil_pgh_cre_945a27_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_mil_study_i_e01755_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudySiteEvent",
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
                ("number", models.CharField(blank=True, max_length=20, verbose_name="site number")),
                ("planned_enrolled", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "registry_status",
                    models.CharField(blank=True, max_length=40, verbose_name="status in the registry"),
                ),
                ("source_key", models.CharField(blank=True, editable=False, max_length=64)),
                ("zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("IDENTIFIED", "Identified"),
                            ("UNDER_QUALIFICATION", "Under qualification"),
                            ("NOT_SELECTED", "Not selected"),
                            ("SELECTED", "Selected"),
                            ("START_UP", "Start-up"),
                            ("INITIATED", "Initiated"),
                            ("ACTIVE", "Active"),
                            ("ENROLMENT_HOLD", "Enrolment hold"),
                            ("ENROLMENT_CLOSED", "Enrolment closed"),
                            ("CLOSED", "Closed"),
                            ("DROPPED", "Dropped"),
                        ],
                        default="IDENTIFIED",
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.studycountry",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="directory.organization",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
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
                        fields=["pgh_transaction"], name="studies_stu_pgh_tra_d55e2f_brin"
                    ),
                    models.Index(fields=["pgh_created_at", "pgh_id"], name="studies_stu_pgh_cre_1674a2_idx"),
                    models.Index(
                        fields=["study", "pgh_created_at", "pgh_id"], name="studies_stu_study_i_42567a_idx"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="plannedvisit",
            name="activities",
            field=models.ManyToManyField(
                related_name="+", through="studies.PlannedVisitActivity", to="studies.activity"
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="204cf7f2258218061c4aaf18d9e12a35f2c784fc",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_12e8d",
                    table="studies_study",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studyevent" ("acronym", "allocation", "confirmation_letter_days", "enrolment_event", "hold", "id", "include_in_metrics", "indication", "intervention_model", "lay_title", "masking", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "planned_completed", "planned_countries", "planned_enrolled", "planned_screened", "planned_sites", "project_code", "protocol_number", "registry_status", "report_approval_days", "report_submission_days", "short_name", "sponsor_id", "status", "stopped_because", "study_type", "therapeutic_area", "title") VALUES (NEW."acronym", NEW."allocation", NEW."confirmation_letter_days", NEW."enrolment_event", NEW."hold", NEW."id", NEW."include_in_metrics", NEW."indication", NEW."intervention_model", NEW."lay_title", NEW."masking", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."phase", NEW."planned_completed", NEW."planned_countries", NEW."planned_enrolled", NEW."planned_screened", NEW."planned_sites", NEW."project_code", NEW."protocol_number", NEW."registry_status", NEW."report_approval_days", NEW."report_submission_days", NEW."short_name", NEW."sponsor_id", NEW."status", NEW."stopped_because", NEW."study_type", NEW."therapeutic_area", NEW."title"); RETURN NULL;',
                    hash="256f86b5a38c02881c5f89477ebc1a2086857642",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f60b6",
                    table="studies_study",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."acronym" IS DISTINCT FROM (NEW."acronym") OR OLD."allocation" IS DISTINCT FROM (NEW."allocation") OR OLD."confirmation_letter_days" IS DISTINCT FROM (NEW."confirmation_letter_days") OR OLD."enrolment_event" IS DISTINCT FROM (NEW."enrolment_event") OR OLD."hold" IS DISTINCT FROM (NEW."hold") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."include_in_metrics" IS DISTINCT FROM (NEW."include_in_metrics") OR OLD."indication" IS DISTINCT FROM (NEW."indication") OR OLD."intervention_model" IS DISTINCT FROM (NEW."intervention_model") OR OLD."lay_title" IS DISTINCT FROM (NEW."lay_title") OR OLD."masking" IS DISTINCT FROM (NEW."masking") OR OLD."phase" IS DISTINCT FROM (NEW."phase") OR OLD."planned_completed" IS DISTINCT FROM (NEW."planned_completed") OR OLD."planned_countries" IS DISTINCT FROM (NEW."planned_countries") OR OLD."planned_enrolled" IS DISTINCT FROM (NEW."planned_enrolled") OR OLD."planned_screened" IS DISTINCT FROM (NEW."planned_screened") OR OLD."planned_sites" IS DISTINCT FROM (NEW."planned_sites") OR OLD."project_code" IS DISTINCT FROM (NEW."project_code") OR OLD."protocol_number" IS DISTINCT FROM (NEW."protocol_number") OR OLD."registry_status" IS DISTINCT FROM (NEW."registry_status") OR OLD."report_approval_days" IS DISTINCT FROM (NEW."report_approval_days") OR OLD."report_submission_days" IS DISTINCT FROM (NEW."report_submission_days") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name") OR OLD."sponsor_id" IS DISTINCT FROM (NEW."sponsor_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stopped_because" IS DISTINCT FROM (NEW."stopped_because") OR OLD."study_type" IS DISTINCT FROM (NEW."study_type") OR OLD."therapeutic_area" IS DISTINCT FROM (NEW."therapeutic_area") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func='INSERT INTO "studies_studyevent" ("acronym", "allocation", "confirmation_letter_days", "enrolment_event", "hold", "id", "include_in_metrics", "indication", "intervention_model", "lay_title", "masking", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "planned_completed", "planned_countries", "planned_enrolled", "planned_screened", "planned_sites", "project_code", "protocol_number", "registry_status", "report_approval_days", "report_submission_days", "short_name", "sponsor_id", "status", "stopped_because", "study_type", "therapeutic_area", "title") VALUES (NEW."acronym", NEW."allocation", NEW."confirmation_letter_days", NEW."enrolment_event", NEW."hold", NEW."id", NEW."include_in_metrics", NEW."indication", NEW."intervention_model", NEW."lay_title", NEW."masking", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."phase", NEW."planned_completed", NEW."planned_countries", NEW."planned_enrolled", NEW."planned_screened", NEW."planned_sites", NEW."project_code", NEW."protocol_number", NEW."registry_status", NEW."report_approval_days", NEW."report_submission_days", NEW."short_name", NEW."sponsor_id", NEW."status", NEW."stopped_because", NEW."study_type", NEW."therapeutic_area", NEW."title"); RETURN NULL;',
                    hash="8fc0b6f402771fdd68191b5c5490ba5b5b6a551f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8013b",
                    table="studies_study",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studyevent" ("acronym", "allocation", "confirmation_letter_days", "enrolment_event", "hold", "id", "include_in_metrics", "indication", "intervention_model", "lay_title", "masking", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "planned_completed", "planned_countries", "planned_enrolled", "planned_screened", "planned_sites", "project_code", "protocol_number", "registry_status", "report_approval_days", "report_submission_days", "short_name", "sponsor_id", "status", "stopped_because", "study_type", "therapeutic_area", "title") VALUES (OLD."acronym", OLD."allocation", OLD."confirmation_letter_days", OLD."enrolment_event", OLD."hold", OLD."id", OLD."include_in_metrics", OLD."indication", OLD."intervention_model", OLD."lay_title", OLD."masking", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."phase", OLD."planned_completed", OLD."planned_countries", OLD."planned_enrolled", OLD."planned_screened", OLD."planned_sites", OLD."project_code", OLD."protocol_number", OLD."registry_status", OLD."report_approval_days", OLD."report_submission_days", OLD."short_name", OLD."sponsor_id", OLD."status", OLD."stopped_because", OLD."study_type", OLD."therapeutic_area", OLD."title"); RETURN NULL;',
                    hash="b7a9d6bcff945198f624c942e9216dbde42f2810",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6aa33",
                    table="studies_study",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="c80fcf9b088dbe0f2d660f2a591339708ac111bb",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_329f6",
                    table="studies_study",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."acronym" IS DISTINCT FROM (NEW."acronym") OR OLD."allocation" IS DISTINCT FROM (NEW."allocation") OR OLD."confirmation_letter_days" IS DISTINCT FROM (NEW."confirmation_letter_days") OR OLD."enrolment_event" IS DISTINCT FROM (NEW."enrolment_event") OR OLD."hold" IS DISTINCT FROM (NEW."hold") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."include_in_metrics" IS DISTINCT FROM (NEW."include_in_metrics") OR OLD."indication" IS DISTINCT FROM (NEW."indication") OR OLD."intervention_model" IS DISTINCT FROM (NEW."intervention_model") OR OLD."lay_title" IS DISTINCT FROM (NEW."lay_title") OR OLD."masking" IS DISTINCT FROM (NEW."masking") OR OLD."phase" IS DISTINCT FROM (NEW."phase") OR OLD."planned_completed" IS DISTINCT FROM (NEW."planned_completed") OR OLD."planned_countries" IS DISTINCT FROM (NEW."planned_countries") OR OLD."planned_enrolled" IS DISTINCT FROM (NEW."planned_enrolled") OR OLD."planned_screened" IS DISTINCT FROM (NEW."planned_screened") OR OLD."planned_sites" IS DISTINCT FROM (NEW."planned_sites") OR OLD."project_code" IS DISTINCT FROM (NEW."project_code") OR OLD."protocol_number" IS DISTINCT FROM (NEW."protocol_number") OR OLD."registry_status" IS DISTINCT FROM (NEW."registry_status") OR OLD."report_approval_days" IS DISTINCT FROM (NEW."report_approval_days") OR OLD."report_submission_days" IS DISTINCT FROM (NEW."report_submission_days") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name") OR OLD."sponsor_id" IS DISTINCT FROM (NEW."sponsor_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stopped_because" IS DISTINCT FROM (NEW."stopped_because") OR OLD."study_type" IS DISTINCT FROM (NEW."study_type") OR OLD."therapeutic_area" IS DISTINCT FROM (NEW."therapeutic_area") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="f29208756efda094c80ad6929c629e801732de2d",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_23039",
                    table="studies_study",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'PLANNING' THEN\n                    RAISE EXCEPTION 'A new % begins as PLANNING, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF OLD.\"status\" = ANY(ARRAY['ARCHIVED']::text[]) THEN\n                IF TG_OP = 'DELETE' THEN\n                    RAISE EXCEPTION 'A % that is % is not removed.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                ELSIF to_jsonb(NEW) - ARRAY['status', 'version']::text[] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['status', 'version']::text[] THEN\n                    RAISE EXCEPTION 'A % that is % no longer changes.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            END IF;\n        \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['CLOSED>ARCHIVED', 'CLOSE_OUT>CLOSED', 'FOLLOW_UP>CLOSE_OUT', 'PLANNING>CANCELLED', 'PLANNING>START_UP', 'RECRUITING>FOLLOW_UP', 'RECRUITING>RECRUITMENT_CLOSED', 'RECRUITMENT_CLOSED>CLOSE_OUT', 'RECRUITMENT_CLOSED>FOLLOW_UP', 'START_UP>CANCELLED', 'START_UP>FOLLOW_UP', 'START_UP>RECRUITING']::text[])\n                        \n            OR (OLD.\"status\" = 'PLANNING' AND NEW.\"status\" = ANY(ARRAY['CANCELLED', 'CLOSE_OUT', 'FOLLOW_UP', 'RECRUITING', 'RECRUITMENT_CLOSED', 'START_UP']::text[]) AND EXISTS (\n                SELECT 1 FROM \"studies_studyevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'PLANNING'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="8b3306a8e9537409ab186eb4a9444813a726b8a5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_213bd",
                    table="studies_study",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="c_hold_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"hold\" <> 'NONE' THEN\n                    RAISE EXCEPTION 'A new % begins as NONE, not %.',\n                        TG_TABLE_NAME, NEW.\"hold\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"hold\" IS DISTINCT FROM OLD.\"hold\" THEN\n                IF NOT (OLD.\"hold\" || '>' || NEW.\"hold\" = ANY(ARRAY['ENROLMENT_HOLD>NONE', 'ENROLMENT_HOLD>TEMPORARY_HALT', 'NONE>ENROLMENT_HOLD', 'NONE>TEMPORARY_HALT', 'TEMPORARY_HALT>NONE']::text[])\n                        \n            OR (OLD.\"hold\" = 'NONE' AND NEW.\"hold\" = ANY(ARRAY['ENROLMENT_HOLD', 'TEMPORARY_HALT']::text[]) AND EXISTS (\n                SELECT 1 FROM \"studies_studyevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"hold\", NEW.\"hold\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"hold\" <> 'NONE'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"hold\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="92baa7daf190ef008c0baa633947395fbdd159cb",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_hold_moves_7c5ac",
                    table="studies_study",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="protocolversionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6f7327cf123183299df50a57afc0ba638637dcb4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_56a02",
                    table="studies_protocolversionevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="protocolversion",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="761871cbbb61fe1bd1ae2d90ee7bf993be959e36",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_db697",
                    table="studies_protocolversion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="protocolversion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_protocolversionevent" ("dated_on", "dated_precision", "id", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "stated_status", "status", "study_id") VALUES (NEW."dated_on", NEW."dated_precision", NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."stated_status", NEW."status", NEW."study_id"); RETURN NULL;',
                    hash="d81d6f98751132805eafb6f95053db8c7c85c7e0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_11aa0",
                    table="studies_protocolversion",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="protocolversion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."dated_on" IS DISTINCT FROM (NEW."dated_on") OR OLD."dated_precision" IS DISTINCT FROM (NEW."dated_precision") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."stated_status" IS DISTINCT FROM (NEW."stated_status") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func='INSERT INTO "studies_protocolversionevent" ("dated_on", "dated_precision", "id", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "stated_status", "status", "study_id") VALUES (NEW."dated_on", NEW."dated_precision", NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."stated_status", NEW."status", NEW."study_id"); RETURN NULL;',
                    hash="d5722fbc200d2e0863da5af87ad9383e0edb5f25",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_320c9",
                    table="studies_protocolversion",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="protocolversion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_protocolversionevent" ("dated_on", "dated_precision", "id", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "stated_status", "status", "study_id") VALUES (OLD."dated_on", OLD."dated_precision", OLD."id", OLD."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."stated_status", OLD."status", OLD."study_id"); RETURN NULL;',
                    hash="93282bf9f2e594c2f9279ec6a0b0b919d01ebdcd",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c910d",
                    table="studies_protocolversion",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="protocolversion",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="e78f6bde7e61645a6382d027ced37598d2934faf",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_d3128",
                    table="studies_protocolversion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="protocolversion",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."dated_on" IS DISTINCT FROM (NEW."dated_on") OR OLD."dated_precision" IS DISTINCT FROM (NEW."dated_precision") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."stated_status" IS DISTINCT FROM (NEW."stated_status") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="3127b30fb39d437799731672d0234eb7f2437d2f",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_b142e",
                    table="studies_protocolversion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="protocolversion",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'DRAFT' THEN\n                    RAISE EXCEPTION 'A new % begins as DRAFT, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['DRAFT>EFFECTIVE', 'EFFECTIVE>SUPERSEDED']::text[])\n                        \n            OR (OLD.\"status\" = 'DRAFT' AND NEW.\"status\" = ANY(ARRAY['EFFECTIVE', 'SUPERSEDED']::text[]) AND EXISTS (\n                SELECT 1 FROM \"studies_protocolversionevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'DRAFT'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="e15e4e4d1937d6577c75bb8d97cbc690a002b2db",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_fc96d",
                    table="studies_protocolversion",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisitevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="91bcc4b8539a332a20bdbe4f93e027b01e7b4445",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d80d3",
                    table="studies_plannedvisitevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisitactivityevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="44632f50d92a3c89d82940ea1d45d46f789232e0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5a5e4",
                    table="studies_plannedvisitactivityevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisitactivity",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."planned_visit_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_plannedvisit" WHERE "id" = NEW."planned_visit_id"; END IF;\nRETURN NEW;',
                    hash="44de60f142493e2fd947c4b875ef3ac9265b70b4",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_46244",
                    table="studies_plannedvisitactivity",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisitactivity",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_plannedvisitactivityevent" ("activity_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_visit_id", "study_id") VALUES (NEW."activity_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."planned_visit_id", NEW."study_id"); RETURN NULL;',
                    hash="b9f299a48a030b27a3b15df820b24537341c7e2f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fcc72",
                    table="studies_plannedvisitactivity",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisitactivity",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_plannedvisitactivityevent" ("activity_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_visit_id", "study_id") VALUES (NEW."activity_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."planned_visit_id", NEW."study_id"); RETURN NULL;',
                    hash="35011d035ce019c9d5bd93403a0c787b549bea2f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_16b86",
                    table="studies_plannedvisitactivity",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisitactivity",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_plannedvisitactivityevent" ("activity_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_visit_id", "study_id") VALUES (OLD."activity_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."planned_visit_id", OLD."study_id"); RETURN NULL;',
                    hash="7d102ad7ca4ba4c5d9295e666f3acfaa9da24945",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e5eda",
                    table="studies_plannedvisitactivity",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisitactivity",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="3c93945ebb2b3951ae086118e6c4489828feea92",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_398c5",
                    table="studies_plannedvisitactivity",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisitactivity",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="4ad28b910c016459a90b2d07adc62a5f3592c79a",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_24d21",
                    table="studies_plannedvisitactivity",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="b6813358f4ada0821e9c745006cc16e5265cab06",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_f52a2",
                    table="studies_plannedvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_plannedvisitevent" ("contact_modes", "description", "epoch_id", "id", "key", "kind", "label", "name", "offset_days", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "settings", "study_id", "window_after_days", "window_before_days") VALUES (NEW."contact_modes", NEW."description", NEW."epoch_id", NEW."id", NEW."key", NEW."kind", NEW."label", NEW."name", NEW."offset_days", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."retired", NEW."sequence", NEW."settings", NEW."study_id", NEW."window_after_days", NEW."window_before_days"); RETURN NULL;',
                    hash="8b247ffe918bcb9785315369a1bb54028803332c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b2d64",
                    table="studies_plannedvisit",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."contact_modes" IS DISTINCT FROM (NEW."contact_modes") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."epoch_id" IS DISTINCT FROM (NEW."epoch_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."offset_days" IS DISTINCT FROM (NEW."offset_days") OR OLD."retired" IS DISTINCT FROM (NEW."retired") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."settings" IS DISTINCT FROM (NEW."settings") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."window_after_days" IS DISTINCT FROM (NEW."window_after_days") OR OLD."window_before_days" IS DISTINCT FROM (NEW."window_before_days"))',
                    func='INSERT INTO "studies_plannedvisitevent" ("contact_modes", "description", "epoch_id", "id", "key", "kind", "label", "name", "offset_days", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "settings", "study_id", "window_after_days", "window_before_days") VALUES (NEW."contact_modes", NEW."description", NEW."epoch_id", NEW."id", NEW."key", NEW."kind", NEW."label", NEW."name", NEW."offset_days", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."retired", NEW."sequence", NEW."settings", NEW."study_id", NEW."window_after_days", NEW."window_before_days"); RETURN NULL;',
                    hash="2cc22c12fcabbc70cd92caa11b3381201a544a45",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_89ee8",
                    table="studies_plannedvisit",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_plannedvisitevent" ("contact_modes", "description", "epoch_id", "id", "key", "kind", "label", "name", "offset_days", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "settings", "study_id", "window_after_days", "window_before_days") VALUES (OLD."contact_modes", OLD."description", OLD."epoch_id", OLD."id", OLD."key", OLD."kind", OLD."label", OLD."name", OLD."offset_days", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."retired", OLD."sequence", OLD."settings", OLD."study_id", OLD."window_after_days", OLD."window_before_days"); RETURN NULL;',
                    hash="7749731aff8a93719ede2b97a3553702818a445a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d9b16",
                    table="studies_plannedvisit",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="db73d26cffab5b27249bc38d0aebb91cefba9da0",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_e7bcd",
                    table="studies_plannedvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="plannedvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."contact_modes" IS DISTINCT FROM (NEW."contact_modes") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."epoch_id" IS DISTINCT FROM (NEW."epoch_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."offset_days" IS DISTINCT FROM (NEW."offset_days") OR OLD."retired" IS DISTINCT FROM (NEW."retired") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."settings" IS DISTINCT FROM (NEW."settings") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."window_after_days" IS DISTINCT FROM (NEW."window_after_days") OR OLD."window_before_days" IS DISTINCT FROM (NEW."window_before_days"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="3744974487afe84a43de6d1f802340bb264f19df",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_fd47c",
                    table="studies_plannedvisit",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="outcomeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d77f9af85097c536bcd7a61efd42d0edbbed582c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ae6ce",
                    table="studies_outcomeevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="outcome",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_outcomeevent" ("description", "id", "level", "measure", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id", "time_frame") VALUES (NEW."description", NEW."id", NEW."level", NEW."measure", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."retired", NEW."sequence", NEW."study_id", NEW."time_frame"); RETURN NULL;',
                    hash="4357e5d92f16d3b6560c81621db307f1452cbb00",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1acde",
                    table="studies_outcome",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="outcome",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_outcomeevent" ("description", "id", "level", "measure", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id", "time_frame") VALUES (NEW."description", NEW."id", NEW."level", NEW."measure", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."retired", NEW."sequence", NEW."study_id", NEW."time_frame"); RETURN NULL;',
                    hash="597b9a0511ad1849b6afc2b49f535d95a2280c1e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_10c86",
                    table="studies_outcome",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="outcome",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_outcomeevent" ("description", "id", "level", "measure", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id", "time_frame") VALUES (OLD."description", OLD."id", OLD."level", OLD."measure", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."retired", OLD."sequence", OLD."study_id", OLD."time_frame"); RETURN NULL;',
                    hash="0e5dcd4af3887540de78a3348b011b91f7f43ab1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8f243",
                    table="studies_outcome",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="outcome",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="04bd182fc20b387d026b322208f960e525735e37",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_79fe9",
                    table="studies_outcome",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="outcome",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="cb0a8f2637d2db5f1c12db226dd14454716f44e0",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_c249a",
                    table="studies_outcome",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="epochevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="98b928461063bbef5902f0e8bfe6b0685560e66e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_076ce",
                    table="studies_epochevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="epoch",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="0fa6a9e373d99c49d04f22e08ac730cd79936f9e",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_28501",
                    table="studies_epoch",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="epoch",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_epochevent" ("description", "id", "key", "kind", "label", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id") VALUES (NEW."description", NEW."id", NEW."key", NEW."kind", NEW."label", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."retired", NEW."sequence", NEW."study_id"); RETURN NULL;',
                    hash="090666f780b4bd502cf581eba70e83f39a6f961e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_63cfa",
                    table="studies_epoch",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="epoch",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."retired" IS DISTINCT FROM (NEW."retired") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func='INSERT INTO "studies_epochevent" ("description", "id", "key", "kind", "label", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id") VALUES (NEW."description", NEW."id", NEW."key", NEW."kind", NEW."label", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."retired", NEW."sequence", NEW."study_id"); RETURN NULL;',
                    hash="4599e9f901b7b295021c51195fb84e9d1b64b7fa",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_22e8d",
                    table="studies_epoch",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="epoch",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_epochevent" ("description", "id", "key", "kind", "label", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id") VALUES (OLD."description", OLD."id", OLD."key", OLD."kind", OLD."label", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."retired", OLD."sequence", OLD."study_id"); RETURN NULL;',
                    hash="c289d68c94f6efbc639a2a997f85cf96927eb9f7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4d3aa",
                    table="studies_epoch",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="epoch",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="b79b09ae872b6f0fc56aad45a5d0392f24fcc0bc",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_84d8e",
                    table="studies_epoch",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="epoch",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."retired" IS DISTINCT FROM (NEW."retired") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="13fca9dfc30c9305d17ada94ebd562fd40bbc1c1",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_25cae",
                    table="studies_epoch",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="armevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="de233b58f869480453e80ffdffb127504fcf10bd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6717c",
                    table="studies_armevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="arm",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="bfa5146ab8ca67c25c9097c42241fb8258b9abf7",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_66b07",
                    table="studies_arm",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="arm",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_armevent" ("description", "id", "key", "kind", "label", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id") VALUES (NEW."description", NEW."id", NEW."key", NEW."kind", NEW."label", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."retired", NEW."sequence", NEW."study_id"); RETURN NULL;',
                    hash="b3610405c69b51956c479f45a69e9ffca7fb3a53",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d40f2",
                    table="studies_arm",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="arm",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."retired" IS DISTINCT FROM (NEW."retired") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func='INSERT INTO "studies_armevent" ("description", "id", "key", "kind", "label", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id") VALUES (NEW."description", NEW."id", NEW."key", NEW."kind", NEW."label", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."retired", NEW."sequence", NEW."study_id"); RETURN NULL;',
                    hash="bac123ccafd923b31cf914f5d38482948d1c19ed",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ab2f5",
                    table="studies_arm",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="arm",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_armevent" ("description", "id", "key", "kind", "label", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id") VALUES (OLD."description", OLD."id", OLD."key", OLD."kind", OLD."label", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."retired", OLD."sequence", OLD."study_id"); RETURN NULL;',
                    hash="e5974d729b14265ea309b9b980b235febd9a51a4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_40186",
                    table="studies_arm",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="arm",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="d543b1d7586bc0d57bc3792f1204cce2eaab4846",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_39f94",
                    table="studies_arm",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="arm",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."retired" IS DISTINCT FROM (NEW."retired") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="6961262632d3712a87037f3fb019bf9fca2e06c7",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_84fce",
                    table="studies_arm",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="amendmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4ac2b4a13001b99c95f596a50d0819b54479e5d4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5de66",
                    table="studies_amendmentevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_amendmentevent" ("dated_on", "dated_precision", "id", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "sequence", "study_id", "substantial", "summary") VALUES (NEW."dated_on", NEW."dated_precision", NEW."id", NEW."name", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."reason", NEW."sequence", NEW."study_id", NEW."substantial", NEW."summary"); RETURN NULL;',
                    hash="f33702ae9a5952f78c7f6522bb48e2db14d7a9fa",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_07b59",
                    table="studies_amendment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_amendmentevent" ("dated_on", "dated_precision", "id", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "sequence", "study_id", "substantial", "summary") VALUES (NEW."dated_on", NEW."dated_precision", NEW."id", NEW."name", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."reason", NEW."sequence", NEW."study_id", NEW."substantial", NEW."summary"); RETURN NULL;',
                    hash="466b875e2af6353affbf787839ff0bc1c867081f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3ba74",
                    table="studies_amendment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_amendmentevent" ("dated_on", "dated_precision", "id", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "sequence", "study_id", "substantial", "summary") VALUES (OLD."dated_on", OLD."dated_precision", OLD."id", OLD."name", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reason", OLD."sequence", OLD."study_id", OLD."substantial", OLD."summary"); RETURN NULL;',
                    hash="27903af63b0eab5217442200c56d55a60de8ed56",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5d171",
                    table="studies_amendment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="81e2f31743b5eca46681233417dfbdd39052e749",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_c10a5",
                    table="studies_amendment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="d1a6a24729b8c6cbc7894e0b42321a5e80d99daa",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_675c7",
                    table="studies_amendment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="activityevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6256b8367aaadb5eb8356588a6119a156fd57e65",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ef00e",
                    table="studies_activityevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="0283b9615a1752c53ce67550d9ab99637a5417f4",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_c03a6",
                    table="studies_activity",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_activityevent" ("description", "group_id", "id", "is_group", "key", "label", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id") VALUES (NEW."description", NEW."group_id", NEW."id", NEW."is_group", NEW."key", NEW."label", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."retired", NEW."sequence", NEW."study_id"); RETURN NULL;',
                    hash="05e89d4b21a2da28db11cd89818a3a6b4cb13ff3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0b72e",
                    table="studies_activity",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."group_id" IS DISTINCT FROM (NEW."group_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_group" IS DISTINCT FROM (NEW."is_group") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."retired" IS DISTINCT FROM (NEW."retired") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func='INSERT INTO "studies_activityevent" ("description", "group_id", "id", "is_group", "key", "label", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id") VALUES (NEW."description", NEW."group_id", NEW."id", NEW."is_group", NEW."key", NEW."label", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."retired", NEW."sequence", NEW."study_id"); RETURN NULL;',
                    hash="c456f83a3365cfac1561337868089d08eae71dff",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0c458",
                    table="studies_activity",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_activityevent" ("description", "group_id", "id", "is_group", "key", "label", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired", "sequence", "study_id") VALUES (OLD."description", OLD."group_id", OLD."id", OLD."is_group", OLD."key", OLD."label", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."retired", OLD."sequence", OLD."study_id"); RETURN NULL;',
                    hash="f0abff30e0cdec74da38735bc9bb14f6aa35111d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fdea8",
                    table="studies_activity",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="aee5c45ecd9770e379908d406dd5a9b7bdcb2002",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_8cf24",
                    table="studies_activity",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."group_id" IS DISTINCT FROM (NEW."group_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_group" IS DISTINCT FROM (NEW."is_group") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."retired" IS DISTINCT FROM (NEW."retired") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="12a6f5308a2bd029ffb564aeb5a30c811219d64f",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_13e07",
                    table="studies_activity",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studyassignmentevent" ("content_object_id", "ends_on", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (NEW."content_object_id", NEW."ends_on", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."share_of_time", NEW."starts_on", NEW."trained_on", NEW."unblinded", NEW."user_id"); RETURN NULL;',
                    hash="87c60ae34d6f9bee1143fbe0b844e697a8d57877",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_10fa7",
                    table="studies_studyassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_studyassignmentevent" ("content_object_id", "ends_on", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (NEW."content_object_id", NEW."ends_on", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."share_of_time", NEW."starts_on", NEW."trained_on", NEW."unblinded", NEW."user_id"); RETURN NULL;',
                    hash="3b9e461021abdaa556046928b43365b31e2d29a4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a0687",
                    table="studies_studyassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studyassignmentevent" ("content_object_id", "ends_on", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (OLD."content_object_id", OLD."ends_on", OLD."id", OLD."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."share_of_time", OLD."starts_on", OLD."trained_on", OLD."unblinded", OLD."user_id"); RETURN NULL;',
                    hash="277533fa830db37662e3a93f2b0c51e4e0d7d148",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_cf77b",
                    table="studies_studyassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="c3bdea98ed4266d60c7f806e06d9e06785571a44",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_015b7",
                    table="studies_studyassignment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="c59aacc00ccad371e450ad197b4364df4125fc03",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_30cd5",
                    table="studies_studyassignment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyassignmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bd61e436698a5d7ca3ac49d01a0d29e26c7a348c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ff157",
                    table="studies_studyassignmentevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studycountry",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_in_its_study",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."nation_id" IS DISTINCT FROM (NEW."nation_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7545f645f61184213486b182214d5b2ba31a51d2",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_in_its_study_5a89f",
                    table="studies_studycountry",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studycountry",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="0f20f750d390dba3590959df2245d44f327a4794",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_be57a",
                    table="studies_studycountry",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studycountry",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studycountryevent" ("id", "nation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_enrolled", "planned_sites", "status", "study_id") VALUES (NEW."id", NEW."nation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."planned_enrolled", NEW."planned_sites", NEW."status", NEW."study_id"); RETURN NULL;',
                    hash="e9691d9a1ec6179b2cb7483ac3c9ca69a500b754",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_23334",
                    table="studies_studycountry",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studycountry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."nation_id" IS DISTINCT FROM (NEW."nation_id") OR OLD."planned_enrolled" IS DISTINCT FROM (NEW."planned_enrolled") OR OLD."planned_sites" IS DISTINCT FROM (NEW."planned_sites") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func='INSERT INTO "studies_studycountryevent" ("id", "nation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_enrolled", "planned_sites", "status", "study_id") VALUES (NEW."id", NEW."nation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."planned_enrolled", NEW."planned_sites", NEW."status", NEW."study_id"); RETURN NULL;',
                    hash="869ebfc87c80bd6c36e8e77eb8e27f4dd3335064",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_67bf3",
                    table="studies_studycountry",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studycountry",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studycountryevent" ("id", "nation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_enrolled", "planned_sites", "status", "study_id") VALUES (OLD."id", OLD."nation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."planned_enrolled", OLD."planned_sites", OLD."status", OLD."study_id"); RETURN NULL;',
                    hash="a752009d4b5f26c47fe102052a52471d1193c01d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ff3f2",
                    table="studies_studycountry",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studycountry",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="182b727c83c7bc6d2051154df817ccd689ec30a8",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_d19b3",
                    table="studies_studycountry",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studycountry",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."nation_id" IS DISTINCT FROM (NEW."nation_id") OR OLD."planned_enrolled" IS DISTINCT FROM (NEW."planned_enrolled") OR OLD."planned_sites" IS DISTINCT FROM (NEW."planned_sites") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="4bd6d3a8d8ef4aef78abe57efca1ead35502f64a",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_31e6e",
                    table="studies_studycountry",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studycountry",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'PLANNED' THEN\n                    RAISE EXCEPTION 'A new % begins as PLANNED, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['OPEN>RECRUITMENT_CLOSED', 'PLANNED>DROPPED', 'PLANNED>START_UP', 'RECRUITMENT_CLOSED>CLOSED', 'START_UP>DROPPED', 'START_UP>OPEN']::text[])\n                        \n            OR (OLD.\"status\" = 'PLANNED' AND NEW.\"status\" = ANY(ARRAY['CLOSED', 'DROPPED', 'OPEN', 'RECRUITMENT_CLOSED', 'START_UP']::text[]) AND EXISTS (\n                SELECT 1 FROM \"studies_studycountryevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'PLANNED'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="8534456f1dbc62cf85e050f08e60477e26ed9f56",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_57d40",
                    table="studies_studycountry",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="countryassignmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ac03c86bfca7443965354532a2b554bcdb7e838d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ebd51",
                    table="studies_countryassignmentevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="countryassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_countryassignmentevent" ("content_object_id", "ends_on", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (NEW."content_object_id", NEW."ends_on", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."share_of_time", NEW."starts_on", NEW."trained_on", NEW."unblinded", NEW."user_id"); RETURN NULL;',
                    hash="e9cda27816f0914fa6deb08fc7b8cf0655340744",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_19865",
                    table="studies_countryassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="countryassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_countryassignmentevent" ("content_object_id", "ends_on", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (NEW."content_object_id", NEW."ends_on", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."share_of_time", NEW."starts_on", NEW."trained_on", NEW."unblinded", NEW."user_id"); RETURN NULL;',
                    hash="8a4148cda1b7ab7c7858c298787a6b1cf9ac796e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ed56b",
                    table="studies_countryassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="countryassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_countryassignmentevent" ("content_object_id", "ends_on", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (OLD."content_object_id", OLD."ends_on", OLD."id", OLD."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."share_of_time", OLD."starts_on", OLD."trained_on", OLD."unblinded", OLD."user_id"); RETURN NULL;',
                    hash="55e7b5cfe5a241d4ff933bba506f6be6f508aa31",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_43125",
                    table="studies_countryassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="countryassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="7abaa0861c4544e721f63d5bd89eb600bd719bad",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_b458d",
                    table="studies_countryassignment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="countryassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="5cd0db1ab8b0e47b1e82871eb98900376c03589d",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_584a4",
                    table="studies_countryassignment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studycountryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="50466cadde1eedbf6fb9892a3a3e89f242a5a4ec",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_effdb",
                    table="studies_studycountryevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d8e814b59464b3224758a7aab8dd618edd6c7c8d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_07865",
                    table="studies_studyevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studyidentifierevent" ("id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id", "value") VALUES (NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."study_id", NEW."value"); RETURN NULL;',
                    hash="1dc76ab93628334604813c5d382bbfd2c89cf249",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c6830",
                    table="studies_studyidentifier",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_studyidentifierevent" ("id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id", "value") VALUES (NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."study_id", NEW."value"); RETURN NULL;',
                    hash="14e925294339fef3331e8e6a53d00c894dc8f4d4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_095cd",
                    table="studies_studyidentifier",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studyidentifierevent" ("id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id", "value") VALUES (OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."study_id", OLD."value"); RETURN NULL;',
                    hash="6bd21552c6a8d4e26f1479a715dcdfcacb746c60",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_71200",
                    table="studies_studyidentifier",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="6cc5ef9bbc474fa707dffbce7eb2976b0c918e82",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_f97e4",
                    table="studies_studyidentifier",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="67b1236a029fae64a0032b1f135b3730fe9bb6a3",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_5572d",
                    table="studies_studyidentifier",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyidentifierevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6b477e03635a9e6e8fd5fbfa2f7055fc0b630631",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a0a12",
                    table="studies_studyidentifierevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyparty",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studypartyevent" ("id", "organization_id", "part", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id") VALUES (NEW."id", NEW."organization_id", NEW."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."study_id"); RETURN NULL;',
                    hash="fd7466b4a20e227966d00a18f96bc774f27ea90a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ed9bc",
                    table="studies_studyparty",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyparty",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_studypartyevent" ("id", "organization_id", "part", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id") VALUES (NEW."id", NEW."organization_id", NEW."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."study_id"); RETURN NULL;',
                    hash="a57328b4231294e7ece8da0ebcf25a82f41ff5f9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_602ec",
                    table="studies_studyparty",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyparty",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studypartyevent" ("id", "organization_id", "part", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id") VALUES (OLD."id", OLD."organization_id", OLD."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."study_id"); RETURN NULL;',
                    hash="89e4d1134edf0b54b2680dc910e38bccc6042a21",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0cf1f",
                    table="studies_studyparty",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyparty",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="0412b536f78ddd8512750e4f03eaf8b86aceb881",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_58156",
                    table="studies_studyparty",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studyparty",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="cab6b74f64229c99f4bb1c8b7e9ea4f3dba26ddd",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_754c8",
                    table="studies_studyparty",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studypartyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7c7f44ea3505dc1d2c6b79495915ce8fdccae754",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_39b8c",
                    table="studies_studypartyevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysite",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_in_its_country",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3dc2d63609d2a7188adb7e0c9dc17124ea2469e7",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_in_its_country_df502",
                    table="studies_studysite",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysite",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."country_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studycountry" WHERE "id" = NEW."country_id"; END IF;\nRETURN NEW;',
                    hash="5d3951dcbfe64a8e34cbaa19c191fe3efdfd08f1",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_00ab8",
                    table="studies_studysite",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysite",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="87872b4d102e50d2cc9ee516b82e33657c075cfc",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_6bde4",
                    table="studies_studysite",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysite",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studysiteevent" ("country_id", "id", "number", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_enrolled", "registry_status", "source_key", "status", "study_id", "zone") VALUES (NEW."country_id", NEW."id", NEW."number", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."planned_enrolled", NEW."registry_status", NEW."source_key", NEW."status", NEW."study_id", NEW."zone"); RETURN NULL;',
                    hash="0ae96cc490309398ff5a9ac9cdf0d15dd319fad7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5ccca",
                    table="studies_studysite",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysite",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."planned_enrolled" IS DISTINCT FROM (NEW."planned_enrolled") OR OLD."registry_status" IS DISTINCT FROM (NEW."registry_status") OR OLD."source_key" IS DISTINCT FROM (NEW."source_key") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."zone" IS DISTINCT FROM (NEW."zone"))',
                    func='INSERT INTO "studies_studysiteevent" ("country_id", "id", "number", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_enrolled", "registry_status", "source_key", "status", "study_id", "zone") VALUES (NEW."country_id", NEW."id", NEW."number", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."planned_enrolled", NEW."registry_status", NEW."source_key", NEW."status", NEW."study_id", NEW."zone"); RETURN NULL;',
                    hash="e64f092633c4f9030c7be71d5b730fd0f33a1cea",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_eb6fc",
                    table="studies_studysite",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysite",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studysiteevent" ("country_id", "id", "number", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_enrolled", "registry_status", "source_key", "status", "study_id", "zone") VALUES (OLD."country_id", OLD."id", OLD."number", OLD."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."planned_enrolled", OLD."registry_status", OLD."source_key", OLD."status", OLD."study_id", OLD."zone"); RETURN NULL;',
                    hash="a6ae3622b8e8487d1d205fb5f58022e24815fa11",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3a336",
                    table="studies_studysite",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysite",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="7e2c8d492477fcdb2445b7ebbd3fab61718d791f",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_acfb4",
                    table="studies_studysite",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysite",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."planned_enrolled" IS DISTINCT FROM (NEW."planned_enrolled") OR OLD."registry_status" IS DISTINCT FROM (NEW."registry_status") OR OLD."source_key" IS DISTINCT FROM (NEW."source_key") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."zone" IS DISTINCT FROM (NEW."zone"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="37a05be834e63b37de88406ed02e3b5d99f13b7d",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_2ff7f",
                    table="studies_studysite",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysite",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'IDENTIFIED' THEN\n                    RAISE EXCEPTION 'A new % begins as IDENTIFIED, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['ACTIVE>ENROLMENT_CLOSED', 'ACTIVE>ENROLMENT_HOLD', 'DROPPED>CLOSED', 'ENROLMENT_CLOSED>CLOSED', 'ENROLMENT_HOLD>ACTIVE', 'ENROLMENT_HOLD>ENROLMENT_CLOSED', 'IDENTIFIED>NOT_SELECTED', 'IDENTIFIED>UNDER_QUALIFICATION', 'INITIATED>ACTIVE', 'INITIATED>DROPPED', 'SELECTED>DROPPED', 'SELECTED>START_UP', 'START_UP>DROPPED', 'START_UP>INITIATED', 'UNDER_QUALIFICATION>NOT_SELECTED', 'UNDER_QUALIFICATION>SELECTED']::text[])\n                        \n            OR (OLD.\"status\" = 'IDENTIFIED' AND NEW.\"status\" = ANY(ARRAY['ACTIVE', 'CLOSED', 'DROPPED', 'ENROLMENT_CLOSED', 'ENROLMENT_HOLD', 'INITIATED', 'NOT_SELECTED', 'SELECTED', 'START_UP', 'UNDER_QUALIFICATION']::text[]) AND EXISTS (\n                SELECT 1 FROM \"studies_studysiteevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'IDENTIFIED'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="87d4083194051213b90d38b7b1445858556bc8b7",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_dcf83",
                    table="studies_studysite",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="siteassignmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="afbc6799935ed358689fec32748b9d9f87fe3278",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7cc14",
                    table="studies_siteassignmentevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="siteassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_siteassignmentevent" ("content_object_id", "ends_on", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (NEW."content_object_id", NEW."ends_on", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."share_of_time", NEW."starts_on", NEW."trained_on", NEW."unblinded", NEW."user_id"); RETURN NULL;',
                    hash="10099dca49f60ddaa5665249f6f047c4b444c3f7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f67df",
                    table="studies_siteassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="siteassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_siteassignmentevent" ("content_object_id", "ends_on", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (NEW."content_object_id", NEW."ends_on", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."share_of_time", NEW."starts_on", NEW."trained_on", NEW."unblinded", NEW."user_id"); RETURN NULL;',
                    hash="e817446439f62d34616130bdd53195d5a085136c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9d731",
                    table="studies_siteassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="siteassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_siteassignmentevent" ("content_object_id", "ends_on", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_of_time", "starts_on", "trained_on", "unblinded", "user_id") VALUES (OLD."content_object_id", OLD."ends_on", OLD."id", OLD."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."share_of_time", OLD."starts_on", OLD."trained_on", OLD."unblinded", OLD."user_id"); RETURN NULL;',
                    hash="28d07239f1ede8b6c249709f9283f308f6d058a4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_07029",
                    table="studies_siteassignment",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="siteassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="d723099f36d7b1bfb0c7437494b4d7a267fbd1cc",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_bc859",
                    table="studies_siteassignment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="siteassignment",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="73de7058eab8eebe2fd5d1501fcfacc785268ff1",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_b62c4",
                    table="studies_siteassignment",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="milestoneevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8fc0178653fa8a587f3656af7337396c4b99ccac",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_870ce",
                    table="studies_milestoneevent",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="a_keep_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF NEW."site_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."site_id" IS NOT NULL THEN SELECT "country_id" INTO NEW."country_id" FROM "studies_studysite" WHERE "id" = NEW."site_id"; END IF;\nIF NEW."country_id" IS NOT NULL THEN SELECT "study_id" INTO NEW."study_id" FROM "studies_studycountry" WHERE "id" = NEW."country_id"; END IF;\nRETURN NEW;',
                    hash="dd8650e719f73d9a3607943fae058752e79ecec0",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_keep_place_211b9",
                    table="studies_milestone",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="b_next_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.version = OLD.version + 1; RETURN NEW;",
                    hash="fa6d1c6468cdaf7a071bf627583dad1d991db692",
                    operation="UPDATE",
                    pgid="pgtrigger_b_next_version_b4b00",
                    table="studies_milestone",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_milestoneevent" ("actual_on", "actual_precision", "baseline_on", "country_id", "id", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "planned_precision", "published", "site_id", "source_key", "status", "study_id") VALUES (NEW."actual_on", NEW."actual_precision", NEW."baseline_on", NEW."country_id", NEW."id", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."planned_on", NEW."planned_precision", NEW."published", NEW."site_id", NEW."source_key", NEW."status", NEW."study_id"); RETURN NULL;',
                    hash="3d639780002fbc8898769304d01136867844c3b9",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d596e",
                    table="studies_milestone",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."actual_on" IS DISTINCT FROM (NEW."actual_on") OR OLD."actual_precision" IS DISTINCT FROM (NEW."actual_precision") OR OLD."baseline_on" IS DISTINCT FROM (NEW."baseline_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."planned_on" IS DISTINCT FROM (NEW."planned_on") OR OLD."planned_precision" IS DISTINCT FROM (NEW."planned_precision") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."source_key" IS DISTINCT FROM (NEW."source_key") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func='INSERT INTO "studies_milestoneevent" ("actual_on", "actual_precision", "baseline_on", "country_id", "id", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "planned_precision", "published", "site_id", "source_key", "status", "study_id") VALUES (NEW."actual_on", NEW."actual_precision", NEW."baseline_on", NEW."country_id", NEW."id", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."planned_on", NEW."planned_precision", NEW."published", NEW."site_id", NEW."source_key", NEW."status", NEW."study_id"); RETURN NULL;',
                    hash="f77c089251a9b647295c73b96844c75635a86386",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_27e03",
                    table="studies_milestone",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_milestoneevent" ("actual_on", "actual_precision", "baseline_on", "country_id", "id", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "planned_precision", "published", "site_id", "source_key", "status", "study_id") VALUES (OLD."actual_on", OLD."actual_precision", OLD."baseline_on", OLD."country_id", OLD."id", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."planned_on", OLD."planned_precision", OLD."published", OLD."site_id", OLD."source_key", OLD."status", OLD."study_id"); RETURN NULL;',
                    hash="e2ef37d622c7080125f80eb6cdacf43d7d527c10",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8b0f3",
                    table="studies_milestone",
                    when="AFTER",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="df3cce746bf195eb1a92fdaaffd0647d038a7140",
                    operation="INSERT OR DELETE",
                    pgid="pgtrigger_attributed_insert_5491e",
                    table="studies_milestone",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="attributed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."actual_on" IS DISTINCT FROM (NEW."actual_on") OR OLD."actual_precision" IS DISTINCT FROM (NEW."actual_precision") OR OLD."baseline_on" IS DISTINCT FROM (NEW."baseline_on") OR OLD."country_id" IS DISTINCT FROM (NEW."country_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."planned_on" IS DISTINCT FROM (NEW."planned_on") OR OLD."planned_precision" IS DISTINCT FROM (NEW."planned_precision") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."source_key" IS DISTINCT FROM (NEW."source_key") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func="\n            IF NOT (COALESCE(NULLIF(current_setting('pghistory.context_metadata', true), ''), '') <> '') AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of % must say who makes it (audit.acting_as).', TG_TABLE_NAME\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                    hash="bb39b755b5ae3b0590a0b4983669f56362a4ef33",
                    operation="UPDATE",
                    pgid="pgtrigger_attributed_update_911f8",
                    table="studies_milestone",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="c_status_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.\"status\" <> 'PLANNED' THEN\n                    RAISE EXCEPTION 'A new % begins as PLANNED, not %.',\n                        TG_TABLE_NAME, NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            \n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            IF NEW.\"status\" IS DISTINCT FROM OLD.\"status\" THEN\n                IF NOT (OLD.\"status\" || '>' || NEW.\"status\" = ANY(ARRAY['COMPLETED>PLANNED', 'NOT_APPLICABLE>PLANNED', 'PLANNED>COMPLETED', 'PLANNED>NOT_APPLICABLE']::text[])\n                        \n            OR (OLD.\"status\" = 'PLANNED' AND NEW.\"status\" = ANY(ARRAY['COMPLETED']::text[]) AND EXISTS (\n                SELECT 1 FROM \"studies_milestoneevent\" WHERE pgh_obj_id = NEW.\"id\" AND pgh_label = 'insert'\n                AND pgh_transaction = pg_current_xact_id()::text::bigint))\n        ) THEN\n                    RAISE EXCEPTION '% cannot move from % to %.',\n                        TG_TABLE_NAME, OLD.\"status\", NEW.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n                END IF;\n            \n            ELSIF OLD.\"status\" <> 'PLANNED'\n                AND to_jsonb(NEW) - 'version' IS DISTINCT FROM to_jsonb(OLD) - 'version'\n                AND COALESCE(\n                    NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', '') = ''\n                AND current_user <> 'ctms_owner' THEN\n                RAISE EXCEPTION 'A change of a % that is % needs a reason.', TG_TABLE_NAME, OLD.\"status\" USING ERRCODE = 'integrity_constraint_violation';\n        \n            END IF;\n            RETURN NEW;\n        ",
                    hash="e70b76b145c7c44bf3b63e325206e71d9e203ada",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_c_status_moves_8e144",
                    table="studies_milestone",
                    when="BEFORE",
                ),
            ),
        ),
        ctms.audit.operations.InstallTrigger(
            model_name="studysiteevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b939b67747b7c4010a6685a9ee4a122a168e3483",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ea817",
                    table="studies_studysiteevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
