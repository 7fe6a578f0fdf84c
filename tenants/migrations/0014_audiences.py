"""Organisations limit who may see fields of profiles."""

import django.db.models.functions.comparison
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    compatible = True  # The constraint is on a new column, which older code does not write.

    dependencies = [
        ('tenants', '0013_logo_dark'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='audiences',
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddConstraint(
            model_name='tenant',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Regex(django.db.models.functions.comparison.Cast('audiences', models.TextField()), '^\\{("[a-z_]+": "(everyone|managers|self)"(, )?)*\\}$'), name='tenant_audiences_known'),
        ),
    ]
