"""Fields that an organisation defines, and what its members enter."""

import django.db.models.deletion
import django.db.models.lookups
import profiles.custom_fields.models
import shared.names
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    compatible = True

    dependencies = [
        ('profiles', '0016_hidden_fields'),
    ]

    operations = [
        migrations.CreateModel(
            name='Field',
            fields=[
                ('key', profiles.custom_fields.models.KeyField(editable=False, max_length=40, primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=60, validators=[shared.names.no_address], verbose_name='name')),
                ('kind', models.CharField(choices=[('text', 'Short text'), ('long_text', 'Long text'), ('number', 'Number'), ('choice', 'One of several options'), ('choices', 'Any of several options'), ('date', 'Date'), ('link', 'Link'), ('email', 'Email address'), ('phone', 'Phone number'), ('person', 'Person')], default='text', max_length=10, verbose_name='type')),
                ('options', models.JSONField(blank=True, default=list, verbose_name='options')),
                ('help', models.CharField(blank=True, max_length=200, verbose_name='help text')),
                ('default', models.CharField(blank=True, max_length=200, verbose_name='default value')),
                ('is_required', models.BooleanField(default=False, verbose_name='required')),
                ('edited_by', models.CharField(choices=[('member', 'The member'), ('managers', 'Owners and admins')], default='member', max_length=8, verbose_name='edited by')),
                ('seen_by', models.CharField(choices=[('everyone', 'Everyone'), ('managers', 'Owners and admins'), ('self', 'Only the member')], default='everyone', max_length=8, verbose_name='seen by')),
                ('is_column', models.BooleanField(default=False, verbose_name='column of the list of people')),
                ('is_searched', models.BooleanField(default=False, verbose_name='found by the search')),
                ('position', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('deleted', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z][a-z0-9_]*\\Z')), name='custom_field_key_plain'), models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='custom_field_has_label'), models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'long_text', 'number', 'choice', 'choices', 'date', 'link', 'email', 'phone', 'person'])), name='custom_field_kind_known'), models.CheckConstraint(condition=models.Q(('edited_by__in', ['member', 'managers'])), name='custom_field_editor_known'), models.CheckConstraint(condition=models.Q(('seen_by__in', ['everyone', 'managers', 'self'])), name='custom_field_audience_known'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(models.Func(models.F('options'), function='jsonb_typeof', output_field=models.TextField()), 'array')), name='custom_field_options_listed'), models.CheckConstraint(condition=models.Q(models.Q(('seen_by', 'self'), _negated=True), models.Q(('edited_by', 'member'), ('is_column', False), ('is_searched', False)), _connector='OR'), name='custom_field_of_member_alone'), models.CheckConstraint(condition=models.Q(('is_searched', False), models.Q(('kind__in', ('date', 'person')), _negated=True), _connector='OR'), name='custom_field_searched_by_words')],
            },
        ),
        migrations.CreateModel(
            name='Values',
            fields=[
                ('profile', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='profiles.profile')),
                ('values', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(models.Func(models.F('values'), function='jsonb_typeof', output_field=models.TextField()), 'object')), name='custom_values_by_key')],
            },
        ),
        # Taken out, the app leaves no word by which people are found.
        migrations.RunSQL(
            migrations.RunSQL.noop, "UPDATE profiles_user SET more_words = '' WHERE more_words <> ''"
        ),
    ]
