"""`gradus plan`: what a spec is and costs, without a server."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from gradus.plan import plan as plan_document
from gradus.plan import plan_json
from gradus.planned import Plan
from gradus.problems import Problem, SpecError, problem
from gradus_client.complaint import Exit, leave, paragraph, refuse_spec
from gradus_client.document import Source, read
from gradus_client.tables import plan_notes, plan_table, terminal

File = Annotated[str, typer.Argument(metavar="FILE|-", help="A spec in YAML or JSON; - reads it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


def plan(file: File, as_json: AsJson = False) -> None:
    """Check a spec and show its layers, shapes, parameters and costs. Needs no server."""
    source, planned = open_plan(file, as_json)
    if as_json:
        typer.echo(json.dumps(plan_json(planned), ensure_ascii=False))
        return
    output = terminal()
    output.print(plan_table(planned))
    output.print()
    for note in plan_notes(planned):
        output.print(Text(note), soft_wrap=True)
    for advice in planned.advice:
        output.print()
        output.print(paragraph(placed(advice, source), source.name, style="yellow"), soft_wrap=True)


def open_plan(file: str, as_json: bool) -> tuple[Source, Plan]:
    """Reads and plans a file; ends the command when either cannot be."""
    name = "standard input" if file == "-" else file
    source = None
    try:
        source = read(name, text_of(file))
        return source, plan_document(source.document)
    except SpecError as fault:
        refuse_spec(fault.to_json(), source, name, as_json)


def text_of(file: str) -> str:
    """The text of a file, or of standard input for `-`.

    Raises:
        SpecError: it is not UTF-8.
    """
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as fault:
        leave(Exit.PROBLEMS, f"{file} cannot be read: {fault.strerror}.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        before = content[: fault.start]
        line, column = before.count(b"\n") + 1, fault.start - before.rfind(b"\n")
        raise SpecError([problem("source.encoding", line=line, column=column)]) from fault


def placed(advice: Problem, source: Source) -> dict[str, object]:
    place = source.place(advice.path)
    return {**advice.to_json(), "line": place.line, "column": place.column}
