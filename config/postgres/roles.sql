-- The database roles of Tenantry, made once on a server, before the first `manage.py migrate`, by a superuser:
--
--     DATABASE_PASSWORD=… psql --username postgres --dbname tenantry --file config/postgres/roles.sql
--
-- It makes the roles `tenantry_owner` and `tenantry_app` (`--variable prefix=…` names others, as SLUG in config/brand.py
-- does for the application), makes the login `tenantry` (`--variable login=…` names another) for the application, and gives the database that
-- one is connected to to the owner of all schemas. Run again, it changes nothing. See tenants/isolation/database_roles.py.
\set ON_ERROR_STOP on
\if :{?login}
\else
    \set login tenantry
\endif
\if :{?prefix}
\else
    \set prefix tenantry
\endif
\set password
\getenv password DATABASE_PASSWORD

-- Owns all schemas, and makes and drops them and their roles. Nobody logs in as this one.
SELECT :'prefix' || '_owner' AS owner, :'prefix' || '_app' AS app \gset
SELECT format('CREATE ROLE %I NOLOGIN NOINHERIT CREATEROLE CREATEDB', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec

-- What the application is: has rights in `public`, and may switch to each tenant's role.
SELECT format('CREATE ROLE %I NOLOGIN NOINHERIT', :'app')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'app') \gexec

SELECT format('CREATE ROLE %I LOGIN NOINHERIT', :'login')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'login', :'password') WHERE :'password' <> '' \gexec

GRANT :"app" TO :"login" WITH INHERIT TRUE, SET TRUE;
-- For `migrate` and for making spares. A login for the web alone goes without this line.
GRANT :"owner" TO :"login" WITH INHERIT FALSE, SET TRUE;

SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), :'owner') \gexec
