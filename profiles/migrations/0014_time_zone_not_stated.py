import profiles.models.profile
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('profiles', '0013_theme'),
    ]

    operations = [
        migrations.AlterField(
            model_name='profile',
            name='time_zone',
            field=models.CharField(blank=True, max_length=64, validators=[profiles.models.profile.check_time_zone], verbose_name='time zone'),
        ),
    ]
