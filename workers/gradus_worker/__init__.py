"""The Celery worker: claims jobs, drives the engine, records what it says."""
