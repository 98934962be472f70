"""Follows the Dockerfile's instructions in an empty folder, without an engine.

`/src`, `/wheels` and `/opt/gradus` of a stage lie below a folder of its own. A stage is built
from its own first base, as in an image, so nothing of another stage is there but what is copied.
"""

import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.compose_file import ROOT
from tests.deploy.dockerfile import PATH, Stage, chain, context, stages

PLACES = ("/src", "/wheels", "/opt/gradus")
SECONDS = 420

Change = Callable[[str], str]


@dataclass(frozen=True)
class Building:
    """One build; `folder / stage` is the root of a stage's files."""

    folder: Path
    found: dict[str, Stage]

    def build(self, name: str, change: Change = str) -> str:
        """Do what the stage says; answers what its commands printed. `change` may alter one."""
        root, said = self.folder / name, ""
        workdir = "/"
        for stage in chain(list(self.found.values()), name):
            for one in stage.instructions:
                if one.word == "WORKDIR":
                    workdir = one.text
                    self.place(name, workdir).mkdir(parents=True, exist_ok=True)
                elif one.word == "COPY":
                    self.copy(name, workdir, one.text)
                elif one.word == "RUN":
                    said += self.run(root, self.place(name, workdir), change(one.text))
        return said

    def place(self, stage: str, path: str) -> Path:
        return self.folder / stage / path.lstrip("/")

    def copy(self, stage: str, workdir: str, text: str) -> None:
        *sources, target = text.split()
        into = self.place(stage, os.path.join(workdir, target))
        if sources[0].startswith("--from="):
            origin = self.place(sources[0].removeprefix("--from="), sources[1])
            shutil.copytree(origin, into, dirs_exist_ok=True)
            return
        for source in sources:
            for path in context(below=source):
                below = path.relative_to(ROOT / source)
                one_file = path == ROOT / source
                to = into / path.name if one_file else into / below
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, to)

    def run(self, root: Path, workdir: Path, command: str) -> str:
        for place in PLACES:
            command = command.replace(place, f"{root}{place}")
        path = [f"{root}/opt/gradus/bin", *_tools(self.folder)]
        answer = subprocess.run(
            ["sh", "-ec", command],
            cwd=workdir,
            env={**_clean(), "PATH": os.pathsep.join(path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert answer.returncode == 0, (
            f"{command}\n{answer.stdout[-2000:]}\n{answer.stderr[-2000:]}"
        )
        return answer.stdout


def begun(folder: Path) -> Building:
    return Building(folder, stages(PATH.read_text()))


def _clean() -> dict[str, str]:
    """The environment without what would make an installed Gradus visible."""
    hidden = ("PYTHONPATH", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in hidden}


def _tools(folder: Path) -> list[str]:
    """Where `python` is found, and `npm` on a machine that has Node from the wheel alone."""
    own = folder / "bin"
    own.mkdir(exist_ok=True)
    command, path = runpy.run_path(str(ROOT / "scripts" / "page.py"))["find_npm"]()
    if len(command) > 1:
        script = own / "npm"
        script.write_text(f'#!/bin/sh\nexec {" ".join(command)} "$@"\n')
        script.chmod(0o755)
    return [str(own), str(Path(sys.executable).parent), path]
