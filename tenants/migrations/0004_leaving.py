from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0003_domain_by_looks'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='tenant',
            name='tenant_slug_when_claimed',
        ),
        migrations.AlterField(
            model_name='tenant',
            name='state',
            field=models.CharField(choices=[('template', 'Template'), ('spare', 'Spare'), ('active', 'Active'), ('suspended', 'Suspended'), ('leaving', 'Leaving'), ('removed', 'Removed')], db_index=True, default='spare', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='tenant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('slug', None), ('state__in', ['template', 'spare'])), models.Q(('slug__isnull', False), ('state__in', ['active', 'suspended', 'leaving', 'removed'])), _connector='OR'), name='tenant_slug_when_claimed'),
        ),
    ]
