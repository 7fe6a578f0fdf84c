"""Queries on PostgreSQL's catalogue that return SQL to recreate the tables of the current schema. Functions, types,
views and the like are in definitions.py.

Only that schema is on the search path, so the SQL never names it, and is valid in any other schema:
https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG
"""

# Constraints that are created with their table; k is a row of pg_constraint. A foreign key is among them, which saves
# PostgreSQL a check of rows, if it refers to a key of an earlier table, and its own table has no rows to check later;
# but not while ROWS_FOLLOW is on, since the definition is then used for rows of other organisations, too.
ROWS_FOLLOW = "schemas.rows_follow"
INLINE = f"""(k.convalidated AND (k.contype IN ('p', 'u', 'c', 'x')
  OR k.contype = 'f' AND k.confrelid <= k.conrelid AND pg_relation_size(k.conrelid) = 0
  AND current_setting('{ROWS_FOLLOW}', true) IS DISTINCT FROM 'on' AND EXISTS (
    SELECT FROM pg_constraint o
    WHERE o.conrelid = k.confrelid AND o.conindid = k.conindid AND o.contype IN ('p', 'u'))))"""

# The oid of each table, and the SQL that creates it.
TABLES = f"""
SELECT c.oid, format('CREATE TABLE %I (%s)', c.relname, concat_ws(', ', string_agg(
    format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
    || CASE WHEN a.attcollation <> t.typcollation
            THEN (SELECT format(' COLLATE %I.%I', n.nspname, o.collname) FROM pg_collation o
                  JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid = a.attcollation) ELSE '' END
    || CASE WHEN a.attidentity <> '' THEN format(
            ' GENERATED %s AS IDENTITY (SEQUENCE NAME %I)',
            CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
            (SELECT s.relname FROM pg_class s
             WHERE s.oid = pg_get_serial_sequence(format('%I', c.relname), a.attname)::regclass))
       WHEN a.attgenerated <> '' THEN format(
            ' GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
            CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END)
       WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END
    || CASE WHEN a.attnotnull THEN coalesce(
            (SELECT format(' CONSTRAINT %I', n.conname) FROM pg_constraint n
             WHERE n.conrelid = c.oid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]), '') || ' NOT NULL'
       ELSE '' END, ', ' ORDER BY a.attnum),
    (SELECT string_agg(
        format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid, true)), ', ' ORDER BY k.conname)
     FROM pg_constraint k WHERE k.conrelid = c.oid AND {INLINE})))
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
GROUP BY c.oid ORDER BY c.oid
"""  # noqa: S608  made of our own words

# The relations of the current schema, without indexes, for a condition on the oid. PostgreSQL finds them by an index.
# By a condition on relnamespace alone it would read pg_class, and with it the relations of all organisations.
RELATIONS = """(
    SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass
    AND refclassid = 'pg_namespace'::regclass AND refobjid = current_schema()::regnamespace
)"""

# A table's name, and its columns except generated ones, which PostgreSQL computes.
COLUMNS = """
SELECT quote_ident(c.relname), string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attgenerated = ''
GROUP BY c.oid ORDER BY c.relname
"""

# One statement for all sequences. One that has not been used yet needs no setval().
SEQUENCES = """
SELECT format('SELECT %s FROM %s',
    string_agg(format('setval(%L, s%s.last_value, s%2$s.is_called)', quote_ident(relname), number), ', '),
    string_agg(format('%I.%I s%s', current_schema(), relname, number), ', '))
FROM (
    SELECT s.relname, row_number() OVER (ORDER BY s.relname) number FROM pg_class s
    WHERE s.relnamespace = current_schema()::regnamespace
      AND CASE WHEN s.relkind = 'S' THEN pg_sequence_last_value(s.oid) IS NOT NULL END
) used
HAVING count(*) > 0
"""

KEYS = f"""
SELECT format(
    'ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid, true))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
  AND k.contype IN ('p', 'u', 'c', 'x') AND NOT {INLINE}
ORDER BY c.relname, k.conname
"""  # noqa: S608  made of our own words

# Indexes that do not belong to a constraint, of tables or of materialized views.
INDEXES = """
SELECT pg_get_indexdef(i.indexrelid, 0, true)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relnamespace = current_schema()::regnamespace AND t.relkind = '{kind}'
  AND NOT EXISTS (
    SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname
"""

FOREIGN_KEYS = f"""
SELECT format(
    'ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid, true))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND k.contype = 'f' AND NOT {INLINE}
ORDER BY c.relname, k.conname
"""  # noqa: S608  made of our own words

COMMENTS = """
SELECT CASE WHEN d.objsubid <> 0 THEN format('COMMENT ON COLUMN %I.%I IS %L', c.relname, a.attname, d.description)
       ELSE format('COMMENT ON %s %I IS %L',
            CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
            c.relname, d.description) END
FROM pg_description d
JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid AND c.relkind IN ('r', 'v', 'm', 'c')
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
WHERE c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname, d.objsubid
"""
