"""Both of them in one."""

from importlib import import_module

from django.db import migrations


class Migration(migrations.Migration):
    replaces = [("profiles", "0002_nickname"), ("profiles", "0003_shout")]
    dependencies = [("profiles", "0001_initial")]
    operations = [
        *import_module("tests.tomorrow.0002_nickname").Migration.operations,
        *import_module("tests.tomorrow.0003_shout").Migration.operations,
    ]
