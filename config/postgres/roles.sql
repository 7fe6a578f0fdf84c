-- The database roles of Tenantry, made once on a server, before the first `manage.py migrate`, by a superuser:
--
--     DATABASE_PASSWORD=… psql --username postgres --dbname tenantry --file config/postgres/roles.sql
--
-- It makes the login `tenantry` (`--variable login=…` names another) for the application, and gives the database that
-- one is connected to to the owner of all schemas. Run again, it changes nothing. See tenants/isolation/database_roles.py.
\set ON_ERROR_STOP on
\if :{?login}
\else
    \set login tenantry
\endif
\set password
\getenv password DATABASE_PASSWORD

-- Owns all schemas, and makes and drops them and their roles. Nobody logs in as this one.
SELECT 'CREATE ROLE tenantry_owner NOLOGIN NOINHERIT CREATEROLE CREATEDB'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tenantry_owner') \gexec

-- What the application is: has rights in `public`, and may switch to each tenant's role.
SELECT 'CREATE ROLE tenantry_app NOLOGIN NOINHERIT'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tenantry_app') \gexec

SELECT format('CREATE ROLE %I LOGIN NOINHERIT', :'login')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'login', :'password') WHERE :'password' <> '' \gexec

GRANT tenantry_app TO :"login" WITH INHERIT TRUE, SET TRUE;
-- For `migrate` and for making spares. A login for the web alone goes without this line.
GRANT tenantry_owner TO :"login" WITH INHERIT FALSE, SET TRUE;

SELECT format('ALTER DATABASE %I OWNER TO tenantry_owner', current_database()) \gexec
