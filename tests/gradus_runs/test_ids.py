"""Ids are UUIDv7 under a prefix, and grow."""

import threading
import time
import uuid

import pytest

from gradus_runs.ids import new_id, uuid7_hex


def test_id_is_a_uuid_of_version_7_with_the_time_of_its_making() -> None:
    made = uuid.UUID(new_id("run").removeprefix("run_"))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert abs((made.int >> 80) - time.time() * 1000) < 2000


def test_ids_grow_within_a_process_whoever_makes_them() -> None:
    made: list[list[str]] = [[] for _ in range(4)]

    def make(mine: list[str]) -> None:
        mine.extend(uuid7_hex() for _ in range(5000))

    threads = [threading.Thread(target=make, args=(mine,)) for mine in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(mine == sorted(mine) for mine in made)
    assert len({made_id for mine in made for made_id in mine}) == 20_000


def test_unknown_prefixes_are_refused() -> None:
    with pytest.raises(ValueError, match="'runn'"):
        new_id("runn")
