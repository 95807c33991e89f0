"""The account jobs and moves made by time act as; nobody can sign in with it."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def create_system_account(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    User.objects.get_or_create(
        username="system",
        defaults={"first_name": "The", "last_name": "system", "password": make_password(None)},
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create_system_account, migrations.RunPython.noop)]
