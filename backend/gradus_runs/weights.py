"""Weights to take away: a network's tensors out of what a run keeps, as one safetensors file.

The names are the full names of parameters and buffers (`stage/0/conv2d_1.weight`); the file's
metadata say where they come from: `spec` (the language), `spec_hash`, `run`, `step`, the `status`
of the run when they were taken, and as `transforms` what its inputs went through before, with the
numbers that were fitted on the training part.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from gradus_runs import artifacts
from gradus_runs.errors import Damaged, NotFound
from gradus_runs.runs import Run
from gradus_runs.store import Store
from gradus_runs.tables import artifacts as artifact_table
from gradus_runs.tables import checkpoints as checkpoint_table
from gradus_runs.tables import references

PREFIX = "network/"  # of the network's own among a checkpoint's tensors
FITTED = "data/transforms["  # of what transforms were fitted to, among all kept tensors
MOST_TOLD = 65_536  # numbers of one such tensor that a file's metadata hold
KIND, NAME = "weights", "final"
LENGTH = 8  # bytes in front of the header


@dataclass(frozen=True, slots=True)
class Kept:
    """Weights that are kept: those a run ended with, or of a checkpoint; `size` in bytes."""

    step: int
    digest: str
    size: int
    final: bool


def kept(conn: Connection, run: Run, step: int | None) -> Kept:
    """The newest weights of a run, or the newest at or before `step`.

    Raises NotFound where none are kept.
    """
    if step is None or step >= run.step:
        final = _final(conn, run)
        if final is not None:
            return final
    table = checkpoint_table
    found = (
        select(table.c.step, table.c.tensors_hash, table.c.size)
        .where(table.c.run_id == run.id)
        .order_by(table.c.step.desc(), table.c.epoch.desc())
    )
    if step is not None:
        found = found.where(table.c.step <= step)
    row = conn.execute(found.limit(1)).one_or_none()
    if row is None:
        raise NotFound("checkpoint", f"of {run.id}")
    return Kept(row.step, row.tensors_hash, row.size, final=False)


def _final(conn: Connection, run: Run) -> Kept | None:
    found = (
        select(references.c.hash, artifact_table.c.size)
        .join(artifact_table, artifact_table.c.hash == references.c.hash)
        .where(references.c.run_id == run.id, references.c.kind == KIND, references.c.name == NAME)
        .order_by(references.c.created_at.desc())
    )
    row = conn.execute(found.limit(1)).one_or_none()
    return None if row is None else Kept(run.step, row.hash, row.size, final=True)


def read(conn: Connection, store: Store, run: Run, found: Kept) -> bytes:
    """The file. Raises Damaged, or NotFound where the weights were removed meanwhile."""
    body = artifacts.get(conn, store, found.digest)
    told = prepared(body, run.resolved)
    metadata = {
        "format": "pt",
        "spec": str(run.resolved.get("spec", "")),
        "spec_hash": run.spec_hash,
        "run": run.id,
        "step": str(found.step),
        "status": run.status,
        **({"transforms": json.dumps(told)} if told else {}),
    }
    return selected(body, "" if found.final else PREFIX, metadata)


def metadata(body: bytes) -> Mapping[str, str]:
    """What a file says of itself beside its tensors; nothing where it says nothing."""
    size = int.from_bytes(body[:LENGTH], "little")
    found: Mapping[str, str] = json.loads(body[LENGTH : LENGTH + size]).get("__metadata__", {})
    return found


def prepared(body: bytes, resolved: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The transforms of a run's inputs in their order, with what each was fitted to.

    A dataset that standardizes its samples itself stands first. Raises Damaged.
    """
    found: dict[int, dict[str, Any]] = {-1: {}}
    for name, values in _fitted(body):
        place, _, what = name.removeprefix(FITTED).partition("].")
        found.setdefault(int(place), {})[what] = values
    planned = (resolved.get("data") or {}).get("transforms", [])
    told = [{**fields, **found.get(place, {})} for place, fields in enumerate(planned)]
    return [{"type": "standardize", **found[-1]}, *told] if found[-1] else told


def _fitted(body: bytes) -> Iterator[tuple[str, Any]]:
    header, start = _header(body)
    for name, row in header.items():
        begin, end = (start + place for place in row["data_offsets"])
        if not name.startswith(FITTED) or prod(row["shape"]) > MOST_TOLD:
            continue
        if row["dtype"] == "U8":  # texts
            yield name, json.loads(body[begin:end])
        else:
            numbers = np.frombuffer(body[begin:end], {"F32": "<f4", "F64": "<f8"}[row["dtype"]])
            yield name, numbers.reshape(row["shape"]).tolist()


def _header(body: bytes) -> tuple[dict[str, Any], int]:
    """Rows by tensor, and where the numbers begin. Raises Damaged."""
    try:
        start = LENGTH + int.from_bytes(body[:LENGTH], "little")
        header: dict[str, Any] = json.loads(body[LENGTH:start])
        header.pop("__metadata__", None)
    except (ValueError, TypeError, AttributeError) as fault:
        raise Damaged("safetensors", str(fault)) from fault
    return header, start


def selected(body: bytes, prefix: str, metadata: Mapping[str, str]) -> bytes:
    """A safetensors file of the tensors whose names begin with `prefix`, without it, by name;
    without what transforms were fitted to.

    Raises Damaged for bytes that are no such file.
    """
    header, begin = _header(body)
    try:
        chosen = {
            name: row
            for name, row in header.items()
            if name.startswith(prefix) and not name.startswith(FITTED)
        }
        rows, parts, offset = {}, [], 0
        for name, row in sorted(chosen.items()):
            start, end = row["data_offsets"]
            parts.append(body[begin + start : begin + end])
            place = [offset, offset + end - start]
            rows[name.removeprefix(prefix)] = {**row, "data_offsets": place}
            offset = place[1]
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Damaged("safetensors", str(fault)) from fault
    head = json.dumps({"__metadata__": dict(metadata), **rows}, separators=(",", ":")).encode()
    head += b" " * (-len(head) % LENGTH)
    return b"".join([len(head).to_bytes(LENGTH, "little"), head, *parts])
