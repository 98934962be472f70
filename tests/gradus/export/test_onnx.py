"""What an ONNX file says of itself, and what is refused; what it computes is shown with the engine."""

import json
from importlib.metadata import version

import onnx as onnx_library
import pytest

from gradus.export.onnx import protobuf, tensors
from gradus.export.onnx.layers import WRITE
from gradus.export.onnx.model import onnx
from gradus.export.onnx.tensors import Tensor, floats, integers
from gradus.layers import LAYERS, MADE
from gradus.plan import plan
from gradus.problems import SpecError

DIGITS = {
    "spec": "nn/1",
    "data": {"name": "digits", "transforms": [{"type": "resize", "size": [10, 10]}]},
    "network": {
        "layers": [
            {"type": "conv2d", "name": "eye", "filters": 2},
            "flatten",
            {"type": "linear", "name": "head"},
        ]
    },
}


def zeros(planned):
    """Weights of a plan, all of them 0."""
    return {
        f"{layer.name}.{each.name}": floats([0.0] * size_of(each.shape), each.shape)
        for layer in planned.layers
        for each in layer.parameters
    }


def size_of(shape):
    count = 1
    for size in shape:
        count *= size
    return count


def loaded(written, **more):
    planned = plan(written)
    return onnx_library.load_from_string(onnx(planned, zeros(planned), **more))


def sizes(value):
    return [each.dim_param or each.dim_value for each in value.type.tensor_type.shape.dim]


def refusals(written, weights=None, **more):
    with pytest.raises(SpecError) as refused:
        onnx(plan(written), weights or {}, **more)
    return [(each.code, each.path, each.message, each.hint) for each in refused.value.problems]


def test_a_file_names_everything_as_the_document_does():
    model = loaded(DIGITS)
    graph = model.graph
    assert [(each.name, sizes(each)) for each in graph.input] == [("input", ["batch", 1, 10, 10])]
    assert [(each.name, sizes(each)) for each in graph.output] == [("head", ["batch", 10])]
    assert {"eye.weight", "eye.bias", "head.weight"} <= {each.name for each in graph.initializer}
    values = [name for node in graph.node for name in node.output]
    assert [name for name in values if ":" not in name] == ["eye", "flatten_1", "head"]


def test_a_file_says_where_it_comes_from_and_what_its_input_goes_through():
    model = loaded(DIGITS, metadata={"run": "run_1", "step": "40"})
    said = {each.key: each.value for each in model.metadata_props}
    assert (model.producer_name, model.producer_version) == ("gradus", version("gradus"))
    assert said["spec_hash"] == plan(DIGITS).hash
    assert said["gradus"] == version("gradus")
    assert json.loads(said["classes"]) == [str(digit) for digit in range(10)]
    assert [each["type"] for each in json.loads(said["transforms"])] == ["resize"]
    assert (said["run"], said["step"], said["network"]) == ("run_1", "40", "network")


def test_a_length_that_is_open_stays_open():
    words = {"shape": ["*", 3], "dtype": "float32"}
    model = loaded({"spec": "nn/1", "network": {"input": words, "layers": ["relu"]}})
    assert sizes(model.graph.input[0]) == ["batch", "input_1", 3]


def test_a_layer_that_does_nothing_still_gives_its_name():
    model = loaded({"spec": "nn/1", "network": {"input": [3], "layers": ["dropout"]}})
    assert [node.op_type for node in model.graph.node] == ["Identity"]
    assert model.graph.output[0].name == "dropout_1"


def test_what_no_file_holds_is_refused_with_a_remedy():
    function = {"spec": "nn/1", "function": {"expression": "2*x^2", "start": [1]}}
    ((code, path, message, hint),) = refusals(function)
    assert (code, path) == ("export.onnx.function", "/function")
    assert message
    assert hint
    ensemble = {**DIGITS, "train": {"ensemble": {"members": 3}}}
    assert refusals(ensemble)[0][:2] == ("export.onnx.ensemble", "/train/ensemble")
    ((code, _, message, _),) = refusals(DIGITS, network="g")
    assert code == "export.onnx.network"
    assert "network" in message


def test_every_layer_of_the_language_has_a_writer():
    """A layer without one is refused by name: then it is to be listed here, with the reason."""
    assert (LAYERS | MADE).keys() - WRITE.keys() == set()


def test_a_field_that_nobody_writes_is_not_left_out_in_silence(monkeypatch):
    monkeypatch.setitem(WRITE, "leaky_relu", lambda graph, layer, x: graph.op("Relu", x))
    layers = [{"type": "leaky_relu", "name": "bent", "negative_slope": 0.3}]
    ((code, path, message, _),) = refusals(
        {"spec": "nn/1", "network": {"input": [3], "layers": layers}}
    )
    assert (code, path) == ("export.onnx.field", "/network/layers/0")
    assert "negative_slope" in message


def test_weights_of_another_network_are_no_file():
    with pytest.raises(KeyError, match=r"eye\.weight"):
        onnx(plan(DIGITS), {})


def test_numbers_are_written_as_protocol_buffers_have_them():
    assert protobuf.varint(-1) == b"\xff" * 9 + b"\x01"
    assert b"".join(protobuf.integer(1, 150)).hex() == "089601"
    assert b"".join(protobuf.nested(3, protobuf.integer(1, 150))).hex() == "1a03089601"
    assert integers([1, -1]).body.hex() == "01" + "00" * 7 + "ff" * 8


@pytest.mark.parametrize("body", [b"", b"12345678", b"\x02\0\0\0\0\0\0\0[]", b"\x09" + b"\0" * 20])
def test_what_is_no_safetensors_file_is_refused(body):
    with pytest.raises(ValueError, match=r"."):
        tensors.read(body)


def test_single_precision_keeps_whole_numbers():
    whole = integers([3])
    assert tensors.single(whole) is whole
    assert tensors.single(Tensor(tensors.DOUBLE, (1,), tensors.doubles([0.5]).body)) == floats(
        [0.5]
    )
