"""Single rows and files are taken over from a sandbox, with what goes with them: take_over_some()."""

from functools import partial
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from profiles.backups.choosing import Choice, Keys, Pair, completed, key_of
from profiles.backups.comparing import in_schema, rows_of
from profiles.backups.errors import CannotRestore
from profiles.backups.models import Sandbox
from profiles.backups.names import name_of
from profiles.exports.tables import Table, models
from profiles.models import User
from tenants.backend.rollback import on_rollback
from tenants.context import as_owner, public, within
from tenants.events import emit
from tenants.models import Tenant

ALL = 1_000_000  # rows
MOST_WORDS = 300  # characters


def what_goes(sandbox: Sandbox, rows: Keys, files: set[str]) -> Choice:
    """What take_over_some() would write and delete. Raises CannotRestore."""
    return completed(Pair(sandbox), rows, files)


def rows_named(sandbox: Sandbox, texts: list[str]) -> Keys:
    """Of texts as profiles.User:5,7 or, for all that differ, profiles.User. Raises CannotRestore for another model.

    A key of several columns has spaces between them, in place of the commas: notices.Preference:5 mail.
    """
    pair, found = Pair(sandbox), Keys()
    for text in texts:
        label, has_keys, keys = text.partition(":")
        if has_keys:
            named = {key.strip().replace(" ", ",") for key in keys.split(",") if key.strip()}
        else:
            [change] = rows_of([pair.table(label)], pair.present, pair.past, most=ALL)
            named = {key for of_kind in change.keys.values() for key in of_kind}
        found.setdefault(label, set()).update(named)
    return found


def take_over_some(sandbox: Sandbox, rows: Keys, files: set[str], *, by: Model | None = None) -> Choice:
    """The organisation has these rows and files as its sandbox has them, all or none; returns what was done.

    Secrets are not taken over: a row that is there keeps its own, one that comes back has to get new ones. New files
    are stored before the rows that name them. Files that are replaced or deleted are so after the commit: killed before
    that is done, it can be called again. Raises CannotRestore.
    """
    pair = Pair(sandbox)
    try:
        with transaction.atomic():
            check(sandbox)
            choice = completed(pair, rows, files)
            write(pair, choice, by)
            stored = store_new(pair, choice)
            transaction.on_commit(partial(finish_files, pair, choice, stored))
    except (IntegrityError, ProtectedError, RestrictedError) as error:
        raise CannotRestore(reason(error)) from error
    return choice


def check(sandbox: Sandbox) -> None:
    """Locks both, so that they do not change places. Raises CannotRestore."""
    with public():
        for row in Tenant.objects.select_for_update().filter(pk__in=[sandbox.of_id, sandbox.tenant_id]):
            if row.state in Tenant.GONE:
                raise CannotRestore(_("%(slug)s is being deleted.") % {"slug": row.slug})
            if not row.is_complete:
                raise CannotRestore(
                    _("%(slug)s is at another version. Ask your operators to run “migrate”.") % {"slug": row.slug}
                )


def write(pair: Pair, choice: Choice, by: Model | None) -> None:
    """Deletes first: what has been added since may have the name of what comes back."""
    with within(pair.present):
        done = ", ".join(f"{number} {label} {word}" for label, word, number in choice.lines())
        emit("organisation.rows_restored", pair.present, by=by, rows=("", done[:MOST_WORDS]))
        for label, keys in choice.away.items():
            delete(pair.tables[label].model, keys)
    with public(), as_owner(), connection.cursor() as cursor:
        for label, table in pair.tables.items():
            if label in choice.back:
                cursor.execute(statement(pair, table), [sorted(choice.back[label])])
    with within(pair.present), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if not User.objects.owners().exists():
            raise CannotRestore(_("The organisation would have no active owner."))


def delete(model: type[Model], keys: set[str]) -> None:
    """As any deletion, with what Django deletes along. Raises ProtectedError and RestrictedError."""
    parts = [key.split(",") for key in keys]
    values: list[Any] = [tuple(each) if len(model._meta.pk_fields) > 1 else ",".join(each) for each in parts]
    model._base_manager.filter(pk__in=values).delete()


def statement(pair: Pair, table: Table) -> str:
    """Writes the sandbox's rows of some keys."""
    quote = connection.ops.quote_name
    keys = {str(each.column) for each in table.model._meta.pk_fields}
    names = ", ".join(quote(each.name) for each in table.columns)
    values = ", ".join(
        each.inward(with_secrets=False) if each.is_secret else f"t.{quote(each.name)}" for each in table.columns
    )
    kept = [quote(each.name) for each in table.columns if each.name not in keys and not each.is_secret]
    change = f"UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in kept)}" if kept else "NOTHING"
    return (
        f"INSERT INTO {in_schema(pair.present, table)} ({names}) OVERRIDING SYSTEM VALUE "  # noqa: S608  our own names
        f"SELECT {values} FROM {in_schema(pair.past, table)} t WHERE {key_of('t', table)} = ANY(%s) "
        f"ON CONFLICT ({', '.join(map(quote, sorted(keys)))}) DO {change}"
    )


def store_new(pair: Pair, choice: Choice) -> set[str]:
    """The names of files that the organisation does not have yet. They are deleted on rollback."""
    with within(pair.present):
        new = {name for name in choice.files_back if not default_storage.exists(name)}
        for name in sorted(new):
            on_rollback(partial(default_storage.delete, name))
            copy(pair, name)
    return new


def copy(pair: Pair, name: str) -> None:
    with within(pair.past):
        file = default_storage.open(name)
    with file, within(pair.present):
        if default_storage.save(name, File(file)) != name:
            raise CannotRestore(_("The file %(name)s cannot be stored under its name.") % {"name": name})


def finish_files(pair: Pair, choice: Choice, stored: set[str]) -> None:
    for name in sorted((choice.files_back - stored) | choice.files_away):
        with within(pair.present):
            default_storage.delete(name)
        if name in choice.files_back:
            copy(pair, name)


def reason(error: Exception) -> str:
    """Without values of rows, which belong to people."""
    if isinstance(error, ProtectedError | RestrictedError):
        return _("What has been added since cannot be deleted, because something else needs it. Choose that too.")
    diagnosis = getattr(error.__cause__, "diag", None)
    table = getattr(diagnosis, "table_name", "")
    what = next((name_of(model._meta.label) for model in models() if model._meta.db_table == table), table)
    return _(
        "%(what)s: one that was added since has a value that may be there only once, such as the same name (%(rule)s)."
        " Choose it too, or change it first."
    ) % {"what": what, "rule": getattr(diagnosis, "constraint_name", "")}
