"""A new model, and a column that is filled from what there is."""

from django.db import migrations, models


def name_the_nameless(apps, schema_editor):
    apps.get_model("receivers", "Product").objects.filter(name="").update(name="Nameless")


class Migration(migrations.Migration):
    dependencies = [("receivers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Wish",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("text", models.CharField(max_length=100)),
            ],
        ),
        migrations.AddField("product", "weight", models.PositiveIntegerField(default=0)),
        migrations.RunPython(name_the_nameless, migrations.RunPython.noop),
    ]
