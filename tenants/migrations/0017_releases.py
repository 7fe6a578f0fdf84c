from django.db import migrations


class Migration(migrations.Migration):
    """Which release a worker runs, and the report of the last `migrate` that changed organisations
    (tenants/schemas/migrating/last.py).
    """

    dependencies = [
        ("tenants", "0016_sandbox"),
    ]
    compatible = True

    operations = [
        migrations.RunSQL(
            "ALTER TABLE tenants_worker ADD COLUMN release text",
            "ALTER TABLE tenants_worker DROP COLUMN release",
        ),
        migrations.RunSQL(
            """
            CREATE TABLE tenants_last_migrate (
                only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
                report jsonb NOT NULL
            )
            """,
            "DROP TABLE tenants_last_migrate",
        ),
    ]
