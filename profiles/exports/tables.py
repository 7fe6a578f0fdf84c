"""The tables of an export: one per model, in an order in which they can be loaded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django_tenants.routers import TenantSyncRouter

from shared.capabilities.base import SECRET
from shared.capabilities.registry import exports
from tenants.schemas.catalogue import RELATIONS

# Each installation has its own rows for them. References to them are exported by name.
REFERENCES: dict[type[Model], str] = {
    ContentType: "SELECT id, app_label || '.' || model AS name FROM django_content_type",
    Permission: (
        "SELECT p.id, c.app_label || '.' || c.model || '.' || p.codename AS name "
        "FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id"
    ),
}
NAMED = {model._meta.label: model for model in REFERENCES}
# Types that mean the same in JSON. All others are exported as PostgreSQL's text: 1.10 stays 1.10.
NATIVE = frozenset(
    {
        *("smallint", "integer", "bigint", "real", "double precision", "boolean", "uuid", "inet", "cidr"),
        *("text", "character varying", "character", "date", "timestamp with time zone", "json", "jsonb"),
    }
)
TEXT = frozenset({"text", "character varying", "character"})
JSON = frozenset({"json", "jsonb"})
COLUMNS = f"""
SELECT c.relname, a.attname, format_type(a.atttypid, NULL), NOT a.attnotnull
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
WHERE c.oid IN {RELATIONS} AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY c.relname, a.attnum
"""  # noqa: S608  made of our own words
# Django's own tables in each schema.
OF_DJANGO = frozenset({"django_migrations", "django_content_type", "auth_permission"})


@dataclass(frozen=True)
class Column:
    """A column, and the two SQL expressions that convert its values to JSON and back."""

    name: str
    kind: str  # PostgreSQL's type, without its length
    is_nullable: bool
    reference: type[Model] | None = None
    is_secret: bool = False

    @property
    def quoted(self) -> str:
        """Its name, in a statement with parameters."""
        return connection.ops.quote_name(self.name).replace("%", "%%")

    @property
    def key(self) -> str:
        """Its name as a string, in a statement with parameters."""
        return "'" + self.name.replace("'", "''").replace("%", "%%") + "'"

    def outward(self) -> str:
        value = f"t.{self.quoted}"
        if self.reference:
            return f"(SELECT name FROM ({REFERENCES[self.reference]}) n WHERE n.id = {value})"  # noqa: S608  our own
        if self.kind in JSON and self.is_nullable:  # JSON's null is a value, not a missing one.
            return f"CASE WHEN {value} IS NOT NULL THEN json_build_array({value}) END"
        return value if self.kind in NATIVE else f"{value}::text"

    def inward(self, *, with_secrets: bool) -> str:
        if self.is_secret and not with_secrets:
            # Never a valid password hash or token, so that all have to be set again.
            return "NULL" if self.is_nullable else "'!' || gen_random_uuid()"
        if self.reference:
            known = f"%(references)s::jsonb -> '{self.reference._meta.label}' ->> (r ->> {self.key})"
            # No row has -1, so that unknown names are refused by the foreign key.
            return f"CASE WHEN r ->> {self.key} IS NOT NULL THEN coalesce(({known})::bigint, -1) END"
        if self.kind in JSON:
            return f"(r -> {self.key}{' -> 0' if self.is_nullable else ''})::{self.kind}"
        return f"r ->> {self.key}" if self.kind in TEXT else f"(r ->> {self.key})::{self.kind}"


@dataclass(frozen=True)
class Table:
    """A model's table in the current schema."""

    model: type[Model]
    columns: tuple[Column, ...]

    @property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def quoted(self) -> str:
        return connection.ops.quote_name(self.model._meta.db_table)

    @property
    def is_secret(self) -> bool:
        return exports().get(self.label) == SECRET

    @cached_property
    def order(self) -> str:
        """By primary key, in the same order on every server, independent of its collation."""
        kinds = {column.name: column.kind for column in self.columns}
        names = [str(field.column) for field in self.model._meta.pk_fields]
        quoted = ((f"t.{connection.ops.quote_name(name)}", kinds[name] in TEXT) for name in names)
        return ", ".join(f'{name} COLLATE "C"' if is_text else name for name, is_text in quoted)

    def select(self, *, with_secrets: bool, where: str = "") -> str:
        """A query for its rows, each as JSON in a line. Execute it with parameters, if only an empty list."""
        columns = [each for each in self.columns if with_secrets or not each.is_secret]
        values = ", ".join(f"{each.outward()} AS {each.quoted}" for each in columns)
        inner = f"SELECT {values} FROM {self.quoted} t {where} ORDER BY {self.order}"  # noqa: S608  our own names
        return f"SELECT row_to_json(r)::text FROM ({inner}) r"  # noqa: S608  our own query

    def insert(self, *, with_secrets: bool) -> str:
        """A statement that stores rows as `select` gives them: parameters `rows`, a JSON list, and `references`."""
        names = ", ".join(each.quoted for each in self.columns)
        values = ", ".join(each.inward(with_secrets=with_secrets) for each in self.columns)
        return (
            f"INSERT INTO {self.quoted} ({names}) OVERRIDING SYSTEM VALUE "  # noqa: S608  our own names
            f"SELECT {values} FROM json_array_elements(%(rows)s::json) AS e(r)"
        )


def models() -> list[type[Model]]:
    """Every model with a table in each organisation; referenced models come first."""
    listed = TenantSyncRouter()
    return in_order(
        model
        for model in apps.get_models(include_auto_created=True)
        if listed.app_in_list(model._meta.app_label, settings.TENANT_APPS)
        and model._meta.managed
        and not model._meta.proxy
        and model not in REFERENCES
    )


def in_order(found: Iterable[type[Model]]) -> list[type[Model]]:
    """As far as possible: in a circle of references, constraints are checked after all rows are loaded."""
    waiting = sorted(found, key=lambda model: model._meta.label)
    ordered: dict[type[Model], None] = {}
    begun: set[type[Model]] = set()

    def place(model: type[Model]) -> None:
        if model in begun or model not in waiting:
            return
        begun.add(model)
        for field in model._meta.local_concrete_fields:
            if field.remote_field:
                place(field.remote_field.model)
        ordered[model] = None

    for model in waiting:
        place(model)
    return list(ordered)


def tables() -> list[Table]:
    """The tables of the current schema."""
    columns = columns_by_table()
    return [Table(model, tuple(described(model, columns[model._meta.db_table]))) for model in models()]


def columns_by_table() -> dict[str, list[tuple[str, str, bool]]]:
    found: dict[str, list[tuple[str, str, bool]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, *column in cursor.fetchall():
            found.setdefault(table, []).append(tuple(column))
    return found


def described(model: type[Model], columns: list[tuple[str, str, bool]]) -> Iterator[Column]:
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    for name, kind, is_nullable in columns:
        field = fields.get(name)
        target = field.remote_field.model if field and field.remote_field else None
        word = exports().get(f"{model._meta.label}.{field.name}") if field else None
        # By name: a model of an older state is another class.
        yield Column(name, kind, is_nullable, target and NAMED.get(target._meta.label), word == SECRET)


def without_model() -> list[str]:
    """Tables of the current schema without a model in an installed app. They are not exported."""
    return sorted(set(columns_by_table()) - {model._meta.db_table for model in models()} - OF_DJANGO)
