"""Scripts of networks that start from kept weights, which lie beside them."""

import hashlib

import pytest
import torch
from safetensors.torch import save

from gradus.export.pytorch import pytorch
from gradus.plan import plan
from gradus.problems import SpecError
from gradus.weights import Kept, Tensor
from gradus_engine.opening import open_session
from tests.gradus.alternations import gan
from tests.gradus_engine.documents import document
from tests.gradus_engine.script import answers, load, said, samples

OLD = document([{"type": "linear", "units": 6, "name": "body"}, "batch_norm", "linear"])
SOURCE = {"weights": "c" * 64}  # whoever has the weights says which file is meant


def trained():
    session = open_session(plan(OLD), threads=1)
    for _ in range(20):
        session.advance()
    return {name: each.clone() for name, each in session.network.layers.own_state().items()}


def begun(written, tensors):
    """The plan, the service's session at its start, and the bytes of the file that it begins with."""
    file = save(tensors)
    artifact = hashlib.sha256(file).hexdigest()
    shapes = {name: Tensor("F32", tuple(each.shape)) for name, each in tensors.items()}
    planned = plan(written, weights=lambda source: Kept(artifact, shapes))
    return planned, open_session(planned, threads=1, weights={artifact: tensors}), file


def layer(**own):
    return {"type": "linear", "units": 6, "activation": "tanh", **own}


@pytest.mark.proves("E3.earlier")
@pytest.mark.parametrize(
    "written",
    [
        document([layer(init={"from": {**SOURCE, "layer": "body"}}), "batch_norm", "linear"]),
        document([layer(init={"from": {**SOURCE, "layer": "body"}}), layer(), "linear"], precision="float64"),
        {**OLD, "network": {**OLD["network"], "init": {"from": SOURCE}}},
    ],
    ids=["a layer", "doubles", "a network"],
)  # fmt: skip
def test_a_script_starts_from_kept_weights_as_the_service_does(written, tmp_path):
    planned, session, file = begun(written, trained())
    script = load(pytorch(planned), tmp_path)
    (artifact,) = [each.artifact for each in planned.weights]
    with pytest.raises(SystemExit, match=artifact):
        script.network()
    (tmp_path / f"{artifact}.safetensors").write_bytes(file + b" ")
    with pytest.raises(SystemExit, match="other weights"):
        script.network()
    (tmp_path / f"{artifact}.safetensors").write_bytes(file)
    inputs = samples(planned)
    if planned.train.precision == "float64":
        inputs = [each.double() for each in inputs]
    assert torch.equal(said(script.network(), inputs), answers(session.network, inputs))


def test_networks_of_an_alternation_start_from_kept_weights(tmp_path):
    written = gan()
    old = open_session(plan(written), threads=1)
    old.advance(4)
    state = old.network.layers.own_state()
    kept = {name: each.clone() for name, each in state.items() if name.startswith("g/")}
    written["networks"]["g"]["init"] = {"from": SOURCE}
    planned, session, file = begun(written, kept)
    (artifact,) = [each.artifact for each in planned.weights]
    (tmp_path / f"{artifact}.safetensors").write_bytes(file)
    model = load(pytorch(planned), tmp_path).network()
    point = torch.rand(3, 2)
    assert torch.equal(said(model.g, [point]), answers(session.network.each["g"], [point]))


def test_weights_that_nobody_has_looked_for_are_refused_by_name():
    written = {**OLD, "network": {**OLD["network"], "init": {"from": SOURCE}}}
    with pytest.raises(SpecError, match="weights"):
        pytorch(plan(written))
