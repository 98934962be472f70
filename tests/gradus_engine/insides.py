"""Insides of small nets as the service sends them, for the page's own tests.

`python -m tests.gradus_engine.insides` writes `frontend/tests/insides/recorded.json`.
"""

import base64
import json
from pathlib import Path
from typing import Any

import torch

from gradus.plan import plan, plan_json
from gradus.probes import PROBE
from gradus_engine.probes import probe
from gradus_engine.session import Session
from gradus_worker.pictures import frame
from tests.gradus_engine.documents import document

FILE = Path(__file__).parents[2] / "frontend" / "tests" / "insides" / "recorded.json"
ROWS = {"type": "reshape", "name": "rows", "shape": [8, 8]}


def _net(layer: dict[str, Any], *others: Any) -> dict[str, Any]:
    layers = [ROWS, {**layer, "name": "own"}, *others, "flatten", "linear"]
    return document(layers, "digits", batch_size=32)


def _asked(memory: dict[str, Any]) -> dict[str, Any]:
    """A memory of the rows, asked by what a layer makes of the whole picture."""
    question = [
        {"type": "flatten", "name": "whole", "from": "input"},
        {"type": "linear", "name": "question", "units": 8},
    ]
    own = {**memory, "name": "own", "from": ["rows", "question"]}
    return document([ROWS, *question, own, "linear"], "digits", batch_size=32)


NETS = {
    "lstm": _net({"type": "lstm", "units": 3}),
    "lstm, the last step": _net({"type": "lstm", "units": 3, "returns": "last"}),
    "gru both ways, stacked": _net({"type": "gru", "units": 2, "layers": 2, "bidirectional": True}),
    "gru of the notes": _net({"type": "gru", "units": 3, "update": "notes", "reset": "before"}),
    "rnn": _net({"type": "rnn", "units": 3, "activation": "relu"}),
    "attention": _net({"type": "attention", "heads": 2}),
    "causal attention": _net({"type": "attention", "heads": 1, "causal": True}),
    "hard attention": _net({"type": "attention", "heads": 1, "mode": "hard"}),
    "episodic memory": _asked({"type": "episodic_memory", "passes": 2}),
    "entity memory": _asked({"type": "entity_memory", "slots": 3}),
    "waves": _net({"type": "positional_encoding"}),
    "learned places": _net({"type": "positional_encoding", "kind": "learned", "longest": 8}),
}


def record() -> list[dict[str, Any]]:
    """Plan, inside and units of each net after some steps, frames in base64."""
    torch.set_num_threads(1)
    return [{"name": name, **_answers(written)} for name, written in NETS.items()]


def _answers(written: dict[str, Any]) -> dict[str, Any]:
    session = Session(plan(written))
    for _ in range(20):
        session.advance()
    layers = plan_json(session.plan)["layers"]
    return {
        "layers": [{k: v for k, v in layer.items() if k != "tensors"} for layer in layers],
        "inside": _sent(session, kind="inside", layers=["own"]),
        "units": _sent(session, kind="units"),
    }


def _sent(session: Session, **asked: Any) -> str:
    drawn = probe(session, PROBE.validate_python(asked))
    return base64.b64encode(frame("run", "0", 0, drawn)).decode()


if __name__ == "__main__":
    FILE.write_text(json.dumps(record()) + "\n")
