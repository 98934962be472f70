"""The page computes small nets itself, from the weights that are sent: it gets the engine's numbers.

The nets are built here with random weights, their frames written as they travel, and the page's own
code is run on them by its own test runner.
"""

import base64
import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from gradus.plan import plan, plan_json
from gradus.probes import PROBE
from gradus_engine.probes import probe
from gradus_engine.session import Session
from gradus_worker.pictures import frame
from tests.gradus_engine.documents import document

FRONTEND = Path(__file__).parents[2] / "frontend"
RUNNER = FRONTEND / "node_modules" / ".bin" / "vitest"
WAIT_SECONDS = 120


def picture(*layers):
    return document([*layers, "flatten", "linear"], "digits")


def conv(**fields):
    return {"type": "conv2d", "filters": 4, **fields}


def pool(type, **fields):
    return {"type": type, **fields}


FUNCTIONS = [
    "identity",
    "step",
    "sigmoid",
    "tanh",
    "relu",
    {"type": "leaky_relu", "negative_slope": 0.2},
    {"type": "elu", "alpha": 0.7},
    "gelu",
    {"type": "gelu", "approximate": "tanh"},
    "silu",
    "softmax",
]
NETS = {
    "convolution": picture(conv(), conv(filters=6, activation="relu")),
    "strides": picture(conv(kernel=[3, 2], stride=[2, 1], padding="same")),
    "same, even": picture(conv(kernel=4, stride=3, padding="same", activation="tanh")),
    "valid": picture(conv(kernel=[1, 5], padding="valid"), conv(kernel=2, padding="valid")),
    "symmetric": picture(conv(kernel=4, stride=2, padding="symmetric")),
    "cells": picture(conv(kernel=3, padding=[2, 1]), conv(kernel=3, padding=0)),
    "dilation": picture(conv(dilation=2), conv(kernel=2, dilation=[3, 1], padding="valid")),
    "groups": picture(conv(), conv(filters=6, groups=2), conv(filters=6, groups=6, bias=False)),
    "max pool": picture(conv(), pool("max_pool2d"), pool("max_pool2d", size=3, padding="same")),
    "mean pool": picture(conv(), pool("avg_pool2d", size=3, stride=2, padding="same")),
    "hollow pool": picture(conv(), pool("max_pool2d", size=2, stride=2, padding=[2, 2])),
    "whole maps": document([conv(), "global_avg_pool", "linear"], "digits"),
    "peaks": document([conv(), "global_max_pool", "linear"], "digits"),
    "normalization": picture(
        conv(bias=False), {"type": "batch_norm", "activation": "relu"}, {"type": "dropout"}
    ),
    "plain normalization": picture({"type": "batch_norm", "affine": False, "eps": 0.01}),
    "functions": picture(conv(), *FUNCTIONS),
    "lines": picture(
        {"type": "reshape", "shape": [4, 16]},
        {"type": "conv1d", "filters": 6, "kernel": 4, "stride": 2, "padding": "same"},
        {"type": "conv1d", "filters": 4, "dilation": 2, "groups": 2, "activation": "tanh"},
        pool("max_pool1d", size=3, stride=2, padding="same"),
        pool("avg_pool1d", size=2, stride=1, padding=[1]),
    ),
    "flipped": picture(conv(kernel=[2, 3], flip=True)),
    "transposed": picture(
        conv(filters=4, stride=2),
        {"type": "conv_transpose2d", "filters": 6, "kernel": 3, "stride": 2, "groups": 2},
        {"type": "conv_transpose2d", "filters": 2, "kernel": [4, 2], "padding": "same"},
        {
            "type": "conv_transpose2d",
            "filters": 3,
            "stride": [1, 2],
            "padding": [1, 0],
            "dilation": [2, 1],
            "output_padding": [0, 1],
        },
    ),
    "transposed lines": picture(
        {"type": "reshape", "shape": [8, 8]},
        {
            "type": "conv_transpose1d",
            "filters": 4,
            "kernel": 4,
            "stride": 3,
            "padding": "symmetric",
        },
        {"type": "conv_transpose1d", "filters": 2, "padding": [1], "bias": False},
    ),
    "even windows": picture(
        conv(), pool("adaptive_avg_pool2d", size=[3, 5]), pool("adaptive_max_pool2d", size=2)
    ),
    "normalized together": picture(
        conv(filters=6),
        "layer_norm",
        {"type": "group_norm", "groups": 3, "activation": "elu"},
        {"type": "layer_norm", "axes": 1, "affine": False},
        {"type": "local_response_norm", "size": 4, "alpha": 0.3},
        {"type": "local_response_norm", "across": "within", "size": 3, "alpha": 0.3, "k": 1},
    ),
    "learned slopes": picture(
        conv(filters=6),
        {"type": "prelu", "slopes": "channel"},
        "rrelu",
        {"type": "maxout", "pieces": 3},
        {"type": "prelu", "slopes": "shared"},
        "log_softmax",
        "dropout2d",
    ),
    "rearranged": picture(
        conv(filters=3),
        {"type": "upsample", "factor": [2, 3]},
        {"type": "upsample", "factor": 2, "mode": "bilinear"},
        {"type": "pad", "sides": [[1, 0], [2, 3]], "channels": [1, 2], "value": 0.5},
        {"type": "permute", "axes": [2, 0, 1]},
        {"type": "select", "axis": 1, "index": -2},
    ),
    "joins": picture(
        conv(name="a"),
        conv(name="b", **{"from": "input"}, activation="elu"),
        {"type": "add", "name": "sum", "from": ["a", "b"]},
        {"type": "multiply", "name": "product", "from": ["a", "sum"]},
        {"type": "mean", "name": "average", "from": ["b", "product", "a"]},
        {"type": "concat", "name": "rows", "axis": 1, "from": ["a", "average"]},
        {"type": "concat", "name": "channels", "from": ["rows", "rows"]},
    ),
    "dense": document(
        ["flatten", {"type": "linear", "units": 9, "activation": "sigmoid"}, "linear"], "digits"
    ),
}


def sent(session, **asked):
    """A picture as it travels, in base64."""
    drawn = probe(session, PROBE.validate_python(asked))
    return base64.b64encode(frame("run", "0", 0, drawn)).decode()


def recorded(name, written):
    """Plan and frames of a net whose weights and running statistics are random."""
    session = Session(plan(written))
    random = torch.Generator().manual_seed(len(name))
    with torch.no_grad():
        for key, value in session.network.layers.state_dict().items():
            if value.is_floating_point():
                low = 0.3 if key.endswith("running_var") else -0.5
                value.uniform_(low, 1 if low > 0 else 0.5, generator=random)
    inputs = [session.dataset.validation.inputs[index] for index in (0, 7)]
    layers = plan_json(session.plan)["layers"]
    return {
        "name": name,
        "input": list(inputs[0].shape),
        "layers": [{k: v for k, v in layer.items() if k != "tensors"} for layer in layers],
        "weights": sent(session, kind="weights"),
        "outputs": [
            {key: values[0].flatten().tolist() for key, values in _outputs(session, x).items()}
            for x in inputs
        ],
    }


def _outputs(session, x):
    session.network.eval()
    with torch.no_grad():
        return session.network.outputs(x[None])


@pytest.mark.skipif(not RUNNER.exists(), reason="the page's own packages are not installed")
def test_the_page_gets_the_numbers_of_the_engine(tmp_path):
    nets = [recorded(name, written) for name, written in NETS.items()]
    path = tmp_path / "nets.json"
    path.write_text(json.dumps(nets))
    done = subprocess.run(
        [
            RUNNER,
            "run",
            "tests/layers/pictures.test.ts",
            "tests/layers/sums.test.ts",
            "--reporter=verbose",
        ],
        cwd=FRONTEND,
        env={**os.environ, "GRADUS_NETS": str(path), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for name in NETS:
        assert f"computes what the engine answers: '{name}'" in done.stdout
        assert f"the number that stands there: '{name}'" in done.stdout


def test_weights_of_the_largest_net_that_sends_them_stay_within_100_kb():
    wide = {"type": "linear", "units": 666}
    session = Session(plan(document(["flatten", wide, {"type": "linear", "units": 10}], "digits")))
    assert 49_000 < session.plan.totals.parameters <= 50_000
    assert len(base64.b64decode(sent(session, kind="weights"))) <= 100_000 + 1_000


def test_the_input_of_units_travels_exactly():
    session = Session(plan(NETS["convolution"]))
    drawn = probe(session, PROBE.validate_python({"kind": "units"}))
    assert drawn.arrays["input"].dtype == np.float16
    np.testing.assert_array_equal(
        drawn.arrays["input"], session.dataset.validation.inputs[0].numpy()
    )
