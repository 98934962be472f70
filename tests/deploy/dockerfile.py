"""The Dockerfile's stages and instructions, and which files its context holds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from tests.deploy.compose_file import ROOT

PATH = ROOT / "docker" / "Dockerfile"
IGNORED = ROOT / ".dockerignore"


@dataclass(frozen=True)
class Instruction:
    """`COPY --from=wheel a b` is the word COPY with the text `--from=wheel a b`."""

    word: str
    text: str


@dataclass
class Stage:
    """What stands between one FROM and the next; `base` is an image or an earlier stage."""

    name: str
    base: str
    instructions: list[Instruction] = field(default_factory=list)

    def texts(self, word: str) -> list[str]:
        return [one.text for one in self.instructions if one.word == word]


def stages(text: str) -> dict[str, Stage]:
    """By name, in the file's order."""
    found: dict[str, Stage] = {}
    for instruction in _instructions(text):
        if instruction.word == "FROM":
            base, name = re.fullmatch(r"(\S+) AS (\S+)", instruction.text).groups()
            current = found[name] = Stage(name, base)
        else:
            current.instructions.append(instruction)
    return found


def _instructions(text: str) -> Iterator[Instruction]:
    kept = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in kept.replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.partition(" ")
            yield Instruction(word, " ".join(rest.split()))


def chain(of: Sequence[Stage], name: str) -> list[Stage]:
    """A stage with those that it is built on, the first one first."""
    by_name = {stage.name: stage for stage in of}
    stage = by_name[name]
    return [*(chain(of, stage.base) if stage.base in by_name else []), stage]


def travels(path: str, patterns: str | None = None) -> bool:
    """Whether a file of the repository is sent to the engine; the last pattern that fits decides.

    Covers what this repository's .dockerignore uses: names, `*`, `!` and a leading `**/`.
    """
    sent = True
    for line in (IGNORED.read_text() if patterns is None else patterns).splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        back = pattern.startswith("!")
        if any(_fits(part, pattern.lstrip("!")) for part in _with_parents(path)):
            sent = back
    return sent


def _with_parents(path: str) -> list[str]:
    pure = PurePosixPath(path)
    return [str(pure), *(str(parent) for parent in pure.parents if parent.name)]


def _fits(path: str, pattern: str) -> bool:
    anywhere = pattern.startswith("**/")
    names = path.split("/")
    wanted = pattern.removeprefix("**/").split("/")
    names = names[-len(wanted) :] if anywhere else names
    return len(names) == len(wanted) and all(map(fnmatchcase, names, wanted))


def context(*, root: Path = ROOT, below: str) -> Iterator[Path]:
    """The files that travel, of one file or folder of the repository."""
    start = root / below
    for path in [start] if start.is_file() else sorted(start.rglob("*")):
        if path.is_file() and travels(path.relative_to(root).as_posix()):
            yield path
