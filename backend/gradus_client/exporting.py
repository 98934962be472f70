"""`gradus export`: a run as a file, or a spec as a PyTorch script without any server."""

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gradus.export.pytorch import pytorch
from gradus.problems import SpecError
from gradus_client.client import Client
from gradus_client.complaint import Exit, errors, leave, refuse_spec, told
from gradus_client.planning import open_plan

RUN = re.compile(r"run_[0-9a-f]{32}")


class Format(StrEnum):
    SAFETENSORS = "safetensors"
    ONNX = "onnx"
    PYTORCH = "pytorch"
    CSV = "csv"
    PARQUET = "parquet"
    BUNDLE = "bundle"


TEXTS = {Format.PYTORCH, Format.CSV}
What = Annotated[
    str, typer.Argument(metavar="RUN|FILE", help="A run's id, or a spec (`-` for standard input).")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Where it is written; standard output for texts."),
]
Step = Annotated[int | None, typer.Option(min=0, help="Weights kept at or before this step.")]
Network = Annotated[str | None, typer.Option(help="Of several networks, the one for ONNX.")]
Transforms = Annotated[
    bool,
    typer.Option("--transforms", help="ONNX that reads samples as the dataset has them."),
]


def export(
    what: What,
    format: Annotated[Format, typer.Option(help="What it becomes.")] = Format.PYTORCH,
    output: Output = None,
    step: Step = None,
    network: Network = None,
    transforms: Transforms = False,
) -> None:
    """Write a run or a spec as a file.

    pytorch: a script that trains the same network on the same samples and needs nothing of
    this service. onnx: the trained network for any ONNX runtime. safetensors: the weights.
    csv, parquet: every point of every curve. bundle: a zip of it all. A run that still trains
    gives its newest kept step. A spec becomes a script without a server.
    """
    if output is None and format not in TEXTS:
        leave(Exit.FAILED, f"{format} is no text: say where with -o FILE")
    if RUN.fullmatch(what):
        with told(), Client.find() as client:
            body = client.export(what, format, step, network, transforms=transforms)
    else:
        body = _of_file(what, format)
    if output is None:
        sys.stdout.buffer.write(body)
        sys.stdout.flush()
        return
    try:
        output.write_bytes(body)
    except OSError as fault:
        leave(Exit.FAILED, f"{output} cannot be written: {fault.strerror}")
    errors.print(f"{output}: {len(body):,} bytes")


def _of_file(file: str, format: Format) -> bytes:
    if format is not Format.PYTORCH:
        leave(Exit.FAILED, f"A spec has no {format} yet: train it with `gradus run {file}`")
    source, plan = open_plan(file, False)
    try:
        return pytorch(plan, title=str(source.document.get("name", ""))).encode()
    except SpecError as fault:
        refuse_spec(fault.to_json(), source, source.name, False)
