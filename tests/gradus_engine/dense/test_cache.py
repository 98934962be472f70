"""The folder of compiled code."""

import subprocess
import sys
from pathlib import Path

import pytest

from gradus.plan import plan
from gradus_engine.dense import cache
from gradus_engine.session import Session
from tests.gradus_engine.dense.test_loop import NET, document


def test_without_compiled_code_a_run_trains_by_plain_steps(monkeypatch, tmp_path):
    monkeypatch.setattr(cache, "folder", lambda: tmp_path / "nothing")
    assert not cache.available()
    assert Session(plan(document(NET))).identity()["tier"] == "eager"


def test_the_folder_follows_the_sources_and_the_users_cache(monkeypatch, tmp_path):
    before = cache.folder()
    cache.folder.cache_clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    try:
        assert cache.folder() == tmp_path / "gradus" / "loops" / before.name
    finally:
        monkeypatch.undo()
        cache.folder.cache_clear()


def test_where_nothing_can_be_written_it_is_said(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    said = subprocess.run(
        [sys.executable, "-m", "gradus_engine.dense"],
        env={"XDG_CACHE_HOME": str(blocked), "PYTHONPATH": str(Path(cache.__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert said.returncode == 0
    assert "cannot be written" in said.stderr


@pytest.mark.parametrize("module", ["gradus_engine.dense.cache", "gradus_worker.parent"])
def test_the_light_parent_loads_neither_compiler_nor_torch(module):
    code = f"import sys, {module}; print({{'numba', 'torch'}} & set(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert said.stdout.strip() == "set()"
