"""ONNX files that read samples as the dataset has them: transforms stand in front of the network."""

import json

import numpy as np
import onnx as onnx_library
import pytest
import torch
from safetensors.torch import save
from sklearn.datasets import load_iris

from gradus.export.onnx.model import onnx
from gradus.export.onnx.tensors import read
from gradus.export.pytorch import pytorch
from gradus.plan import plan
from gradus.problems import SpecError
from gradus_engine.datasets import load
from gradus_engine.opening import open_session
from gradus_runs import weights
from tests.gradus.alternations import digits_asked_for
from tests.gradus_engine.documents import document
from tests.gradus_engine.onnx_run import answers, assert_equal, expected, session
from tests.gradus_engine.script import load as load_script


def taken(trained):
    """A run's newest weights as they are taken away, with what its transforms were fitted to."""
    tensors, _ = trained.state()
    body = save(tensors)
    return read(weights.selected(body, weights.PREFIX, {})), weights.prepared(
        body, trained.plan.resolved
    )


def raw(written):
    """The test part as the dataset has it."""
    data = {name: each for name, each in written["data"].items() if name != "transforms"}
    plain = document(["flatten", "linear"], data)
    planned = plan(plain)
    return load(planned.dataset).test.inputs


SETS = {
    "shrunk": ["standardize", {"type": "resize", "size": [5, 3]}, "mean_image"],
    "grown": [{"type": "resize", "size": [11, 20]}, "standardize", "standardize"],
    "nearest": [{"type": "resize", "size": [3, 13], "mode": "nearest"}],
    "cut": ["mean_image", {"type": "center_crop", "size": [5, 6]}],
    "drawn while training": [
        {"type": "random_crop", "size": [7, 9], "padding": [0, 2]},
        "flip",
        "scale",
        "color",
        "noise",
        "standardize",
    ],
}


@pytest.mark.proves("B10")
@pytest.mark.parametrize("name", SETS)
def test_raw_pictures_are_answered_as_by_the_service(name):
    written = document(["flatten", "linear"], {"name": "digits", "transforms": SETS[name]})
    trained = open_session(plan(written))
    trained.advance(3)
    tensors, told = taken(trained)
    body = onnx(trained.plan, tensors, prepared=told)
    onnx_library.checker.check_model(onnx_library.load_from_string(body), full_check=True)
    running = session(body)
    assert running.get_inputs()[0].shape == ["batch", 1, 8, 8]
    assert running.get_modelmeta().custom_metadata_map["input"] == "raw"
    wanted = expected(trained.network.eval(), {"input": trained.parts["test"].inputs})
    assert_equal(answers(running, {"input": raw(written)}), wanted)
    plain = session(onnx(trained.plan, tensors))
    assert_equal(answers(plain, {"input": trained.parts["test"].inputs}), wanted)


def test_a_column_of_kinds_and_a_standardized_row():
    points = [[x, y, (x + y) % 2] for x in range(3) for y in range(3)]
    data = {
        "name": "drawn",
        "options": {"points": points},
        "transforms": [{"type": "one_hot", "column": 1, "values": 3}, "standardize"],
        "split": {"train": 1, "validation": 0, "test": 0},
    }
    trained = open_session(plan(document(["linear"], data, epochs=1)))
    tensors, told = taken(trained)
    given = np.array([row[:2] for row in points], np.float32)
    (found,) = session(onnx(trained.plan, tensors, prepared=told)).run(None, {"input": given})
    hot = np.concatenate([given[:, :1], np.eye(3)[given[:, 1].astype(int)]], 1)
    rows = (hot - hot.mean(0)) / hot.std(0)
    layer = trained.network.layers["linear_1"]
    wanted = rows @ layer.weight.detach().numpy().T + layer.bias.detach().numpy()
    assert np.allclose(found, wanted, atol=1e-5)


def test_irises_are_read_in_centimetres():
    written = document(["linear"], {"name": "iris"}, epochs=1)
    trained = open_session(plan(written))
    tensors, told = taken(trained)
    assert [each["type"] for each in told] == ["standardize"]
    centimetres = torch.tensor(load_iris().data, dtype=torch.float32)
    found = answers(
        session(onnx(trained.plan, tensors, prepared=told)), {"input": centimetres}
    ).argmax(1)
    own = torch.cat([part.inputs for part in trained.dataset.parts().values()])
    wanted = expected(trained.network.eval(), {"input": own}).argmax(1)
    assert np.bincount(found, minlength=3).tolist() == np.bincount(wanted, minlength=3).tolist()


def test_only_networks_that_read_samples_get_their_transforms():
    written = digits_asked_for()
    written["data"] = {"name": "digits", "transforms": ["standardize"]}
    trained = open_session(plan(written))
    trained.advance()
    tensors, told = taken(trained)
    for name, network in trained.plan.networks.items():
        plain = onnx(trained.plan, tensors, network=name)
        whole = onnx(trained.plan, tensors, network=name, prepared=told)
        own = {each.name for each in onnx_library.load_from_string(plain).graph.node}
        more = {each.name for each in onnx_library.load_from_string(whole).graph.node} - own
        reads = "batch" in json.dumps(
            [
                each.sources
                for step in trained.plan.train.steps
                for each in step.calls
                if each.network == network.name
            ]
        )
        assert bool(more) == reads


@pytest.mark.parametrize(
    ("transforms", "code"),
    [(["tokenize", {"type": "pad", "length": 6}], "export.onnx.transform")],
)
def test_what_onnx_cannot_prepare_is_refused_at_its_place(transforms, code):
    layers = [{"type": "embedding_bag", "words": 1000, "units": 2}, "linear"]
    trained = open_session(plan(document(layers, {"name": "phrases", "transforms": transforms})))
    tensors, told = taken(trained)
    assert "the" in told[0]["tokens"]
    with pytest.raises(SpecError) as refused:
        onnx(trained.plan, tensors, prepared=told)
    assert [(each.code, each.path) for each in refused.value.problems] == [
        (code, f"/data/transforms/{place}") for place in range(2)
    ]


def test_numbers_that_nobody_kept_are_missed_by_name():
    written = document(["flatten", "linear"], {"name": "digits", "transforms": ["standardize"]})
    trained = open_session(plan(written))
    tensors, _ = taken(trained)
    with pytest.raises(SpecError, match="standardize"):
        onnx(trained.plan, tensors, prepared=[{"type": "standardize"}])


@pytest.mark.parametrize(
    ("data", "layers"),
    [
        ({"name": "digits", "transforms": ["standardize", "mean_image"]}, ["flatten", "linear"]),
        (
            {"name": "phrases", "transforms": ["tokenize", {"type": "pad", "length": 6}]},
            [{"type": "embedding_bag", "words": 1000, "units": 2}, "linear"],
        ),
    ],
)
def test_a_script_beside_weights_needs_no_training_part(data, layers, tmp_path):
    trained = open_session(plan(document(layers, data)))
    tensors, _ = trained.state()
    body = save(tensors)
    told = json.dumps(weights.prepared(body, trained.plan.resolved))
    file = weights.selected(body, weights.PREFIX, {"transforms": told})
    (tmp_path / "weights.safetensors").write_bytes(file)
    script = load_script(pytorch(trained.plan), tmp_path)
    (x, _), steps = script.raw()["test"], script.preparation()
    prepared = script.through(steps, x).to(trained.parts["test"].inputs)
    torch.testing.assert_close(prepared, trained.parts["test"].inputs)
