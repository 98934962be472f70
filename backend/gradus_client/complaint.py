"""How the command line says that something is wrong, and with which exit code it ends."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from gradus_client.document import Source
from gradus_client.errors import Refused, Unreachable
from gradus_client.reading import Place

errors = Console(stderr=True, highlight=False, soft_wrap=True)


class Exit(IntEnum):
    """The exit codes of `gradus`."""

    FINE = 0
    FAILED = 1  # the run failed, or the server refused
    PROBLEMS = 2  # the spec, the file or the command line is wrong
    NO_SERVER = 3
    STOPPED = 4  # somebody stopped the run before its end
    INTERRUPTED = 130  # Ctrl-C; the run goes on


def leave(code: Exit, sentence: str) -> NoReturn:
    """Ends the command with one sentence on standard error."""
    errors.print(Text(sentence))
    raise typer.Exit(code)


def refuse_spec(
    problems: Sequence[Mapping[str, Any]], source: Source | None, name: str, as_json: bool
) -> NoReturn:
    """Ends the command with every problem of a spec: as JSON on standard output, or as text."""
    placed = [{**problem, **_where(problem, source)} for problem in problems]
    if as_json:
        typer.echo(json.dumps({"problems": placed}, ensure_ascii=False))
    else:
        for problem in placed:
            errors.print(paragraph(problem, name))
        errors.print(Text(_count(len(placed), name)))
    raise typer.Exit(Exit.PROBLEMS)


def paragraph(problem: Mapping[str, Any], name: str, style: str = "red") -> Text:
    """One problem or piece of advice: file, line and pointer; what is wrong; what was expected; the remedy."""
    said = Text()
    place = ":".join(
        str(part) for part in (name, problem.get("line"), problem.get("column")) if part
    )
    said.append(place, style="bold")
    said.append(f"  {problem.get('path') or '/'}\n", style="dim")
    said.append(f"  {problem['message']}\n", style=style)
    for label, key in (("expected", "expected"), ("got", "got"), ("remedy", "hint")):
        if problem.get(key):
            said.append(f"  {label}: {problem[key]}\n")
    return said


def _where(problem: Mapping[str, Any], source: Source | None) -> dict[str, int]:
    params = problem.get("params") or {}
    if source is not None:
        # A server points into its request, in which the spec is the member `document`.
        place = source.place(str(problem.get("path") or "").removeprefix("/document"))
    elif "line" in params:
        place = Place(params["line"], params["column"])
    else:
        return {}
    return {"line": place.line, "column": place.column}


def _count(number: int, name: str) -> str:
    return f"{number} {'problem' if number == 1 else 'problems'} in {name}."


@contextmanager
def told(
    name: str = "the spec", source: Source | None = None, as_json: bool = False
) -> Iterator[None]:
    """Turns what a server or its absence raises into a sentence and an exit code."""
    try:
        yield
    except Unreachable as fault:
        leave(
            Exit.NO_SERVER,
            f"No Gradus server answers at {fault.url}. Start one with `gradus up` "
            "(in a checkout: `make up`), or name another in GRADUS_URL.",
        )
    except Refused as fault:
        if fault.problems:
            refuse_spec(fault.problems, source, name, as_json)
        leave(Exit.FAILED, _refusal(fault))


def _refusal(fault: Refused) -> str:
    if fault.status == 401:
        return (
            "The server does not know this token. Set GRADUS_TOKEN, or GRADUS_DATA to its folder."
        )
    return f"The server refused: {fault.detail} {fault.hint}".rstrip()
