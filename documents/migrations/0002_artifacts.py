"""The artifacts monitoring visit reports are filed under (TMF Reference Model 3.3.1)."""

from django.db import migrations

ZONE = "05 Site Management"
ARTIFACTS = (
    ("05.01.04", "Pre Trial Monitoring Report", "05.01 Site Selection"),
    ("05.03.01", "Trial Initiation Monitoring Report", "05.03 Site Initiation"),
    ("05.04.03", "Monitoring Visit Report", "05.04 Site Management"),
    ("05.04.05", "Additional Monitoring Activity", "05.04 Site Management"),
    ("05.04.08", "Final Trial Close Out Monitoring Report", "05.04 Site Management"),
)


def create_artifacts(apps, schema_editor):
    Artifact = apps.get_model("documents", "Artifact")
    for number, name, section in ARTIFACTS:
        Artifact.objects.create(number=number, name=name, zone=ZONE, section=section)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(create_artifacts, migrations.RunPython.noop)]
