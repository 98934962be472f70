"""A container's limits count where they are narrower than the machine."""

from pathlib import Path

import psutil
import pytest

from gradus_worker.capacity import cores, memory
from gradus_worker.container import Limits, limits

MIB = 1024 * 1024


def groups(folder: Path, own: str, **files: str) -> Limits:
    """The limits of a process in the group `own`, with files such as `a/memory.max`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    line = folder / "cgroup"
    line.write_text(f"0::{own}\n")
    return limits(folder, line)


def test_a_container_that_sees_its_own_group_as_the_root(tmp_path: Path) -> None:
    files = {"cpu.max": "150000 100000", "memory.max": str(512 * MIB)}
    assert groups(tmp_path, "/", **files) == Limits(1.5, 512 * MIB)


def test_the_narrowest_group_on_the_way_counts(tmp_path: Path) -> None:
    files = {
        "a/cpu.max": "400000 100000",
        "a/memory.max": str(256 * MIB),
        "a/b/cpu.max": "max 100000",
        "a/b/memory.max": str(512 * MIB),
    }
    assert groups(tmp_path, "/a/b", **files) == Limits(4.0, 256 * MIB)


@pytest.mark.parametrize("files", [{}, {"cpu.max": "max 100000", "memory.max": "max"}])
def test_without_limits_the_machine_counts(tmp_path: Path, files: dict[str, str]) -> None:
    found = groups(tmp_path, "/", **files)
    assert found == Limits(None, None)
    assert memory(found) == psutil.virtual_memory().total
    assert cores(found) >= 1


def test_less_than_a_core_is_one_and_less_memory_is_less() -> None:
    assert cores(Limits(0.5, None)) == 1
    assert cores(Limits(1e6, None)) == cores(Limits())
    assert memory(Limits(None, MIB)) == MIB
