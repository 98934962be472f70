"""An exported network in onnxruntime beside the same network in the engine."""

import numpy as np
import onnxruntime
import torch
from safetensors.torch import save

from gradus.export.onnx.model import onnx
from gradus.export.onnx.tensors import read
from gradus.planned import ANY
from gradus_engine.build import build, build_networks

LENGTH = 6  # of what may have any length
LARGEST = 1e-4  # difference, as a share of the largest number


def weights(network):
    """A safetensors file, as a run leaves it."""
    tensors = network.layers.own_state()
    return save({name: tensor.contiguous() for name, tensor in tensors.items()})


def exported(planned, module, **more):
    return onnx(planned, read(weights(module)), **more)


def built(planned):
    """The network in prediction, with running statistics that are not those of a beginning."""
    network = build_networks(planned) if planned.several else build(planned, seed=7)
    generator = torch.Generator().manual_seed(7)
    for name, buffer in network.named_buffers():
        if name.endswith("running_mean"):
            buffer.normal_(0, 0.1, generator=generator)
        if name.endswith("running_var"):
            buffer.uniform_(0.8, 1.2, generator=generator)
    return network.eval()


def samples(network, count, length=LENGTH):
    """A batch for each input; masks and neighbourhoods are numbers from 0 to 1."""
    generator = torch.Generator().manual_seed(count)
    found = {}
    words = min([5, *(each.fields["words"] for each in network.layers if "words" in each.fields)])
    for name, shape in network.inputs.items():
        sizes = [count, *(size if size != ANY else length for size in shape)]
        whole = network.dtypes.get(name) == "int64"
        found[name] = (
            torch.randint(0, words, sizes, generator=generator)
            if whole
            else torch.rand(sizes, generator=generator)
        )
    return found


def session(body, *, optimized=True):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    if not optimized:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(body, options, providers=["CPUExecutionProvider"])


def answers(running, inputs):
    (found,) = running.run(None, {name: value.numpy() for name, value in inputs.items()})
    return found


def expected(network, inputs):
    with torch.no_grad():
        return network(dict(inputs)).numpy()


def assert_equal(found, wanted):
    assert found.shape == wanted.shape
    assert np.isfinite(wanted).all()
    assert np.abs(found - wanted).max() <= LARGEST * max(1e-3, np.abs(wanted).max())
