"""A model by another name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("profiles", "9003_index")]
    operations = [migrations.RenameModel("Note", "Remark")]
