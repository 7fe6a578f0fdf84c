"""A model by another name: its content type is renamed, and keeps its id."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("profiles", "9003_shout")]
    operations = [migrations.RenameModel("Note", "Remark")]
