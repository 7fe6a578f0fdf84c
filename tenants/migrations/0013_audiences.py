"""Organisations limit who may see fields of profiles."""

from django.db import migrations, models


class Migration(migrations.Migration):

    compatible = True

    dependencies = [
        ('tenants', '0012_look'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='audiences',
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]
