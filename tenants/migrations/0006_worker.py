from django.db import migrations


class Migration(migrations.Migration):
    """Which queues a worker serves, beside its heartbeat (tenants/jobs/manager.py); NULL stands for all of them."""

    dependencies = [
        ("tenants", "0005_waiting_jobs"),
    ]
    compatible = True

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE tenants_worker (
                id bigint PRIMARY KEY REFERENCES procrastinate_workers ON DELETE CASCADE,
                queues text[]
            )
            """,
            "DROP TABLE tenants_worker",
        ),
    ]
