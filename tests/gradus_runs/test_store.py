"""Files by their hash: whole or not there, and never others than they say."""

import os
from pathlib import Path

import pytest

from gradus_runs.errors import Damaged
from gradus_runs.store import PARTIAL_SECONDS, SMALL, Store, digest_of

LARGE = os.urandom(SMALL)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "artifacts")


def test_large_bodies_lie_under_their_hash(store: Store) -> None:
    digest = store.keep(LARGE)
    assert digest == digest_of(LARGE)
    assert store.path(digest).parent.name == digest[:2]
    assert store.read(digest) == LARGE


def test_small_bodies_make_no_file(store: Store) -> None:
    assert not store.has(store.keep(LARGE[:-1]))


def test_every_kind_of_damage_is_seen(store: Store) -> None:
    digest = store.keep(LARGE)
    path = store.path(digest)
    for place in (0, 1, SMALL // 2, SMALL - 1):
        path.write_bytes(LARGE[:place] + bytes([LARGE[place] ^ 1]) + LARGE[place + 1 :])
        with pytest.raises(Damaged, match=digest):
            store.read(digest)
    for length in (0, 4096, SMALL - 1):
        path.write_bytes(LARGE[:length])
        with pytest.raises(Damaged):
            store.read(digest)
    path.write_bytes(LARGE + b"\0")
    with pytest.raises(Damaged):
        store.read(digest)
    path.unlink()
    with pytest.raises(Damaged, match="gone"):
        store.read(digest)


def test_keeping_again_mends_a_damaged_file(store: Store) -> None:
    digest = store.keep(LARGE)
    store.path(digest).write_bytes(b"rot")
    assert store.read(store.keep(LARGE)) == LARGE


def test_disk_that_is_full_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    digest = digest_of(LARGE)
    store.path(digest).mkdir(parents=True)  # a rename onto it fails as a full disk would
    with pytest.raises(OSError, match=digest):
        store.keep(LARGE)
    assert [path.name for path in store.path(digest).parent.iterdir()] == [digest]


def test_what_dead_writers_left_is_cleared_after_an_hour(store: Store) -> None:
    folder = store.path(store.keep(LARGE)).parent
    for name, age in ((".a.partial", PARTIAL_SECONDS + 60), (".b.partial", 0)):
        (folder / name).write_bytes(b"half")
        then = (folder / name).stat().st_mtime - age
        os.utime(folder / name, (then, then))
    assert store.clear_partial() == 1
    assert (folder / ".b.partial").exists()
