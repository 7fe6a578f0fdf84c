"""One row needs neither a sequence nor an index of who wrote it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("welcome", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="welcome",
            name="id",
            field=models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name="welcome",
            name="updated_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
