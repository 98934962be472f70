"""What there is to take away of a run, each a file with a name of its own."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from sqlalchemy import Engine

from gradus.export.onnx.model import onnx
from gradus.export.onnx.tensors import read
from gradus.export.pytorch import pytorch
from gradus.plan import plan_json, plan_resolved
from gradus.problems import SpecError
from gradus_runs import chunks, runs, weights
from gradus_runs.actor import Actor
from gradus_runs.chunks import Points
from gradus_runs.database import reading
from gradus_runs.errors import Damaged, NotFound
from gradus_runs.runs import Run
from gradus_runs.settings import Settings
from gradus_runs.store import Store
from gradus_server import limits
from gradus_server.parquet import parquet
from gradus_server.problems import Refused
from gradus_server.routes.metrics import lines

PYTHON = "text/x-python; charset=utf-8"
BINARY = "application/octet-stream"
ZIP = "application/zip"
PARQUET = "application/vnd.apache.parquet"
README = """\
{name} ({id}), run by Gradus: {status} at step {step}.

document.json        the spec as it was written{source}
resolved.json        the same with every default written out; its hash is {hash}
plan.json            layers with shapes, parameters and costs
metrics.csv          every point of every curve
metrics.parquet      the same, for tools that read tables
{further}"""
SCRIPT = "model.py             `python model.py` trains it again, from weights.safetensors if beside it\n"
WEIGHTS = "weights.safetensors  weights and buffers of step {step}, by full name\n"
ONNX = "{name:<20} the network at step {step}, for any ONNX runtime\n"


DENSE = (".safetensors", ".onnx", ".parquet")  # what no zip makes smaller

Networks = Mapping[str, bytes]  # ONNX by the network's name


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is saved."""

    name: str
    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A run of somebody who may see it, and where its files lie."""

    engine: Engine
    store: Store
    run: Run

    @classmethod
    def of(cls, engine: Engine, settings: Settings, actor: Actor, run_id: str) -> "Parcel":
        """Raises NotFound for a run that this actor may not see."""
        with reading(engine) as conn:
            return cls(engine, Store(settings.artifacts), runs.get(conn, actor, run_id))

    @property
    def stem(self) -> str:
        """The run's name, short and without what file systems refuse; else its id."""
        kept = re.sub(r"[^\w.-]+", "-", self.run.name).strip("-.")[:80]
        return kept or self.run.id

    def weights(self, step: int | None) -> File:
        """Weights and buffers, the newest or those kept at or before `step`.

        Raises NotFound where none are kept, Refused where they are too large.
        """
        at, body = self._kept(step)
        return File(f"{self.stem}-{at}.safetensors", body, BINARY)

    def onnx(self, step: int | None, network: str | None, transforms: bool) -> File:
        """The network with these weights; of several the one of this name, or a zip of all. With
        `transforms` it reads samples as the dataset has them.

        Raises NotFound and Refused as `weights` does, SpecError with what ONNX cannot say.
        """
        at, made = self._networks(step, network, transforms)
        stem = f"{self.stem}-{at}"
        if len(made) == 1:
            (body,) = made.values()
            return File(f"{stem}.onnx", body, BINARY)
        files = {f"{name}.onnx": body for name, body in made.items()}
        return File(f"{stem}-onnx.zip", _zipped(files), ZIP)

    def _networks(
        self, step: int | None, network: str | None = None, transforms: bool = False
    ) -> tuple[int, Networks]:
        planned = plan_resolved(self.run.resolved)
        at, body = self._kept(step)
        said = {"run": self.run.id, "step": str(at), "status": self.run.status}
        if told := weights.metadata(body).get("transforms"):
            said["transforms"] = told
        prepared = json.loads(told) if told and transforms else None
        tensors = read(body)
        names = planned.networks if network is None else [network]
        try:
            return at, {
                name: onnx(planned, tensors, network=name, metadata=said, prepared=prepared)
                for name in names
            }
        except KeyError as fault:
            raise Damaged("weights", str(fault)) from fault

    def _kept(self, step: int | None) -> tuple[int, bytes]:
        with reading(self.engine) as conn:
            found = weights.kept(conn, self.run, step)
            _check_size(found.size)
            return found.step, weights.read(conn, self.store, self.run, found)

    def script(self) -> File:
        """Raises SpecError with what no script can say."""
        text = pytorch(plan_resolved(self.run.resolved), title=self.run.name)
        return File(f"{self.stem}.py", text.encode(), PYTHON)

    def curves(self) -> File:
        body = "".join(lines(self._series())).encode()
        return File(f"{self.stem}.csv", body, "text/csv; charset=utf-8")

    def table(self) -> File:
        run = self.run
        said = {"run": run.id, "spec_hash": run.spec_hash, "step": str(run.step)}
        body = parquet(self._series(), said | {"status": run.status})
        return File(f"{self.stem}.parquet", body, PARQUET)

    def _series(self) -> Mapping[str, Points]:
        with reading(self.engine) as conn:
            return chunks.series(conn, self.run.id, None, points=None)

    def bundle(self, step: int | None) -> File:
        """All of it that there is, as a zip."""
        run = self.run
        files = {
            "document.json": _json(run.document),
            "resolved.json": _json(run.resolved),
            "metrics.csv": self.curves().body,
            "metrics.parquet": self.table().body,
        }
        if run.source is not None:
            files["document.txt"] = run.source.encode()
        further = self._weights_into(files, step) + self._script_into(files)
        if "weights.safetensors" in files:
            further += self._onnx_into(files, step)
        files["README.txt"] = README.format(
            name=run.name,
            id=run.id,
            status=run.status,
            step=run.step,
            source=", document.txt with its comments" if run.source is not None else "",
            hash=run.spec_hash,
            further=further,
        ).encode()
        return File(f"{self.stem}.zip", _zipped(files), ZIP)

    def _weights_into(self, files: dict[str, bytes], step: int | None) -> str:
        try:
            at, files["weights.safetensors"] = self._kept(step)
        except NotFound:
            return ""
        return WEIGHTS.format(step=at)

    def _onnx_into(self, files: dict[str, bytes], step: int | None) -> str:
        """A file for each network, `model.onnx` where there is one only."""
        try:
            at, made = self._networks(step)
        except SpecError as refused:
            return f"There is no ONNX: {_reasons(refused)}\n"
        said = ""
        for name, body in made.items():
            shown = f"{name}.onnx" if len(made) > 1 else "model.onnx"
            files[shown] = body
            said += ONNX.format(name=shown, step=at)
        return said

    def _script_into(self, files: dict[str, bytes]) -> str:
        try:
            planned = plan_resolved(self.run.resolved)
            files["plan.json"] = _json(plan_json(planned))
            files["model.py"] = self.script().body
        except SpecError as refused:
            return f"There is no script: {_reasons(refused)}\n"
        return SCRIPT


def _reasons(refused: SpecError) -> str:
    return "; ".join(each.message for each in refused.problems)


def _check_size(size: int) -> None:
    if size > limits.EXPORT_BYTES:
        raise Refused(422, "http.export_size", {"limit": limits.EXPORT_BYTES, "size": size})


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


def _zipped(files: dict[str, bytes]) -> bytes:
    """Weights hardly shrink and would only take time; texts do."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in sorted(files.items()):
            dense = name.endswith(DENSE)
            how = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
            # One date for all: the same run gives the same bytes.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, body, compress_type=how)
    return out.getvalue()
