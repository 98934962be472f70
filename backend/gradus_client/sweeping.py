"""`gradus sweep`: one spec trained many times, with other values at some of its places."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from gradus.problems import SpecError
from gradus_client.client import Client
from gradus_client.complaint import Exit, errors, leave, refuse_spec, told
from gradus_client.document import Source, read
from gradus_client.planning import AsJson, text_of
from gradus_client.sweep import SweepMember, SweepPublic
from gradus_client.tables import terminal
from gradus_client.training import Name, Tag

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
RANGE = re.compile(rf"({NUMBER})\.\.({NUMBER})((?::(?:log|step={NUMBER}))*)")
LOOK_SECONDS = 0.5  # how often progress is asked for
SHOWN = 12  # members in the live table: the best

SweepFile = Annotated[
    str, typer.Argument(metavar="FILE|-", help="A spec, or a sweep with its document; - reads it.")
]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="POINTER=VALUES",
        help="A place that varies: /train/batch_size=8,16,32 or, but in a grid, "
        "/train/optimizer/learning_rate=0.001..0.1:log (or :step=0.01). May be given several times.",
    ),
]
Watch = Annotated[bool, typer.Option("--watch", help="Show the best members to the sweep's end.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait quietly for the sweep's end.")]


def sweep(
    file: SweepFile,
    vary: Vary = None,
    method: Annotated[str | None, typer.Option(help="grid, random, tpe, cmaes or qmc.")] = None,
    members: Annotated[int | None, typer.Option(help="Settings to try, but in a grid.")] = None,
    seeds: Annotated[int | None, typer.Option(help="How often each setting is trained.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the choice of settings.")] = None,
    goal: Annotated[
        str | None, typer.Option(help="Series to judge by; max:SERIES where more is better.")
    ] = None,
    prune: Annotated[
        str | None, typer.Option(metavar="RULE:AFTER[:EVERY]", help="median:5:5 or halving:4.")
    ] = None,
    at_once: Annotated[int | None, typer.Option(help="Members in training at once.")] = None,
    watched: Watch = False,
    wait: Wait = False,
    as_json: AsJson = False,
    name: Name = None,
    tag: Tag = None,
) -> None:
    """Train a spec many times on the server, with other values at some of its places.

    A file with document and vary is a sweep written down; options overrule what stands there.

    Exit codes: 0 finished (or queued, without --watch and --wait), 1 refused, 2 problems in the
    spec or in what varies, 3 no server, 4 stopped, 130 interrupted (the sweep goes on).
    """
    if watched and wait:
        raise typer.BadParameter("--watch shows what --wait hides: give one of them")
    said = {
        "vary": [entry(each) for each in vary or []] or None,
        "method": method,
        "members": members,
        "seeds": seeds,
        "seed": seed,
        "goal": None if goal is None else _goal(goal),
        "prune": None if prune is None else _prune(prune),
        "at_once": at_once,
        "name": name,
        "tags": tag or None,
    }
    source = _read(file, as_json)
    body = asked(source.document, {key: each for key, each in said.items() if each is not None})
    # The places of what is refused are those of a sweep, which a spec alone has not.
    placed = source if _written(source.document) else None
    with told(file, placed, as_json), Client.find() as client:
        made = client.sweep(**body)
        if not (watched or wait):
            typer.echo(made.model_dump_json() if as_json else made.id)
            errors.print(f"{made.members} members on {client.url}")
            return
        ended = _to_the_end(client, made, quiet=wait or as_json)
        best = client.members(made.id)
    if as_json:
        typer.echo(ended.model_dump_json())
    else:
        terminal().print(members_table(ended, best))
    raise typer.Exit(Exit.FINE if ended.status == "finished" else Exit.STOPPED)


def asked(document: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """The request for a sweep: of a spec and options, or as a file has it written down."""
    body = {**document, **said} if _written(document) else {"document": document, **said}
    if "vary" not in body:
        raise typer.BadParameter("nothing varies: give --vary /train/batch_size=8,32")
    return body


def _written(document: Any) -> bool:
    return isinstance(document, dict) and "document" in document and "spec" not in document


def entry(text: str) -> dict[str, Any]:
    """One place that varies, as the API reads it.

    >>> entry("/train/batch_size=4..64:log")
    {'path': '/train/batch_size', 'low': 4, 'high': 64, 'log': True}
    >>> entry("/train/optimizer=sgd,adam")
    {'path': '/train/optimizer', 'values': ['sgd', 'adam']}
    """
    path, sign, values = text.partition("=")
    if not (sign and path.startswith("/") and values):
        raise typer.BadParameter(
            f"--vary {text}: write a pointer, =, and values: /train/epochs=5,10"
        )
    if (found := RANGE.fullmatch(values)) is None:
        return {"path": path, "values": [_value(each) for each in _split(values)]}
    asked = {"path": path, "low": _value(found[1]), "high": _value(found[2])}
    for word in filter(None, found[3].split(":")):
        name, _, number = word.partition("=")
        asked[name] = _value(number) if number else True
    return asked


def _split(values: str) -> list[str]:
    """At commas outside of brackets and quotes, since a value may be a list or an object."""
    return re.findall(r"(?:\[[^\]]*\]|\{[^}]*\}|\"[^\"]*\"|[^,\[\]{}\"])+", values)


def _value(text: str) -> Any:
    """JSON where it is some, else the word itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()


def _goal(text: str) -> dict[str, str]:
    most = text.startswith("max:")
    return {
        "series": text.removeprefix("max:").removeprefix("min:"),
        "direction": "maximize" if most else "minimize",
    }


def _prune(text: str) -> dict[str, Any]:
    found = re.fullmatch(r"(median|halving)(?::(\d+))?(?::(\d+))?", text)
    if found is None:
        raise typer.BadParameter(f"--prune {text}: write median:5:5 or halving:4")
    counts = {"after": found[2], "every": found[3]}
    return {"rule": found[1]} | {name: int(each) for name, each in counts.items() if each}


def _read(file: str, as_json: bool) -> Source:
    """The document as it is written: what varies may be what is wrong with it."""
    name = "standard input" if file == "-" else file
    try:
        return read(name, text_of(file))
    except SpecError as fault:
        refuse_spec(fault.to_json(), None, name, as_json)


def _to_the_end(client: Client, made: SweepPublic, quiet: bool) -> SweepPublic:
    console = Console(stderr=True, highlight=False, quiet=quiet)
    try:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            while not (now := client.sweep_of(made.id)).is_final:
                if not quiet:
                    live.update(members_table(now, client.members(made.id)), refresh=True)
                time.sleep(LOOK_SECONDS)
        return now
    except KeyboardInterrupt:
        _interrupted(made.id)


def _interrupted(sweep_id: str) -> NoReturn:
    leave(Exit.INTERRUPTED, f"The sweep {sweep_id} goes on without you.")


def members_table(now: SweepPublic, members: Sequence[SweepMember]) -> Table:
    """The best members, best first, and how many have ended."""
    counts = ", ".join(f"{count} {state}" for state, count in now.counts.items() if count)
    table = Table(box=None, pad_edge=False, header_style="dim", caption_justify="left")
    table.caption = f"{now.ended} of {now.members} have ended: {counts}"
    paths = list(members[0].values) if members else []
    for path in paths:
        table.add_column(path.rpartition("/")[2], justify="right")
    table.add_column("seed", justify="right")
    table.add_column(now.goal.series, justify="right")
    table.add_column("epoch", justify="right")
    table.add_column("status")
    table.add_column("run")
    for each in members[:SHOWN]:
        values = [_shown(each.values[path]) for path in paths]
        judged = "" if each.goal is None else _shown(each.goal)
        state = each.reason if each.reason == "pruned" else each.status
        table.add_row(*values, str(each.seed), judged, f"{each.epoch:.0f}", state, each.run)
    return table


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
