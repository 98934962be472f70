"""What a child knows of its siblings from their notes."""

import os
from pathlib import Path

from gradus_worker.children import lighter_sibling
from gradus_worker.note import Note


def warm_note(folder: Path, pid: int, held: int) -> Note:
    note = Note.create(folder, f"host:{pid}:x", pid)
    note.warm()
    note.held(held)
    return note


def test_a_living_warm_child_with_fewer_jobs_is_lighter(tmp_path: Path) -> None:
    warm_note(tmp_path, os.getpid(), held=3)
    assert not lighter_sibling(tmp_path, 3)
    assert lighter_sibling(tmp_path, 4)


def test_a_cold_or_dead_child_is_nobodys_relief(tmp_path: Path) -> None:
    Note.create(tmp_path, "host:cold:x", os.getpid())
    warm_note(tmp_path, 2**22 + 1, held=0)  # beyond the largest process id of Linux
    assert not lighter_sibling(tmp_path, 4)
