"""A column that old code need not fill, another one that it cannot, and a table."""

from django.db import migrations, models

from tests.tomorrow import TODAY


class Migration(migrations.Migration):
    dependencies = [("profiles", TODAY)]
    operations = [
        migrations.AddField("profile", "nickname", models.CharField(max_length=20, null=True)),
        migrations.AddField("profile", "stars", models.PositiveIntegerField(db_default=0)),
        migrations.CreateModel("Badge", [("id", models.BigAutoField(primary_key=True)), ("text", models.TextField())]),
        migrations.AlterField("badge", "text", models.CharField(max_length=30, unique=True)),
    ]
