"""The images: pinned bases, nobody is root, no secret inside, torch in the worker's alone."""

import re
from collections.abc import Iterator

import pytest

from tests.deploy.compose_file import ROOT, written
from tests.deploy.dockerfile import PATH, Stage, chain, context, stages, travels

FINAL = ("server", "worker")
EXACT_IMAGE = re.compile(r"[a-z]+:\d+\.\d+\.\d+-[a-z-]+")
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|CREDENTIAL", re.IGNORECASE)


def unpinned(found: dict[str, Stage]) -> Iterator[str]:
    for stage in found.values():
        if stage.base not in found and not EXACT_IMAGE.fullmatch(stage.base):
            yield stage.base


def roots(found: dict[str, Stage]) -> Iterator[str]:
    for name in FINAL:
        users = [
            user for stage in chain(list(found.values()), name) for user in stage.texts("USER")
        ]
        if not users or not re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1]):
            yield name


def baked_secrets(found: dict[str, Stage]) -> Iterator[str]:
    for stage in found.values():
        yield from (
            text for word in ("ARG", "ENV") for text in stage.texts(word) if SECRET.search(text)
        )


def missing_sources(found: dict[str, Stage]) -> Iterator[str]:
    for stage in found.values():
        for text in stage.texts("COPY"):
            sources = [] if text.startswith("--from=") else text.split()[:-1]
            yield from (source for source in sources if not list(context(below=source)))


RULES = (unpinned, roots, baked_secrets, missing_sources)
BREAKS = [
    (unpinned, "python:3.11.15-slim-trixie", "python:3.11"),
    (unpinned, "node:24.19.0-trixie-slim", "node"),
    (roots, "USER 10001:10001", "USER root"),
    (roots, "USER 10001:10001\n", ""),
    (baked_secrets, "ENV PATH=/opt/gradus/bin:$PATH", "ENV REDIS_PASSWORD=gradus"),
    (missing_sources, "COPY backend backend", "COPY tests tests"),
    (missing_sources, "docker/migrate.py", "docker/absent.py"),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_images_keep_the_rule(rule) -> None:
    assert list(rule(stages(PATH.read_text()))) == []


@pytest.mark.parametrize(("rule", "old", "spoilt"), BREAKS)
def test_the_rule_sees_it_broken(rule, old: str, spoilt: str) -> None:
    text = PATH.read_text()
    assert old in text
    assert list(rule(stages(text.replace(old, spoilt)))) != []


def test_compose_builds_the_stages_that_there_are() -> None:
    found = stages(PATH.read_text())
    targets = {
        name: service["build"]["target"]
        for name, service in written()["services"].items()
        if "build" in service
    }
    assert set(targets.values()) == set(FINAL) < set(found)
    assert {name for name, target in targets.items() if target == "worker"} == {
        "worker",
        "worker-gpu",
    }


def test_the_servers_packages_name_neither_torch_nor_the_worker() -> None:
    found = stages(PATH.read_text())
    commands = [
        text
        for stage in chain(list(found.values()), "server-packages")
        for text in stage.texts("RUN")
    ]
    assert any("[server]" in command for command in commands)
    assert not any(re.search(r"torch|worker|\[all\]", command) for command in commands)


def test_the_workers_torch_comes_from_where_the_argument_says() -> None:
    worker = stages(PATH.read_text())["worker-packages"]
    assert worker.texts("ARG") == ['TORCH_INDEX_URL=""']
    first, second = worker.texts("RUN")
    assert "${TORCH_INDEX_URL:+--index-url $TORCH_INDEX_URL}" in first
    assert "grep '^torch==' constraints.txt" in first
    assert "-c constraints.txt" in second
    assert "[worker]" in second


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        ".venv/bin/python",
        "backend/gradus/.env",
        "backend/gradus/__pycache__/plan.cpython-311.pyc",
        "backend/gradus_server/page/index.html",
        "docker/Dockerfile",
        "frontend/node_modules/vite/package.json",
        "frontend/tests/colour.test.ts",
        "tests/conftest.py",
    ],
)
def test_what_no_image_needs_stays_behind(path: str) -> None:
    assert not travels(path)


def test_sources_travel() -> None:
    files = (
        "pyproject.toml",
        "backend/gradus/plan.py",
        "frontend/src/main.ts",
        "docker/migrate.py",
    )
    for path in files:
        assert (ROOT / path).is_file()
        assert travels(path), path
    assert not travels("backend/gradus/plan.py", "*\n")
