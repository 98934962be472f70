"""A way in for whoever runs the containers, as long as a team has no accounts.

`docker compose exec server python /srv/sign_in.py` prints a link that is good once, for five
minutes; with `--token NAME` it prints a bearer token for scripts, which is shown this once.
"""

import argparse

from sqlalchemy import Connection

from gradus_runs import sessions, tokens
from gradus_runs.actor import laptop
from gradus_runs.database import open_database, write
from gradus_runs.settings import settings
from gradus_server.server import address


def link(conn: Connection) -> str:
    return f"{address(settings())}/launch#{sessions.launch_code(conn, laptop(conn))}"


def token(conn: Connection, name: str) -> str:
    actor = laptop(conn)
    _, text = tokens.mint(conn, actor, name=name, scopes=actor.scopes)
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description="Print a way in: a link, or a token.")
    parser.add_argument("--token", metavar="NAME", help="a token for scripts under this name")
    name = parser.parse_args().token
    engine = open_database(settings().database)
    print(write(engine, lambda conn: token(conn, name) if name else link(conn)))
    engine.dispose()


if __name__ == "__main__":
    main()
