"""Brings the database of GRADUS_DATABASE_URL to this release's tables, once, before all others."""

from gradus_runs.database import migrate, open_database
from gradus_runs.settings import settings


def main() -> None:
    engine = open_database(settings().database)
    migrate(engine)
    engine.dispose()


if __name__ == "__main__":
    main()
