"""`gradus zoo`: published networks, without a server."""

import json
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from gradus.faults import nearest
from gradus.zoo import ZOO
from gradus_client.complaint import Exit, leave
from gradus_client.tables import terminal
from gradus_client.writing import write

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `gradus zoo list` names it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]

zoo = typer.Typer(no_args_is_help=True, help="Published networks as specs.")


@zoo.command("list")
def list_networks(as_json: AsJson = False) -> None:
    """List every network with its parameters and its paper."""
    if as_json:
        keys = ("name", "title", "source", "parameters", "note")
        entries = [{key: entry.to_json()[key] for key in keys} for entry in ZOO.values()]
        typer.echo(json.dumps(entries, ensure_ascii=False))
        return
    table = Table("name", "network", box=box.SIMPLE_HEAD)
    table.add_column("parameters", justify="right")
    table.add_column("paper")
    for entry in ZOO.values():
        table.add_row(entry.name, entry.title, f"{entry.parameters:,}", entry.source)
    terminal().print(table)


@zoo.command("show")
def show_network(name: Name, as_json: AsJson = False) -> None:
    """Print the spec of a network: YAML, ready for `gradus plan -`."""
    entry = ZOO.get(name)
    if entry is None:
        near = nearest(name, ZOO)
        hint = f"Did you mean {near}?" if near else "See `gradus zoo list`."
        leave(Exit.FAILED, f"There is no network {name!r} in the zoo. {hint}")
    text = json.dumps(entry.document, ensure_ascii=False) if as_json else write(entry.document)
    typer.echo(text.rstrip("\n"))
