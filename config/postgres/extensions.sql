-- Creates an extension for all organisations. Run once per database, by a superuser:
--
--     psql --username postgres --dbname NAME --variable extension=vector --file config/postgres/extensions.sql
--
-- Also add it to EXTENSIONS in the application's environment. Running it again changes nothing. See
-- tenants/isolation/extensions.py.
\set ON_ERROR_STOP on

-- PUBLIC includes every organisation's role, also future ones. They cannot create objects here.
CREATE SCHEMA IF NOT EXISTS extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS :"extension" SCHEMA extensions;
