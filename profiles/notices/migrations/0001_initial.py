"""Notices to members, and how each member wants to be told."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    compatible = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('model', models.CharField(blank=True, max_length=100)),
                ('key', models.CharField(blank=True, max_length=100)),
                ('words', models.JSONField(default=dict)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('read', models.DateTimeField(null=True)),
                ('shown', models.BooleanField(default=True)),
                ('due', models.DateTimeField(null=True)),
                ('to', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['to', 'id'], include=('read', 'shown'), name='notice_of_member'), models.Index(condition=models.Q(('due__isnull', False)), fields=['due'], name='notice_due')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('pk', models.CompositePrimaryKey('member', 'kind', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60)),
                ('shown', models.BooleanField()),
                ('mail', models.CharField(choices=[('soon', 'Soon'), ('daily', 'Once a day'), ('never', 'Never')], max_length=5)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notice_preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('mail__in', ['soon', 'daily', 'never'])), name='preference_mail_known')],
            },
        ),
    ]
