-- Run once, when the volume is empty. Server and workers sign in as a role that owns its
-- database and nothing else; nobody signs in as the superuser over the network.
\set password `cat /run/gradus/database/password`
CREATE ROLE gradus LOGIN PASSWORD :'password';
CREATE DATABASE gradus OWNER gradus;
REVOKE CONNECT ON DATABASE gradus FROM PUBLIC;
