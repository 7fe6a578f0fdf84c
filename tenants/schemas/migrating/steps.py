"""Executes steps in a tenant: the first tenant records the SQL, the others replay it, each in one transaction."""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

from django.db import Error, connection, transaction
from psycopg import errors

from tenants.backend.introspection import RELATIONS
from tenants.context import public, schema_name, within
from tenants.fingerprint import code_fingerprint
from tenants.isolation.timeouts import limited
from tenants.models import TEMPLATE_SCHEMA, Tenant
from tenants.schemas.changes import schema_changes
from tenants.schemas.migrating.plan import Move, Step
from tenants.signals import schema_migrated

# The ids of these rows are cached by every process for all tenants (docs/design.md, invariant 4).
SAME_ROWS = f"""
INSERT INTO django_content_type OVERRIDING SYSTEM VALUE SELECT * FROM {TEMPLATE_SCHEMA}.django_content_type
ON CONFLICT (id) DO UPDATE SET app_label = excluded.app_label, model = excluded.model
WHERE (django_content_type.app_label, django_content_type.model) <> (excluded.app_label, excluded.model);
INSERT INTO auth_permission OVERRIDING SYSTEM VALUE SELECT * FROM {TEMPLATE_SCHEMA}.auth_permission
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, content_type_id = excluded.content_type_id, codename = excluded.codename
WHERE (auth_permission.name, auth_permission.content_type_id, auth_permission.codename)
   <> (excluded.name, excluded.content_type_id, excluded.codename);
SELECT setval('django_content_type_id_seq', greatest(last_value, (SELECT max(id) FROM django_content_type)))
FROM django_content_type_id_seq;
SELECT setval('auth_permission_id_seq', greatest(last_value, (SELECT max(id) FROM auth_permission)))
FROM auth_permission_id_seq
"""  # noqa: S608  the only name in it is ours

# Indexes that CREATE INDEX CONCURRENTLY leaves behind if it is interrupted, or if its migration is interrupted before
# it is recorded. Both block the next attempt, which uses the same name.
# https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
LEFT_INDEXES = f"""
SELECT quote_ident(c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid IN ({RELATIONS}) AND (NOT i.indisvalid OR c.relname = ANY(%s))
"""  # noqa: S608  our own query

# Older code that can serve the template can also serve all tenants at the same state.
NOTE = """
UPDATE public.tenants_tenant SET fingerprint = %s, also_served_by = coalesce((
    SELECT model.also_served_by FROM public.tenants_tenant model
    WHERE model.state = 'template' AND model.fingerprint = %s
), {also}) WHERE schema_name = current_schema()
"""

_one_at_a_time = Lock()


def is_busy(error: BaseException) -> bool:
    """Did another session hold the lock? Then a later attempt may succeed."""
    return isinstance(error.__cause__, errors.LockNotAvailable | errors.DeadlockDetected)


def do_steps(tenant: Tenant, steps: Sequence[Step], *, fake: bool = False, apart: bool = False) -> bool:
    """Execute consecutive steps in a tenant, completely or not at all, and store its new state. `apart`: send one
    statement at a time.

    Returns True if the recorded SQL failed and Django executed the steps instead: this schema differs from the one in
    which they were recorded.
    """
    with within(tenant):
        if not fake and not steps[0].is_atomic:
            _do_without_transaction(tenant, steps[0])
            return False
        try:
            _do(steps, fake=fake, apart=apart)
        except Error as error:
            if fake or is_busy(error) or all(step.sql is None for step in steps):
                raise
            _do(steps, anew=True, apart=apart)
            return True
        return False


def _do(steps: Sequence[Step], *, fake: bool = False, anew: bool = False, apart: bool = False) -> None:
    """Execute all steps in one transaction, from the recorded SQL. `anew`: with Django, and without recording."""
    worked_out: list[tuple[Step, list[str] | None]] = []
    with limited("migration"), transaction.atomic(), schema_changes(), connection.cursor() as cursor:
        for number, step in enumerate(steps):
            if number:
                # Django would commit here. A table with pending constraint checks cannot be altered.
                connection.check_constraints()
            if not fake and (anew or step.sql is None):
                worked_out.append((step, _work_out(step)))
                send(cursor, closing(step), apart=apart)
            else:
                send(cursor, [*(() if fake else step.sql or ()), *closing(step)], apart=apart)
        if not fake:
            announce(steps[-1])
    if not anew:
        for step, sql in worked_out:
            step.sql = sql


def _work_out(step: Step) -> list[str] | None:
    """Execute the moves with Django. Returns the statements it sent, or None if they are valid for this tenant only."""
    sent: list[str] = []

    def listen(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if changes(str(sql)):
            sent.append(compose(str(sql), params) if params else str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        for move in step.moves:
            _do_move(move)
    names_a_schema = any(schema_name() in sql or "search_path" in sql for sql in sent)
    return sent if step.can_be_replayed and not names_a_schema else None


def changes(sql: str) -> bool:
    """Does a statement of the schema editor change anything? Some only look up names or set savepoints."""
    words = sql.lstrip().upper()
    return not words.startswith(("SELECT", "SHOW", "SAVEPOINT", "RELEASE")) or "SETVAL(" in words


def _do_move(move: Move) -> None:
    if move.only_runs:
        # All tenants share the same models, which are rendered once.
        with connection.schema_editor(atomic=move.migration.atomic) as editor:
            for operation in move.operations:
                run = operation.database_backwards if move.backwards else operation.database_forwards
                run(move.migration.app_label, editor, move.state, move.state)
        return
    # Django's RenameModel modifies itself when it runs backwards, and states share cached models: two threads must not
    # execute the same migration.
    with _one_at_a_time, connection.schema_editor(atomic=move.migration.atomic) as editor:
        do = move.migration.unapply if move.backwards else move.migration.apply
        do(move.state.clone(), editor)


def _do_without_transaction(tenant: Tenant, step: Step) -> None:
    """Execute a migration that is not atomic. Until it has finished, the tenant counts as incomplete, also for older
    code, unless that code can continue with any part of the migration.
    """
    if step.has_gap:
        save_state(tenant, "", [])
    with limited("migration without transaction"), schema_changes(), connection.cursor() as cursor:
        cursor.execute(LEFT_INDEXES, [new_indexes(step)])
        for (index,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {index}")
        for move in step.moves:
            _do_move(move)
        send(cursor, closing(step), apart=True)
        announce(step)


def new_indexes(step: Step) -> list[str]:
    """The names of indexes that the step creates outside a transaction."""
    # Imported here, so that a `migrate` with nothing to do does not load it.
    from django.contrib.postgres.operations import AddIndexConcurrently

    operations = [each for move in step.moves if not move.backwards for each in move.operations]
    return [each.index.name for each in operations if isinstance(each, AddIndexConcurrently)]


def announce(step: Step) -> None:
    """Send schema_migrated if the schema has reached the state of the code and rows may have been written."""
    if step.ends_code and step.fingerprint == code_fingerprint():
        schema_migrated.send(Tenant)


def compose(sql: str, params: Sequence[Any]) -> str:
    """A statement with its parameters inserted, quoted by psycopg."""
    return connection.ops.compose_sql(sql, params)  # type: ignore[attr-defined]


def send(cursor: Any, statements: Iterable[str], *, apart: bool) -> None:
    """In one round trip, or one statement at a time."""
    for statement in statements if apart else [";\n".join(statements)]:
        cursor.execute(statement)


def closing(step: Step) -> list[str]:
    """The statements that end a step in any tenant: they record migrations, copy the template's common rows, and store
    the new state.
    """
    forget = "DELETE FROM django_migrations WHERE app = %s AND name = %s"
    record = "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())"
    rows = [compose(forget, key) for key in sorted(step.forgotten)]
    rows += [compose(record, key) for key in sorted(step.recorded)]
    note = NOTE.format(also="'[]'" if step.has_gap else "(also_served_by || to_jsonb(fingerprint)) - ''::text")
    return [*rows, *SAME_ROWS.split(";"), compose(note, [step.fingerprint, step.fingerprint])]


def save_state(tenant: Tenant, fingerprint: str, also_served_by: list[str]) -> None:
    """Store a schema's state in the directory. For the template this waits for running copies of it."""
    tenant.fingerprint, tenant.also_served_by = fingerprint, also_served_by
    with public():
        tenant.save(update_fields=["fingerprint", "also_served_by"])
