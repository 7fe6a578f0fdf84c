-- The database roles of Tenantry, made once on a server, before the first `manage.py migrate`, by a superuser:
--
--     DATABASE_PASSWORD=… WEB_DATABASE_PASSWORD=… \
--         psql --username postgres --dbname tenantry --file config/postgres/roles.sql
--
-- It creates the roles `tenantry_owner` and `tenantry_app`. `--variable prefix=…` sets another prefix, which has to be
-- SLUG in config/brand.py. It creates the login `tenantry`, or the one in `--variable login=…`, for the application. It
-- makes the owner role the owner of the connected database. A second login, with `_web` behind the name of the first,
-- is for the web server alone: it cannot become the owner. Running it again changes nothing. See
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
\set web_password
\getenv web_password WEB_DATABASE_PASSWORD

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
-- For `migrate`, and for workers, which create spares.
GRANT :"owner" TO :"login" WITH INHERIT FALSE, SET TRUE;

-- For the web server: in the application's role, and not in the owner's.
SELECT :'login' || '_web' AS web \gset
SELECT format('CREATE ROLE %I LOGIN NOINHERIT', :'web')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'web') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'web', :'web_password') WHERE :'web_password' <> '' \gexec
GRANT :"app" TO :"web" WITH INHERIT TRUE, SET TRUE;

SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), :'owner') \gexec
