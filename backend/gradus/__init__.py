"""The language: specs, plans, problems, words and dataset facts. Needs pydantic and nothing else."""
