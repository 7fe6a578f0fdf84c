-- An extension for all organisations, made once in a database, by a superuser:
--
--     psql --username postgres --dbname NAME --variable extension=vector --file config/postgres/extensions.sql
--
-- EXTENSIONS in the application's environment names it too. Run again, it changes nothing. See
-- tenants/isolation/extensions.py.
\set ON_ERROR_STOP on

-- PUBLIC is every organisation's role, also of those that are made later. None of them can make anything here.
CREATE SCHEMA IF NOT EXISTS extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS :"extension" SCHEMA extensions;
