-- The database roles of Tenantry, made once on a server, before the first `manage.py migrate`, by a superuser:
--
--     DATABASE_PASSWORD=… psql --username postgres --dbname tenantry --file config/postgres/roles.sql
--
-- It creates the roles `tenantry_owner` and `tenantry_app`. `--variable prefix=…` sets another prefix, which has to be
-- SLUG in config/brand.py. It creates the login `tenantry`, or the one in `--variable login=…`, for the application. It
-- makes the owner role the owner of the connected database. Running it again changes nothing. See
-- tenants/isolation/database_roles.py.
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

-- Owns all schemas, and creates and drops them and their roles. It cannot log in.
SELECT :'prefix' || '_owner' AS owner, :'prefix' || '_app' AS app \gset
SELECT format('CREATE ROLE %I NOLOGIN NOINHERIT CREATEROLE CREATEDB', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec

-- The application's role: it has rights in `public`, and may switch to each tenant's role.
SELECT format('CREATE ROLE %I NOLOGIN NOINHERIT', :'app')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'app') \gexec

SELECT format('CREATE ROLE %I LOGIN NOINHERIT', :'login')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'login', :'password') WHERE :'password' <> '' \gexec

GRANT :"app" TO :"login" WITH INHERIT TRUE, SET TRUE;
-- For `migrate` and for creating spares. A login for the web server alone does not need this line.
GRANT :"owner" TO :"login" WITH INHERIT FALSE, SET TRUE;

SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), :'owner') \gexec
