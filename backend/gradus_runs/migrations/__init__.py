"""Alembic's scripts; `gradus_runs.database.migrate` brings a database to the newest of them."""
