"""
The house's first expected documents list: after which event which paper is due where.

One decision covers authority and ethics committee in the EU, the EEA and the UK (CTR Art. 8; practice.md,
correction 13); elsewhere both are expected, each where it is given. Form FDA 1572 and the financial disclosure belong
to studies under a US IND.
"""

from django.db import migrations

# key, event, artifact, due after days, more fields
RULES = (
    # --- the study
    ("protocol", "STUDY_STARTED", "02.01.02", 14, {"gate": "ACTIVATION"}),
    ("investigators-brochure", "STUDY_STARTED", "02.01.01", 14, {"gate": "ACTIVATION"}),
    ("monitoring-plan", "STUDY_STARTED", "01.01.08", 60, {"gate": "INITIATION"}),
    ("tmf-plan", "STUDY_STARTED", "01.01.01", 45, {}),
    ("trial-management-plan", "STUDY_STARTED", "01.01.02", 45, {}),
    ("safety-management-plan", "STUDY_STARTED", "07.01.01", 60, {}),
    ("data-management-plan", "STUDY_STARTED", "10.01.01", 75, {}),
    ("transfer-of-obligations", "STUDY_STARTED", "01.01.19", 30, {}),
    ("informed-consent-master", "STUDY_STARTED", "02.02.03", 30, {}),
    ("sample-case-report-form", "STUDY_STARTED", "02.01.07", 75, {}),
    ("public-registration", "STUDY_STARTED", "03.01.04", 60, {}),
    ("unblinding-plan", "STUDY_STARTED", "06.03.02", 75, {"masking": "MASKED", "unblinded": True}),
    ("clinical-study-report", "STUDY_CLOSED", "02.03.01", 365, {}),
    # --- the country
    (
        "decision-of-the-state",
        "COUNTRY_STARTED",
        "03.01.02",
        106,
        {"label": "Decision of the member state", "gate": "ACTIVATION", "in_countries": "ONE_DECISION"},
    ),
    (
        "authority-decision",
        "COUNTRY_STARTED",
        "03.01.02",
        90,
        {"gate": "ACTIVATION", "not_in_countries": "ONE_DECISION"},
    ),
    ("insurance", "COUNTRY_STARTED", "02.01.06", 60, {"gate": "ACTIVATION", "not_in_countries": "US"}),
    ("informed-consent-of-the-country", "COUNTRY_STARTED", "02.02.03", 60, {"gate": "ACTIVATION"}),
    # --- the site
    ("confidentiality-agreement", "SITE_SELECTED", "05.01.02", 0, {}),
    ("investigator-cv", "SITE_SELECTED", "05.02.04", 30, {"gate": "ACTIVATION"}),
    (
        "gcp-training",
        "SITE_SELECTED",
        "05.02.07",
        30,
        {"label": "GCP certificate of the principal investigator", "gate": "ACTIVATION"},
    ),
    ("protocol-signature-page", "SITE_SELECTED", "05.02.02", 45, {"gate": "ACTIVATION"}),
    ("acceptance-of-brochure", "SITE_SELECTED", "05.02.01", 45, {"gate": "ACTIVATION"}),
    ("clinical-trial-agreement", "SITE_SELECTED", "05.02.12", 90, {"gate": "ACTIVATION"}),
    ("data-privacy-agreement", "SITE_SELECTED", "05.02.11", 90, {"in_countries": "EU_EEA GB CH"}),
    (
        "form-fda-1572",
        "SITE_SELECTED",
        "05.02.08",
        45,
        {"gate": "ACTIVATION", "in_countries": "US", "investigational_new_drug": "YES"},
    ),
    (
        "financial-disclosure",
        "SITE_SELECTED",
        "05.02.10",
        45,
        {"gate": "ACTIVATION", "in_countries": "US"},
    ),
    (
        "ethics-decision",
        "SITE_SELECTED",
        "04.01.02",
        75,
        {"gate": "ACTIVATION", "not_in_countries": "ONE_DECISION"},
    ),
    ("site-signature-sheet", "SITE_INITIATED", "05.02.18", 0, {"gate": "ACTIVATION"}),
    ("site-training", "SITE_INITIATED", "05.03.03", 7, {"gate": "ACTIVATION"}),
    ("ip-release", "SITE_ACTIVATED", "05.02.17", 5, {}),
    ("visit-log", "SITE_CLOSED", "05.04.04", 30, {}),
    ("subject-log", "SITE_CLOSED", "05.04.01", 30, {}),
    # --- the monitoring visit; where its report is filed and when it is due the visit says
    ("visit-report", "VISIT_CONDUCTED", "", None, {"label": "Visit report"}),
    (
        "visit-confirmation-letter",
        "VISIT_CONDUCTED",
        "",
        10,
        {"label": "Confirmation letter", "part": "confirmation-letter", "optional": True},
    ),
    (
        "visit-follow-up-letter",
        "VISIT_CONDUCTED",
        "",
        21,
        {"label": "Follow-up letter", "part": "follow-up-letter", "optional": True},
    ),
)


def create_rules(apps, schema_editor):
    Rule = apps.get_model("documents", "ExpectationRule")
    for key, event, number, days, more in RULES:
        Rule.objects.create(key=key, event=event, artifact_number=number, due_days=days, **more)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_reference_model")]
    operations = [migrations.RunPython(create_rules, migrations.RunPython.noop)]
