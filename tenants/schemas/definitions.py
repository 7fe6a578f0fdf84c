"""Queries that return SQL to recreate what is in a schema besides tables: types, functions, views, triggers, rules.

PostgreSQL generates most of it: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG
"""

from tenants.schemas.catalogue import INLINE, TABLES

# Each of these returns the oid of an object, and the SQL that creates it.
ENUMS = """
SELECT t.oid, format('CREATE TYPE %I AS ENUM (%s)', t.typname, (
    SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
    FROM pg_enum e WHERE e.enumtypid = t.oid))
FROM pg_type t WHERE t.typnamespace = current_schema()::regnamespace AND t.typtype = 'e' ORDER BY t.oid
"""

DOMAINS = """
SELECT t.oid, concat_ws(' ', format('CREATE DOMAIN %I AS %s', t.typname, format_type(t.typbasetype, t.typtypmod)),
    (SELECT format('COLLATE %I.%I', n.nspname, o.collname)
     FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace JOIN pg_type b ON b.oid = t.typbasetype
     WHERE o.oid = t.typcollation AND t.typcollation <> b.typcollation),
    'DEFAULT ' || t.typdefault,
    (SELECT string_agg(format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid, true)), ' ' ORDER BY k.conname)
     FROM pg_constraint k WHERE k.contypid = t.oid AND k.convalidated))
FROM pg_type t WHERE t.typnamespace = current_schema()::regnamespace AND t.typtype = 'd' ORDER BY t.oid
"""

COMPOSITES = """
SELECT t.oid, format('CREATE TYPE %I AS (%s)', t.typname, (
    SELECT string_agg(concat_ws(' COLLATE ', format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)),
        CASE WHEN a.attcollation <> b.typcollation THEN a.attcollation::regcollation::text END), ', ' ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type b ON b.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
WHERE t.typnamespace = current_schema()::regnamespace ORDER BY t.oid
"""

# PostgreSQL names the schema here, even if it is on the search path, so the name is removed from the beginning.
FUNCTIONS = r"""
SELECT p.oid, regexp_replace(pg_get_functiondef(p.oid),
    '^CREATE OR REPLACE (FUNCTION|PROCEDURE) ' || quote_ident(current_schema()) || '\.', 'CREATE \1 ')
FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE (d.classid, d.objid, d.deptype) = ('pg_proc'::regclass, p.oid, 'e'))
ORDER BY p.oid
"""

# Without those of identity columns, which are created with their tables.
SEQUENCES = """
SELECT c.oid, format('CREATE SEQUENCE %I AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s %s', c.relname,
    s.seqtypid::regtype, s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
    CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)
FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i') ORDER BY c.oid
"""

VIEWS = """
SELECT c.oid, format('CREATE VIEW %I %s AS %s', c.relname,
    'WITH (' || array_to_string(c.reloptions, ', ') || ')', rtrim(pg_get_viewdef(c.oid, true), ';'))
FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'v' ORDER BY c.oid
"""

MATERIALIZED_VIEWS = """
SELECT c.oid, format('CREATE MATERIALIZED VIEW %I %s AS %s WITH %s', c.relname,
    'WITH (' || array_to_string(c.reloptions, ', ') || ')', rtrim(pg_get_viewdef(c.oid, true), ';'),
    CASE WHEN c.relispopulated THEN 'DATA' ELSE 'NO DATA' END)
FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'm' ORDER BY c.oid
"""

# Keyed by the catalogue table to which their oids belong.
QUERIES = {
    "pg_type": (ENUMS, DOMAINS, COMPOSITES),
    "pg_proc": (FUNCTIONS,),
    "pg_class": (SEQUENCES, TABLES, VIEWS, MATERIALIZED_VIEWS),
}

# Dependencies: which object needs which other one. Defaults, constraints and a view's query count as parts of their
# object; a table's row type, and a type's array type, count as the object itself.
NEEDS = f"""
WITH part AS MATERIALIZED (
    SELECT 'pg_class'::regclass class, oid, 'pg_class' catalog, oid whole FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v', 'm', 'S')
    UNION ALL SELECT 'pg_type'::regclass, reltype, 'pg_class', oid FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v', 'm')
    UNION ALL SELECT 'pg_type'::regclass, t.typarray, 'pg_class', c.oid
    FROM pg_class c JOIN pg_type t ON t.oid = c.reltype
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v', 'm')
    UNION ALL SELECT 'pg_proc'::regclass, oid, 'pg_proc', oid FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace
    UNION ALL SELECT 'pg_type'::regclass, unnest(ARRAY[t.oid, t.typarray]), 'pg_type', t.oid
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typnamespace = current_schema()::regnamespace AND (t.typtype IN ('e', 'd') OR c.relkind = 'c')
    UNION ALL SELECT 'pg_class'::regclass, c.oid, 'pg_type', c.reltype FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'c'
    UNION ALL SELECT 'pg_attrdef'::regclass, d.oid, 'pg_class', d.adrelid
    FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid WHERE c.relnamespace = current_schema()::regnamespace
    UNION ALL SELECT 'pg_constraint'::regclass, k.oid, 'pg_class', k.conrelid
    FROM pg_constraint k WHERE k.connamespace = current_schema()::regnamespace AND k.conrelid <> 0 AND {INLINE}
    UNION ALL SELECT 'pg_constraint'::regclass, k.oid, 'pg_type', k.contypid
    FROM pg_constraint k WHERE k.connamespace = current_schema()::regnamespace AND k.contypid <> 0
    UNION ALL SELECT 'pg_rewrite'::regclass, r.oid, 'pg_class', r.ev_class
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE c.relnamespace = current_schema()::regnamespace AND r.rulename = '_RETURN'
)
SELECT DISTINCT one.catalog, one.whole, other.catalog, other.whole
FROM pg_depend d
JOIN part one ON (one.class, one.oid) = (d.classid, d.objid)
JOIN part other ON (other.class, other.oid) = (d.refclassid, d.refobjid)
WHERE (one.catalog, one.whole) <> (other.catalog, other.whole)
  -- A sequence depends on the column that owns it, whose default may use the sequence: ignore that direction.
  AND NOT EXISTS (SELECT FROM pg_sequence s WHERE s.seqrelid = one.whole AND one.catalog = 'pg_class')
"""  # noqa: S608  made of our own words

# --- Statements that run in the end, on existing objects. Each query returns statements alone.

OWNED = """
SELECT format('ALTER SEQUENCE %I OWNED BY %I.%I', s.relname, c.relname, a.attname)
FROM pg_class s
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid
  AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON (a.attrelid, a.attnum) = (c.oid, d.refobjsubid)
WHERE s.relnamespace = current_schema()::regnamespace AND s.relkind = 'S' ORDER BY s.relname
"""

RULES = """
SELECT rtrim(pg_get_ruledef(r.oid, true), ';') FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = current_schema()::regnamespace AND r.rulename <> '_RETURN' ORDER BY c.relname, r.rulename
"""

TRIGGERS = """
SELECT concat_ws('; ', pg_get_triggerdef(t.oid, true), CASE WHEN t.tgenabled <> 'O' THEN
    format('ALTER TABLE %I %s TRIGGER %I', c.relname,
        CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal ORDER BY c.relname, t.tgname
"""

# If a migration has given the template's role other rights than the defaults (tenants/isolation/database_roles.py), the
# copy's role gets the same. Both roles have the names of their schemas.
RIGHTS = """
SELECT format('DO $rights$ BEGIN EXECUTE format(%L, current_schema()); END $rights$', concat_ws('; ',
    format('REVOKE ALL ON %s FROM %%1$I', thing),
    CASE WHEN granted IS NOT NULL THEN format('GRANT %s ON %s TO %%1$I', granted, thing) END))
FROM (
    SELECT c.relname, CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END
            || replace(quote_ident(c.relname), '%', '%%') thing,
        CASE c.relkind WHEN 'S' THEN 'SELECT, UPDATE, USAGE' ELSE 'DELETE, INSERT, SELECT, UPDATE' END usual,
        (SELECT string_agg(privilege_type, ', ' ORDER BY privilege_type) FROM aclexplode(c.relacl)
         WHERE grantee = to_regrole(current_schema())) granted
    FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'v', 'm', 'S')
) things
WHERE granted IS DISTINCT FROM usual AND to_regrole(current_schema()) IS NOT NULL ORDER BY relname
"""

# Of a domain, which is created without them: its constraints that hold for new values only.
NOT_VALID = """
SELECT format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', k.contypid::regtype, k.conname, pg_get_constraintdef(k.oid, true))
FROM pg_constraint k
WHERE k.connamespace = current_schema()::regnamespace AND k.contypid <> 0 AND NOT k.convalidated ORDER BY k.oid
"""

# Those of tables, views and their columns are in catalogue.py.
COMMENTS = """
SELECT format('COMMENT ON %s IS %L', thing, d.description)
FROM pg_description d JOIN (
    SELECT 'pg_proc'::regclass, oid, pronamespace,
        CASE prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || oid::regprocedure FROM pg_proc
    UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace,
        CASE typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || oid::regtype FROM pg_type
    UNION ALL SELECT 'pg_class'::regclass, oid, relnamespace,
        CASE relkind WHEN 'i' THEN 'INDEX ' ELSE 'SEQUENCE ' END || oid::regclass FROM pg_class
    WHERE relkind IN ('i', 'S')
    UNION ALL SELECT 'pg_constraint'::regclass, oid, connamespace, format('CONSTRAINT %I ON %s', conname,
        CASE conrelid WHEN 0 THEN 'DOMAIN ' || contypid::regtype ELSE conrelid::regclass::text END) FROM pg_constraint
    UNION ALL SELECT 'pg_trigger'::regclass, t.oid, relnamespace, format('TRIGGER %I ON %s', tgname, c.oid::regclass)
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
    UNION ALL SELECT 'pg_rewrite'::regclass, r.oid, relnamespace, format('RULE %I ON %s', rulename, c.oid::regclass)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class
) things (class, oid, namespace, thing) ON (d.classoid, d.objoid) = (class, oid)
WHERE namespace = current_schema()::regnamespace ORDER BY thing
"""
