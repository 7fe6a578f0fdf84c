import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0001_initial'),
    ]
    compatible = True

    operations = [
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('key', models.BinaryField(primary_key=True, serialize=False)),
                ('hits', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None)),
                ('expires', models.DateTimeField(db_index=True)),
            ],
        ),
        # Not written to the log: counting must cost little, and is worth nothing after a crash.
        migrations.RunSQL('ALTER TABLE tenants_limit SET UNLOGGED', 'ALTER TABLE tenants_limit SET LOGGED'),
    ]
