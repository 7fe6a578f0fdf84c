"""Compares schemas with the template, by PostgreSQL's catalogue, for many tenants at once."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import OperationalError, connection

from shared.capabilities.registry import imported
from tenants.context import as_owner, public
from tenants.models import TEMPLATE_SCHEMA, Tenant

Thing = tuple[str, str]
BATCH = 100

# Each query returns (schema, kind, name, definition). Definitions name their schema, since it is not on the search
# path; the name is removed, so that equal objects have equal definitions.
CATALOGUE = """
SELECT n.nspname, 'table', c.relname::text, concat_ws(' ', c.relkind::text || c.relpersistence::text,
    pg_get_userbyid(c.relowner), c.reloptions, CASE WHEN c.relrowsecurity THEN 'row security' END)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s) AND c.relkind NOT IN ('i', 'I', 'S', 't')
UNION ALL
SELECT n.nspname, 'column', c.relname || '.' || a.attname, concat_ws(' ',
    'number ' || row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum),
    format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
    nullif(a.attidentity, ''), nullif(a.attgenerated, ''), pg_get_expr(d.adbin, d.adrelid),
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname = ANY(%(schemas)s) AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT n.nspname, 'constraint', c.relname || '.' || k.conname, pg_get_constraintdef(k.oid) || k.convalidated::text
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s)
UNION ALL
SELECT n.nspname, 'index', c.relname, pg_get_indexdef(c.oid) || i.indisvalid::text
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s)
UNION ALL
SELECT s.schemaname, 'sequence', s.sequencename, concat_ws(' ', s.data_type, s.start_value, s.increment_by,
    s.min_value, s.max_value, s.cycle,
    CASE WHEN a.attnum > 0 THEN pg_get_serial_sequence(format('%%I.%%I', s.schemaname, c.relname), a.attname) END)
FROM pg_sequences s
LEFT JOIN pg_depend d ON d.objid = format('%%I.%%I', s.schemaname, s.sequencename)::regclass AND d.deptype IN ('a', 'i')
    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
LEFT JOIN pg_class c ON c.oid = d.refobjid
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE s.schemaname = ANY(%(schemas)s)
UNION ALL
SELECT n.nspname, 'function', p.oid::regprocedure::text,
    CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE p.prokind::text END
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY(%(schemas)s)
UNION ALL
SELECT n.nspname, 'view', c.relname, pg_get_viewdef(c.oid, true)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s) AND c.relkind IN ('v', 'm')
UNION ALL
SELECT n.nspname, 'rule', c.relname || '.' || r.rulename, pg_get_ruledef(r.oid) || r.ev_enabled::text
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s) AND r.rulename <> '_RETURN'
UNION ALL
SELECT n.nspname, 'policy', c.relname || '.' || y.polname, concat_ws(' ', y.polcmd::text, y.polpermissive,
    pg_get_expr(y.polqual, y.polrelid), pg_get_expr(y.polwithcheck, y.polrelid))
FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s)
UNION ALL
SELECT n.nspname, 'statistics', s.stxname, pg_get_statisticsobjdef(s.oid)
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE n.nspname = ANY(%(schemas)s)
UNION ALL
SELECT n.nspname, 'collation', o.collname, o.collprovider::text
FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE n.nspname = ANY(%(schemas)s)
UNION ALL
SELECT n.nspname, 'trigger', c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s) AND (NOT t.tgisinternal OR t.tgenabled <> 'O')
UNION ALL
SELECT n.nspname, 'type', t.typname, concat_ws(' ', t.typtype::text,
    (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
     FROM pg_enum e WHERE e.enumtypid = t.oid),
    CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, t.typdefault,
    (SELECT string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), ', ' ORDER BY k.conname)
     FROM pg_constraint k WHERE k.contypid = t.oid),
    (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
        nullif(a.attcollation, 0)::regcollation), ', ' ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE n.nspname = ANY(%(schemas)s) AND (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c')
UNION ALL
SELECT n.nspname, 'rights', p.oid::regprocedure::text, replace(p.proacl::text, n.nspname, '<role>')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY(%(schemas)s) AND p.proacl IS NOT NULL
UNION ALL
SELECT n.nspname, 'rights', t.typname, replace(t.typacl::text, n.nspname, '<role>')
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname = ANY(%(schemas)s) AND t.typacl IS NOT NULL
UNION ALL
SELECT n.nspname, 'rights', c.relname, replace(c.relacl::text, n.nspname, '<role>')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s) AND c.relkind NOT IN ('i', 'I', 't') AND c.relacl IS NOT NULL
UNION ALL
SELECT n.nspname, 'rights', c.relname || '.' || a.attname, replace(a.attacl::text, n.nspname, '<role>')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%(schemas)s) AND a.attacl IS NOT NULL
UNION ALL
SELECT n.nspname, 'rights', 'schema', replace(n.nspacl::text, n.nspname, '<role>')
FROM pg_namespace n WHERE n.nspname = ANY(%(schemas)s) AND n.nspacl IS NOT NULL
UNION ALL
SELECT n.nspname, 'rights', 'default for ' || d.defaclobjtype::text, replace(d.defaclacl::text, n.nspname, '<role>')
FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace WHERE n.nspname = ANY(%(schemas)s)
UNION ALL
SELECT r.rolname, 'role', member.rolname, concat_ws(' ', m.inherit_option, m.set_option, r.rolcanlogin, r.rolinherit)
FROM pg_roles r JOIN pg_auth_members m ON m.roleid = r.oid JOIN pg_roles member ON member.oid = m.member
WHERE %(roles)s AND r.rolname = ANY(%(schemas)s)
"""

# Rows that have to be the same in all tenants (docs/design.md, invariant 4).
ROWS = {
    "content type": "SELECT id::text, app_label || '.' || model FROM {schema}.django_content_type",
    "permission": "SELECT id::text, content_type_id || '.' || codename || ' ' || name FROM {schema}.auth_permission",
    "migration": "SELECT app || '.' || name, '' FROM {schema}.django_migrations",
}


@dataclass(frozen=True)
class Difference:
    """One difference between a tenant's schema and the template; None stands for a missing object."""

    tenant: Tenant
    kind: str
    name: str
    here: str | None
    template: str | None

    def __str__(self) -> str:
        if self.here is None:
            return f"{self.kind} {self.name} is missing"
        if self.template is None:
            return f"{self.kind} {self.name} is not in the template"
        return f"{self.kind} {self.name} is {self.here!r}, in the template {self.template!r}"


def differences(tenants: Sequence[Tenant]) -> Iterator[Difference]:
    """All differences of these tenants' schemas from the template, tenant by tenant. Reads one batch at a time."""
    template = read([TEMPLATE_SCHEMA])[TEMPLATE_SCHEMA]
    for start in range(0, len(tenants), BATCH):
        yield from compared(tenants[start : start + BATCH], template)


def compared(tenants: Sequence[Tenant], template: dict[Thing, str]) -> Iterator[Difference]:
    try:
        found = read([tenant.schema_name for tenant in tenants])
    except OperationalError as error:
        # The rows of an organisation on a lost node cannot be read (docs/nodes.md); those of all others can.
        if not connection.is_usable() or connection.in_atomic_block:
            raise
        yield from one_by_one(tenants, template, error)
    else:
        for tenant in tenants:
            yield from of_one(tenant, found[tenant.schema_name], template)


def one_by_one(tenants: Sequence[Tenant], template: dict[Thing, str], error: Exception) -> Iterator[Difference]:
    """The same, where at least one of these cannot be reached."""
    if len(tenants) == 1:
        yield Difference(tenants[0], "schema", tenants[0].schema_name, f"unreachable: {error}".strip(), "reachable")
        return
    for tenant in tenants:
        yield from compared([tenant], template)


def of_one(tenant: Tenant, here: dict[Thing, str], template: dict[Thing, str]) -> Iterator[Difference]:
    if not here:
        yield Difference(tenant, "schema", tenant.schema_name, None, TEMPLATE_SCHEMA)
        return
    for kind, name in sorted(here.keys() | template.keys()):
        ours, theirs = here.get((kind, name)), template.get((kind, name))
        difference = Difference(tenant, kind, name, ours, theirs)
        if ours != theirs and not any(is_expected(difference) for is_expected in imported("expected_differences")):
            yield difference


def read(schemas: list[str]) -> dict[str, dict[Thing, str]]:
    """The objects of each schema: kind and name, with the definition."""
    things: dict[str, dict[Thing, str]] = defaultdict(dict)
    with public(), as_owner(), connection.cursor() as cursor:
        # With DATABASE_ROLES off, the server may still have roles of another database's schemas with the same names.
        cursor.execute(CATALOGUE, {"schemas": schemas, "roles": settings.DATABASE_ROLES})
        for schema, kind, name, definition in cursor.fetchall():
            things[schema][kind, name.replace(f"{schema}.", "")] = canonical(definition.replace(f"{schema}.", ""))
        for kind, query in ROWS.items():
            cursor.execute(" UNION ALL ".join(row_queries(query, things)))
            for schema, name, definition in cursor.fetchall():
                things[schema][kind, name] = definition
    return things


def canonical(definition: str) -> str:
    """One form for `x IN ('a', 'b')` on a varchar. PostgreSQL prints it with a cast of the whole list at first, and
    with a cast of each value after it has parsed its own output, as copies made by pg_dump also show.
    """
    return re.sub(
        r"\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]",
        lambda whole: "ARRAY[" + re.sub(r"'(?:[^']|'')*'::character varying", r"(\g<0>)::text", whole[1]) + "]",
        definition,
    )


def row_queries(query: str, things: dict[str, dict[Thing, str]]) -> list[str]:
    """One query for each schema that has the table."""
    table = query.rpartition("{schema}.")[2]
    having = [schema for schema, here in things.items() if ("table", table) in here]
    return [
        f"SELECT '{schema}', * FROM ({query.format(schema=connection.ops.quote_name(schema))}) q"  # noqa: S608  our names
        for schema in having
    ] or ["SELECT '', '', '' WHERE false"]
