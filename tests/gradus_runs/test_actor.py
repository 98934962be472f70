"""The one person of a laptop."""

import threading

from sqlalchemy import Engine, func, select

from gradus_runs.actor import Actor, laptop
from gradus_runs.database import reading, write
from gradus_runs.tables import memberships, teams, users


def test_laptop_is_one_team_with_one_user_whoever_comes_first(database: Engine) -> None:
    found: list[Actor] = []
    threads = [
        threading.Thread(target=lambda: found.append(write(database, laptop))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    with reading(database) as conn:
        for table in (teams, users, memberships):
            assert conn.execute(select(func.count()).select_from(table)).scalar_one() == 1
