-- Citus (docs/nodes.md): once on each node, behind config/postgres/roles.sql, by a superuser, in a database
-- of the same name on each:
--
--     psql --username postgres --dbname NAME --file tenants/nodes/nodes.sql
--
-- On workers with `--variable worker=yes` besides, or with CITUS_WORKER in the environment. `--variable prefix=…` sets
-- another prefix of roles than the database's name. Running it again changes nothing. Then, on the coordinator,
-- citus_set_coordinator_host() and citus_add_node() make the nodes one cluster.
\set ON_ERROR_STOP on
\if :{?prefix}
\else
    SELECT current_database() AS prefix \gset
\endif
\if :{?worker}
\else
    \getenv worker CITUS_WORKER
\endif
SELECT :'prefix' || '_owner' AS owner \gset

CREATE EXTENSION IF NOT EXISTS citus;

-- What is changed in `public`, in the template and in organisations of the coordinator's own stays there. Code that
-- changes a placed organisation's tables switches it on (tenants/nodes/placed.py).
SELECT format('ALTER DATABASE %I SET citus.enable_ddl_propagation = off', current_database()) \gexec
SELECT format('ALTER DATABASE %I SET citus.enable_schema_based_sharding = off', current_database()) \gexec
-- A request does not wait longer than this for a node that does not answer.
SELECT format('ALTER DATABASE %I SET citus.node_connection_timeout = %L', current_database(), '3s') \gexec

-- The coordinator sends each statement to a worker as the role that is current there. So these may log in, without a
-- password: pg_hba.conf says from where.
ALTER ROLE :"owner" LOGIN;
\if :{?worker}
    -- The timeouts of a session on the coordinator do not reach its statements on a worker.
    SELECT format('ALTER DATABASE %I SET lock_timeout = %L', current_database(), '5s') \gexec
    -- As the first `migrate` does on the coordinator; but each role connects to the worker.
    SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()) \gexec
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
\else
    SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'owner') \gexec
\endif
