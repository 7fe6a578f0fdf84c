"""Objects that cannot be copied. The template must not have any: copies of it would be incomplete."""

from django.db import connection

# One row for each object, with PostgreSQL's description.
REFUSED = """
WITH tables AS (
    SELECT * FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v', 'm')),
functions AS (SELECT * FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE (d.classid, d.objid, d.deptype) = ('pg_proc'::regclass, pg_proc.oid, 'e')))
SELECT pg_describe_object(d.classid, d.objid, 0) FROM pg_depend d
WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = current_schema()::regnamespace
  AND d.classid <> 'pg_default_acl'::regclass  -- tenants/isolation/database_roles.py
  AND NOT EXISTS (  -- It belongs to an extension, which is named instead.
      SELECT FROM pg_depend e WHERE (e.classid, e.objid, e.deptype) = (d.classid, d.objid, 'e'))
  AND NOT (d.classid = 'pg_class'::regclass AND EXISTS (
      SELECT FROM pg_class c LEFT JOIN pg_sequence s ON s.seqrelid = c.oid
      WHERE c.oid = d.objid AND (c.relkind IN ('r', 'v', 'm') OR c.relkind = 'S' AND (
        (s.seqstart, s.seqincrement, s.seqmin, s.seqcache, s.seqcycle) = (1, 1, 1, 1, false)
        OR NOT EXISTS (SELECT FROM pg_depend i WHERE i.objid = c.oid AND i.deptype = 'i')))))
  AND NOT (d.classid = 'pg_proc'::regclass AND EXISTS (
      SELECT FROM pg_proc p WHERE p.oid = d.objid AND p.prokind IN ('f', 'p')))
  AND NOT (d.classid = 'pg_type'::regclass AND EXISTS (
      SELECT FROM pg_type t WHERE t.oid = d.objid AND t.typtype IN ('e', 'd', 'c')))
UNION ALL SELECT 'function ' || oid::regprocedure || ' with SECURITY DEFINER, so as the owner of all organisations'
FROM functions WHERE prosecdef
UNION ALL SELECT 'rights on function ' || oid::regprocedure FROM functions WHERE proacl IS NOT NULL
UNION ALL SELECT 'rights on type ' || oid::regtype FROM pg_type
WHERE typnamespace = current_schema()::regnamespace AND typacl IS NOT NULL
UNION ALL SELECT 'rights on column ' || relname || '.' || attname
FROM tables JOIN pg_attribute a ON a.attrelid = tables.oid AND attacl IS NOT NULL
UNION ALL SELECT 'rights of another role on table ' || relname FROM tables
WHERE EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee NOT IN (relowner, coalesce(to_regrole(current_schema()), 0)))
UNION ALL SELECT DISTINCT 'view ' || tables.relname || ', which reads ' || c.oid::regclass
FROM tables JOIN pg_rewrite r ON r.ev_class = tables.oid
JOIN pg_depend d ON (d.classid, d.objid, d.refclassid) = ('pg_rewrite'::regclass, r.oid, 'pg_class'::regclass)
JOIN pg_class c ON c.oid = d.refobjid
WHERE c.relnamespace NOT IN (current_schema()::regnamespace, 'pg_catalog'::regnamespace)
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE (e.classid, e.objid, e.deptype) = ('pg_class'::regclass, c.oid, 'e'))
UNION ALL SELECT 'default of view ' || relname
FROM tables JOIN pg_attrdef ON adrelid = tables.oid WHERE relkind <> 'r'
UNION ALL SELECT pg_describe_object('pg_policy'::regclass, p.oid, 0)
FROM pg_policy p JOIN tables ON tables.oid = p.polrelid
UNION ALL SELECT 'inheritance of table ' || relname
FROM pg_inherits JOIN tables ON oid IN (inhrelid, inhparent)
UNION ALL SELECT 'foreign key ' || conname || ' to ' || confrelid::regclass FROM pg_constraint
JOIN pg_class c ON c.oid = confrelid
WHERE connamespace = current_schema()::regnamespace AND relnamespace <> connamespace
UNION ALL SELECT pg_describe_object('pg_cast'::regclass, c.oid, 0) FROM pg_cast c WHERE EXISTS (
    SELECT FROM pg_type t WHERE t.oid IN (castsource, casttarget) AND typnamespace = current_schema()::regnamespace)
UNION ALL SELECT 'type ' || reloftype::regtype || ' of table ' || relname FROM tables WHERE reloftype <> 0
UNION ALL SELECT 'storage of table ' || relname FROM tables
WHERE relkind = 'r' AND (relpersistence <> 'p' OR reloptions IS NOT NULL OR relreplident <> 'd'
    OR relrowsecurity OR relforcerowsecurity OR EXISTS (SELECT FROM pg_index WHERE indrelid = oid AND indisclustered)
    OR EXISTS (SELECT FROM pg_class t WHERE t.oid = tables.reltoastrelid AND t.reloptions IS NOT NULL))
  OR reltablespace <> 0
UNION ALL SELECT 'storage of sequence ' || relname FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' AND relpersistence <> 'p'
UNION ALL SELECT 'statistics of column ' || c.relname || '.' || attname
FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
WHERE relnamespace = current_schema()::regnamespace AND coalesce(attstattarget, -1) <> -1
UNION ALL SELECT 'storage of column ' || relname || '.' || attname
FROM tables JOIN pg_attribute a ON a.attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE relkind <> 'v' AND (a.attstorage <> t.typstorage OR a.attcompression <> '' OR a.attoptions IS NOT NULL)
UNION ALL SELECT 'invalid index ' || indexrelid::regclass
FROM pg_index JOIN tables ON oid = indrelid WHERE NOT indisvalid
"""


def refused() -> list[str]:
    """Descriptions of objects in the current schema that cannot be copied; empty if there are none."""
    with connection.cursor() as cursor:
        cursor.execute(REFUSED)
        return [thing for (thing,) in cursor.fetchall()]
