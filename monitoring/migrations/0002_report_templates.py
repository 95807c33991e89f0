"""The house's first report templates, approved. Keys stay the same in every later version."""

from django.db import migrations

# (section, key, question)
INTERIM = (
    (
        "Informed consent",
        "consent_version",
        "Did every subject sign the consent form version approved for this site before any procedure?",
    ),
    (
        "Informed consent",
        "consent_process",
        "Is the consent process documented in the source for each subject reviewed?",
    ),
    (
        "Eligibility",
        "eligibility",
        "Do the source documents show that newly enrolled subjects met all criteria?",
    ),
    ("Source data", "source_adequate", "Is the source complete, legible, attributable and current?"),
    ("Source data", "sdv_done", "Was source data verification done as the monitoring plan asks?"),
    ("Source data", "data_entry", "Are data entered and queries answered within the agreed time?"),
    ("Safety", "adverse_events", "Are adverse events recorded, and serious ones reported within 24 hours?"),
    (
        "Protocol compliance",
        "deviations",
        "Are deviations recorded, and is the study run as the protocol says?",
    ),
    (
        "Investigational product",
        "product_storage",
        "Is the product stored as labelled, with temperatures recorded?",
    ),
    (
        "Investigational product",
        "product_accountability",
        "Does the accountability agree with what is on the shelf?",
    ),
    (
        "Laboratory",
        "laboratory",
        "Are kits in date and samples processed, stored and shipped as the manual says?",
    ),
    ("Essential records", "site_file", "Is the investigator site file complete and current?"),
    (
        "Staff and facilities",
        "staff",
        "Are delegation and training current for everyone working on the study?",
    ),
    (
        "Staff and facilities",
        "oversight",
        "Does the principal investigator oversee the study, and was this discussed?",
    ),
    ("Staff and facilities", "facilities", "Are facilities and equipment still suitable?"),
)
QUALIFICATION = (
    (
        "Investigator and staff",
        "investigator_qualified",
        "Is the investigator qualified by training and experience for this study?",
    ),
    (
        "Investigator and staff",
        "staff_enough",
        "Are there enough trained staff for the expected number of subjects?",
    ),
    ("Population", "population", "Can the site show that it sees enough eligible patients?"),
    ("Population", "competing_studies", "Is the site free of studies that compete for the same patients?"),
    ("Facilities", "pharmacy", "Can the pharmacy store and dispense the product as required?"),
    ("Facilities", "laboratory", "Are laboratory, freezers and equipment suitable and calibrated?"),
    ("Facilities", "source_access", "Will monitors have direct access to source documents?"),
    ("Regulatory", "ethics_process", "Are the ethics committee's process and timelines known?"),
    ("Conclusion", "recommended", "Is the site recommended for selection?"),
)
INITIATION = (
    ("Training", "protocol_training", "Was the team trained in the protocol and the schedule of activities?"),
    ("Training", "safety_training", "Was the team trained in safety reporting?"),
    (
        "Training",
        "consent_training",
        "Was the consent process discussed with everyone who will obtain consent?",
    ),
    (
        "Training",
        "systems_training",
        "Does everyone who needs it have access to, and training in, the study's systems?",
    ),
    ("Product and supplies", "product_ready", "Is the pharmacy ready to receive and store the product?"),
    (
        "Product and supplies",
        "supplies_ready",
        "Are laboratory kits and other supplies at the site and in date?",
    ),
    ("Essential records", "site_file", "Is the investigator site file complete for initiation?"),
    ("Essential records", "delegation_log", "Is the delegation log signed by the investigator?"),
    ("Conclusion", "ready", "Is the site ready to screen once the green light is given?"),
)
CLOSE_OUT = (
    ("Subjects and data", "queries_closed", "Are all queries closed and all data entered?"),
    ("Subjects and data", "consents_complete", "Is a signed consent on file for every subject?"),
    ("Subjects and data", "safety_complete", "Are all serious adverse events followed to their end?"),
    ("Investigational product", "product_returned", "Is the product reconciled and returned or destroyed?"),
    (
        "Essential records",
        "site_file",
        "Is the investigator site file complete and reconciled with the trial master file?",
    ),
    ("Essential records", "archiving", "Are the place and the time of archiving agreed and written down?"),
    (
        "Duties that stay",
        "investigator_duties",
        "Does the investigator know the duties that remain, audits and inspections included?",
    ),
    (
        "Duties that stay",
        "ethics_notified",
        "Has the ethics committee been, or will it be, told of the closure?",
    ),
    ("Findings", "items_closed", "Are all action items of earlier visits closed?"),
)
ADDITIONAL = (
    ("Reason", "reason_met", "Was the reason for this visit dealt with in full?"),
    (
        "Conduct",
        "consent_process",
        "Is the consent process documented in the source for each subject reviewed?",
    ),
    ("Conduct", "source_adequate", "Is the source complete, legible, attributable and current?"),
    ("Conduct", "deviations", "Are deviations recorded, and is the study run as the protocol says?"),
    ("Conduct", "adverse_events", "Are adverse events recorded, and serious ones reported within 24 hours?"),
    ("Conduct", "oversight", "Does the principal investigator oversee the study, and was this discussed?"),
    ("Site file", "site_file", "Is the investigator site file complete and current?"),
    ("Conclusion", "escalation_not_needed", "Can the matter stay with the study team, without escalation?"),
)
TEMPLATES = (
    ("IMV", "Interim monitoring visit report", INTERIM),
    ("SQV", "Site qualification visit report", QUALIFICATION),
    ("SIV", "Site initiation visit report", INITIATION),
    ("COV", "Close-out visit report", CLOSE_OUT),
    ("FCV", "For-cause visit report", ADDITIONAL),
    ("CMV", "Co-monitoring visit report", ADDITIONAL),
)


def create_templates(apps, schema_editor):
    ReportTemplate = apps.get_model("monitoring", "ReportTemplate")
    TemplateQuestion = apps.get_model("monitoring", "TemplateQuestion")
    for visit_type, title, questions in TEMPLATES:
        template = ReportTemplate.objects.create(visit_type=visit_type, number=1, title=title)
        TemplateQuestion.objects.bulk_create(
            TemplateQuestion(template=template, sequence=place, section=section, key=key, text=text)
            for place, (section, key, text) in enumerate(questions, start=1)
        )
        # A declared move: the trigger lets a draft become approved, and nothing begin as such.
        ReportTemplate.objects.filter(pk=template.pk).update(status="APPROVED")


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]
    operations = [migrations.RunPython(create_templates, migrations.RunPython.noop)]
