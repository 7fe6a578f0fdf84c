"""Migrating the template, which all tenants follow, and the lock that allows only one `migrate`."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tenants.context import public, within
from tenants.fingerprint import code_migrations, schema_fingerprint
from tenants.isolation.database_roles import make_schema
from tenants.models import TEMPLATE_SCHEMA, Tenant
from tenants.schemas.migrating.steps import save_state
from tenants.schemas.rows import undeclared
from tenants.schemas.script import uncopied
from tenants.schemas.trial import unequal

# An arbitrary number that no other program on this database locks.
LOCK = 7_205_759_403
# How many older fingerprints of compatible code a schema remembers.
OLDER = 8


def known_template() -> Tenant | None:
    """The template, or None before the first `migrate`."""
    with public():
        has_directory = Tenant._meta.db_table in connection.introspection.table_names()
        # `--plan` reads it before the directory has all columns of this code.
        known = Tenant.objects.only("schema_name", "state", "fingerprint").filter(state=Tenant.State.TEMPLATE)
        return known.first() if has_directory else None


@transaction.atomic
def template() -> Tenant:
    """The template. If there is none yet, it is created with an empty schema."""
    with public():
        tenant, is_new = Tenant.objects.get_or_create(
            state=Tenant.State.TEMPLATE, defaults={"schema_name": TEMPLATE_SCHEMA}
        )
        if is_new:
            make_schema(TEMPLATE_SCHEMA)
    return tenant


class Ahead(Exception):
    """A schema has migrations that this code does not know. The message is a sentence."""


def refuse_ahead() -> None:
    """Raises Ahead if the current schema's newest migrations are unknown to this code, which would ignore them.

    Unknown migrations that are older than known ones are allowed: later migrations have replaced them.
    """
    loader = MigrationLoader(connection)
    known = {*code_migrations(), *(key for squashed in loader.replacements.values() for key in squashed.replaces)}
    applied = MigrationRecorder(connection).applied_migrations()
    rows = sorted(applied, key=lambda key: applied[key].pk)
    newest = {app: number for number, (app, name) in enumerate(rows) if (app, name) in known}
    ahead = [key for number, key in enumerate(rows) if key not in known and number > newest.get(key[0], len(rows))]
    if ahead:
        names = ", ".join(".".join(key) for key in ahead)
        raise Ahead(
            f"The organisations are ahead of this code: they have {names}, with which it cannot work. Deploy the code "
            "that has them, or reverse them with that code first (`manage.py migrate`, the app, the migration before)."
        )


class CannotBeCopied(Exception):
    """The template would hold objects or rows that new organisations would lack or share. The message is a sentence."""


@contextmanager
def changing(tenant: Tenant, *, at_once: bool = True, has_gap: bool = True, is_plain: bool = False) -> Iterator[None]:
    """Change a schema while no copy of the template is made, then store its new fingerprint.

    `at_once`: in one transaction, so that a failure leaves the schema unchanged. A migration that is not atomic cannot
    run in one: until it has finished, the schema counts as incomplete. `has_gap`: code that served it cannot continue.
    `is_plain`: only Django's own operations change it, whose results can all be copied.
    Raises CannotBeCopied if the result holds objects or rows that copies could not or should not have.
    """
    older = [] if has_gap else [each for each in (*tenant.also_served_by, tenant.fingerprint) if each][-OLDER:]
    with transaction.atomic() if at_once else nullcontext():
        save_state(tenant, "", older)
        with within(tenant):
            yield
            refuse_uncopied()
            if not is_plain:
                refuse_unequal()
            refuse_undeclared_rows()
            now = schema_fingerprint()
        save_state(tenant, now, [each for each in older if each != now])


def refuse_uncopied() -> None:
    """Raises CannotBeCopied if the current schema holds objects that a copy would lack."""
    with connection.cursor() as cursor:
        if found := uncopied(cursor):
            raise CannotBeCopied(
                f"The template would hold objects that cannot be copied: {', '.join(found)}. No organisation was "
                "changed. docs/operations.md lists what can be copied."
            )


def refuse_unequal() -> None:
    """Raises CannotBeCopied if a copy of the current schema would differ from it."""
    if found := unequal():
        raise CannotBeCopied(
            f"A copy of the template would differ from it: {'; '.join(found)}. No organisation was changed. "
            "docs/operations.md lists what can be copied."
        )


def refuse_undeclared_rows() -> None:
    """Raises CannotBeCopied if the current schema has rows of tables that are in no app's `same_rows`."""
    if tables := undeclared():
        raise CannotBeCopied(
            f"The template would hold rows of {', '.join(tables)}, and every new organisation would get a copy. "
            "No organisation was changed. If they are the same everywhere, name the model in `same_rows` of its app; "
            "if not, let the migration insert none into the template (docs/operations.md)."
        )


@contextmanager
def only_one() -> Iterator[bool]:
    """Lock out a second `migrate` on this database; yields True if this is the only one. The server releases the lock
    if the process dies: https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
    """
    # The cursor stays open, so that the connection, which holds the lock, is not replaced (backend/memory.py).
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        is_only = cursor.fetchone()[0]
        try:
            yield is_only
        finally:
            if is_only:
                with connection.cursor() as other:
                    other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
