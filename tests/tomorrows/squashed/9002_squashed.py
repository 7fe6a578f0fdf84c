"""Both of them in one."""

from importlib import import_module

from django.db import migrations

from tests.tomorrow import TODAY


class Migration(migrations.Migration):
    replaces = [("profiles", "9002_nickname"), ("profiles", "9003_shout")]
    dependencies = [("profiles", TODAY)]
    operations = [
        *import_module("tests.tomorrow.9002_nickname").Migration.operations,
        *import_module("tests.tomorrow.9003_shout").Migration.operations,
    ]
