from django.db import migrations


class Migration(migrations.Migration):
    """Organisations take turns in the job queue (tenants/jobs/lanes.py): the priority of a job of one, and its index.

    One million numbers for each priority that a task asks for: so many jobs of an organisation may wait before the
    last ones count as those of the next lower priority. What waits for its next attempt does not count.
    """

    dependencies = [
        ("tenants", "0004_leaving"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    compatible = True

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX tenants_waiting_idx ON procrastinate_jobs ((args ->> 'schema_name'), queue_name, priority)
            WHERE status = 'todo'
            """,
            "DROP INDEX tenants_waiting_idx",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION tenants_job_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                step CONSTANT integer := 1000000;
                first CONSTANT integer := greatest(least(NEW.priority, 2000), -2000) * step;
                behind integer;
            BEGIN
                SELECT min(job.priority) - 1 INTO behind FROM procrastinate_jobs job
                WHERE job.status = 'todo' AND job.args ->> 'schema_name' = NEW.args ->> 'schema_name'
                    AND job.queue_name = NEW.queue_name AND job.priority BETWEEN first - step + 1 AND first
                    AND (job.scheduled_at IS NULL OR job.scheduled_at <= now());
                NEW.priority := greatest(coalesce(behind, first), first - step + 1);
                RETURN NEW;
            END
            $$
            """,
            "DROP FUNCTION tenants_job_in_turn()",
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER tenants_job_in_turn BEFORE INSERT ON procrastinate_jobs
            FOR EACH ROW WHEN (NEW.args ? 'schema_name') EXECUTE FUNCTION tenants_job_in_turn()
            """,
            "DROP TRIGGER tenants_job_in_turn ON procrastinate_jobs",
        ),
    ]
