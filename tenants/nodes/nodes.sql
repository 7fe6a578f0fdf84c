-- Citus for Tenantry (docs/nodes.md): once on each node, coordinator and workers, behind config/postgres/roles.sql, by a
-- superuser, in the database with the same name on each:
--
--     psql --username postgres --dbname tenantry --file tenants/nodes/nodes.sql
--
-- `--variable prefix=…` sets another prefix than `tenantry`, as in roles.sql. Running it again changes nothing. Then, on
-- the coordinator, citus_set_coordinator_host() and citus_add_node() make the nodes one cluster.
\set ON_ERROR_STOP on
\if :{?prefix}
\else
    \set prefix tenantry
\endif
SELECT :'prefix' || '_owner' AS owner, :'prefix' || '_app' AS app \gset

CREATE EXTENSION IF NOT EXISTS citus;

-- What is changed in `public`, in the template and in organisations of the coordinator's own stays there. Whoever changes
-- a placed organisation's tables switches it on (tenants/nodes/placed.py).
SELECT format('ALTER DATABASE %I SET citus.enable_ddl_propagation = off', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET citus.enable_schema_based_sharding = off', current_database()) \gexec

-- The coordinator sends each statement to a worker as the role that is current there. So these may log in, without a
-- password: which servers may do so is in pg_hba.conf.
ALTER ROLE :"owner" LOGIN;
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'owner') \gexec
