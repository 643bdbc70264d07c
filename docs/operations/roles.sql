-- Creates the database and three roles with only the rights that they need. Run it once, as a superuser, in the database postgres:
--   psql --set ON_ERROR_STOP=1 --file roles.sql
-- The passwords are in the environment variables SERVICE_PASSWORD, MONITOR_PASSWORD and BACKUP_PASSWORD.
\getenv service_password SERVICE_PASSWORD
\getenv monitor_password MONITOR_PASSWORD
\getenv backup_password BACKUP_PASSWORD

-- After a redaction, the service rewrites its tables and the catalog of the statistics (VACUUM FULL), so it owns the database. It waits for
-- the earlier transactions of all roles, which only members of pg_read_all_stats see.
CREATE ROLE cooperation LOGIN PASSWORD :'service_password' IN ROLE pg_read_all_stats;

-- Reads the statistics of the server, but no records.
CREATE ROLE cooperation_monitor LOGIN PASSWORD :'monitor_password' IN ROLE pg_monitor;

-- Copies the server (pg_basebackup, pg_receivewal) or the database (pg_dump).
CREATE ROLE cooperation_backup LOGIN REPLICATION PASSWORD :'backup_password' IN ROLE pg_read_all_data;

-- Texts are sorted in the byte order of UTF-8.
CREATE DATABASE cooperation OWNER cooperation TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
REVOKE ALL ON DATABASE cooperation FROM PUBLIC;
GRANT CONNECT ON DATABASE cooperation TO cooperation_monitor, cooperation_backup;
