-- The two roles and the database, the same for ./run, the tests and docker-compose (which runs this file
-- from docker-entrypoint-initdb.d). Run by psql as superuser (or as a role that may create roles and databases); safe to run again, also to change passwords.
--
--   ctms_owner  owns the database and everything in it; used by `manage.py migrate` and nothing else
--   ctms_app    the product at work: reads and writes rows, owns nothing, cannot alter or truncate.
--               What it must not change (history, signatures, transitions) is revoked after migrations.
--
-- Values come from the environment, not from the command line, where `ps` would show them.
\set ON_ERROR_STOP on
\set database ctms
\getenv database CTMS_DB_NAME
\getenv owner_password CTMS_DB_OWNER_PASSWORD
\getenv app_password CTMS_DB_APP_PASSWORD

SELECT format('CREATE ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', role_name)
FROM unnest(ARRAY['ctms_owner', 'ctms_app']) AS role_name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name)
\gexec

ALTER ROLE ctms_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE ctms_app LOGIN PASSWORD :'app_password';

-- The administrator of a database service is no superuser: to hand things to the owner, be a member first.
SELECT 'GRANT ctms_owner TO CURRENT_USER'
WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
\gexec

SELECT format('CREATE DATABASE %I OWNER ctms_owner', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

ALTER DATABASE :"database" OWNER TO ctms_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO ctms_app;

\connect :"database"

ALTER SCHEMA public OWNER TO ctms_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ctms_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ctms_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ctms_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ctms_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO ctms_app;
