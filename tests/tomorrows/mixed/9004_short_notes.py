"""A change of the table with rows in it that are still to be checked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "9003_first_notes")]
    operations = [migrations.AlterField("note", "text", models.CharField(max_length=254, unique=True))]
