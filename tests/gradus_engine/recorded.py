"""What the engine answers over the plane, written down for the page's own tests.

`python -m tests.gradus_engine.recorded` writes `frontend/tests/layers/fields.json`.
"""

import base64
import json
from pathlib import Path
from typing import Any

import torch

from gradus.plan import plan, plan_json
from gradus.probes import FieldProbe, UnitFieldsProbe, WeightsProbe
from gradus_engine.probes import Picture, probe
from gradus_engine.session import Session
from gradus_runs.frames import encode

FILE = Path(__file__).parents[2] / "frontend" / "tests" / "layers" / "fields.json"
STEPS = 20
RESOLUTION = 6
EXTENT = 5.0

NETS: dict[str, dict[str, Any]] = {
    "two classes": {
        "data": {"name": "spiral"},
        "network": {
            "layers": [
                {
                    "type": "features",
                    "terms": ["xy", "x", "sin_y", "y2", "y", "x2", "sin_x"],
                    "degree": 3,
                    "radial": 3,
                    "width": 1.5,
                },
                {"type": "linear", "units": 4, "activation": "tanh"},
                {"type": "linear", "units": 3},
                "gelu",
                "dropout",
                "linear",
            ]
        },
    },
    "joined and normalized": {
        "data": {"name": "moons"},
        "network": {
            "layers": [
                {"type": "linear", "units": 6, "name": "a"},
                {"type": "batch_norm", "activation": "tanh", "name": "n"},
                {"type": "linear", "units": 6, "name": "b"},
                {"type": "prelu", "slopes": "channel"},
                {"type": "layer_norm", "name": "l"},
                {"type": "add", "from": ["n", "l"], "name": "sum"},
                {"type": "maxout", "pieces": 2, "name": "peaks"},
                {"type": "concat", "from": ["peaks", "a"]},
                "linear",
            ]
        },
    },
    "three classes": {
        "data": {"name": "spiral", "options": {"classes": 3}},
        "network": {
            "layers": [
                {"type": "linear", "units": 5, "activation": "relu"},
                {"type": "linear", "units": 4, "activation": "softmax"},
                "linear",
            ]
        },
    },
    "regression": {
        "data": {"name": "hills"},
        "network": {"layers": [{"type": "linear", "units": 4, "activation": "silu"}, "linear"]},
    },
}


def record() -> list[dict[str, Any]]:
    """Plan, weights, field and unit fields of each net after some steps, frames in base64."""
    torch.set_num_threads(1)
    return [{"name": name, **_answers(document)} for name, document in NETS.items()]


def _answers(document: dict[str, Any]) -> dict[str, Any]:
    planned = plan({"spec": "nn/1", **document})
    session = Session(planned, threads=1)
    for _ in range(STEPS):
        session.advance()
    weights = probe(session, WeightsProbe())
    # The page has the weights in half precision; with the same ones both sides agree closely.
    halves = {name: torch.tensor(array).float() for name, array in weights.arrays.items()}
    session.network.layers.load_state_dict(halves)
    whole = plan_json(planned)
    return {
        "plan": {key: whole[key] for key in ("layers", "output", "train")},
        "weights": _frame(weights),
        "field": _frame(probe(session, FieldProbe(resolution=RESOLUTION, extent=EXTENT))),
        "units": _frame(probe(session, UnitFieldsProbe(resolution=RESOLUTION, extent=EXTENT))),
    }


def _frame(picture: Picture) -> str:
    head = {"run": "", "probe": "", "kind": picture.kind, "step": picture.step, "epoch": 0}
    framed = encode({**head, "meta": dict(picture.meta)}, picture.arrays)
    return base64.b64encode(framed).decode()


if __name__ == "__main__":
    FILE.write_text(json.dumps(record(), indent=1) + "\n", encoding="utf-8")
