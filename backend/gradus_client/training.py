"""`gradus run` and the commands that look at runs and steer them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from gradus.controls import Control, Pause, Play, Stop
from gradus.events import Status
from gradus.plan import plan_resolved
from gradus_client.client import Client
from gradus_client.complaint import Exit, errors, leave, told
from gradus_client.planning import AsJson, File, open_plan
from gradus_client.run import RunPublic
from gradus_client.tables import run_table, runs_table, terminal
from gradus_client.watching import Standing, watch

RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, as `gradus runs` lists it.")]
Watch = Annotated[bool, typer.Option("--watch", help="Show progress to the run's end.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait quietly for the run's end.")]
Name = Annotated[str | None, typer.Option(help="The run's name; a named run is kept.")]
Tag = Annotated[list[str] | None, typer.Option(help="A tag; may be given several times.")]
Weights = Annotated[
    Path | None, typer.Option(help="A safetensors file that the whole network starts from.")
]
Without = Annotated[
    list[str] | None,
    typer.Option(help="A layer that starts anew despite --weights; may be given several times."),
]
ENDS = {Status.FINISHED: Exit.FINE, Status.STOPPED: Exit.STOPPED, Status.FAILED: Exit.FAILED}


def run(
    file: File,
    watched: Watch = False,
    wait: Wait = False,
    as_json: AsJson = False,
    name: Name = None,
    tag: Tag = None,
    weights: Weights = None,
    without: Without = None,
) -> None:
    """Train a spec on the server.

    Exit codes: 0 finished (or queued, without --watch and --wait), 1 failed or refused,
    2 problems in the spec, 3 no server, 4 stopped, 130 interrupted (the run goes on).
    """
    if watched and wait:
        raise typer.BadParameter("--watch shows what --wait hides: give one of them")
    source, plan = open_plan(file, as_json)
    with told(file, source, as_json), Client.find() as client:
        document, text = source.document, None if weights else source.text
        if weights is not None:
            # The text would not say what the run starts from, so it does not travel with it.
            document = _begun(client, document, weights, without or ())
        created = client.create(document, name=name, source=text, tags=tag or ())
        if not (watched or wait):
            _tell_created(created, client, as_json)
            return
        ended = _to_the_end(client, created, Standing.of(plan), quiet=wait)
    _tell_ended(ended, as_json)


def _begun(
    client: Client, document: dict[str, Any], file: Path, without: Sequence[str]
) -> dict[str, Any]:
    """The document with a file of weights to start from, which the server keeps from now on."""
    if not isinstance(network := document.get("network"), dict):
        leave(Exit.PROBLEMS, "--weights is for a document with one network; write init under each.")
    try:
        body = file.read_bytes()
    except OSError as fault:
        leave(Exit.PROBLEMS, f"{file} cannot be read: {fault.strerror}.")
    source = {"weights": client.upload(body, file.name), "without": list(without)}
    return {**document, "network": {**network, "init": {"from": source}}}


def runs(
    status: Annotated[Status | None, typer.Option(help="Only runs in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List runs, newest first."""
    filters: dict[str, str | int] = {"limit": limit} | ({"status": str(status)} if status else {})
    with told(), Client.find() as client:
        page = client.runs(**filters)
    if as_json:
        typer.echo(page.model_dump_json())
    else:
        terminal().print(runs_table(page.runs))


def show(run_id: RunId, watched: Watch = False, as_json: AsJson = False) -> None:
    """Show one run; with --watch, its progress from now on."""
    with told(), Client.find() as client:
        found = client.run(run_id)
        if watched and not found.is_final:
            standing = Standing.of(plan_resolved(found.resolved))
            found = _to_the_end(client, found, standing, quiet=False)
    if as_json:
        typer.echo(found.model_dump_json())
    else:
        terminal().print(run_table(found))


def stop(run_id: RunId) -> None:
    """End a run; what it learned stays."""
    _control(run_id, Stop())


def pause(run_id: RunId) -> None:
    """Halt a run before its next step."""
    _control(run_id, Pause())


def play(run_id: RunId) -> None:
    """Let a paused run go on."""
    _control(run_id, Play())


def _control(run_id: str, control: Control) -> None:
    with told(), Client.find() as client:
        client.control(run_id, control)
    typer.echo(f"{run_id}: {control.action} is on its way")


def _to_the_end(client: Client, started: RunPublic, standing: Standing, quiet: bool) -> RunPublic:
    try:
        console = Console(stderr=True, highlight=False, quiet=quiet)
        watch(client.events(started.id), standing, console)
        return client.run(started.id)
    except KeyboardInterrupt:
        _interrupted(started.id)


def _interrupted(run_id: str) -> NoReturn:
    leave(
        Exit.INTERRUPTED,
        f"The run goes on without you. Come back with: gradus show {run_id} --watch "
        f"(end it with: gradus stop {run_id})",
    )


def _tell_created(created: RunPublic, client: Client, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_outcome(created)))
        return
    typer.echo(created.id)
    errors.print(
        f"{created.status} on {client.url}; watch it with: gradus show {created.id} --watch"
    )


def _tell_ended(ended: RunPublic, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_outcome(ended)))
    else:
        terminal().print(run_table(ended))
    raise typer.Exit(ENDS.get(ended.status, Exit.FAILED))


def _outcome(run: RunPublic) -> dict[str, Any]:
    return run.model_dump(mode="json", include={"id", "status", "reason", "results"})
