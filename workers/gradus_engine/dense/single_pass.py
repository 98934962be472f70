"""One batch through one network and back, for steps that are put together outside.

Importing this loads the compiled code, or makes it. N samples; a pass keeps its rows in `buffer` and
`deltas` until it is pulled back.
"""

import numpy as np

from gradus_engine.dense.arrays import Indices, Number, Rows, Vector
from gradus_engine.dense.codes import GIVES, INPUTS, KIND, LINEAR, READS, UNITS
from gradus_engine.dense.compiled import kept
from gradus_engine.dense.functions import ZERO
from gradus_engine.dense.lanes import padded
from gradus_engine.dense.layers import backward, forward, gather, part, sum_back
from gradus_engine.dense.losses import loss_and_gradient


@kept(
    "void(float32[:,::1], int64[::1], int64[:,::1], float32[::1], float32[::1], float32[::1],"
    " float32[::1], float32[:,::1])"
)
def send(
    inputs: Rows,
    rows: Indices,
    layers: Indices,
    numbers: Vector,
    values: Vector,
    buffer: Vector,
    batch: Vector,
    outputs: Rows,
) -> None:
    """Outputs [N, units] for inputs [N, inputs]; `rows` are their numbers in order."""
    samples = rows.shape[0]
    stride = padded(samples)
    gather(inputs, rows, batch, buffer)
    forward(layers, numbers, values, buffer, buffer.reshape(1, -1), stride, samples)
    last = layers[layers.shape[0] - 1]
    for unit in range(last[UNITS]):
        for n in range(samples):
            outputs[n, unit] = buffer[(last[GIVES] + unit) * stride + n]


@kept(
    "float32(int64, float32, float32, int64[:,::1], float32[::1], float32[::1], float32[:,::1],"
    " int64[::1], int64[::1])"
)
def judge(
    code: int,
    number: Number,
    weight: Number,
    layers: Indices,
    buffer: Vector,
    deltas: Vector,
    values: Rows,
    classes: Indices,
    rows: Indices,
) -> Number:
    """The loss of what was sent through, times its weight; its gradient is left in `deltas`."""
    last, samples = layers[layers.shape[0] - 1], rows.shape[0]
    stride = padded(samples)
    z = part(buffer, last[GIVES], last[UNITS], stride).reshape(last[UNITS], stride)
    d = part(deltas, last[GIVES], last[UNITS], stride).reshape(last[UNITS], stride)
    return np.float32(loss_and_gradient(code, number, weight, z, d, values, classes, rows, samples))


@kept(
    "void(int64[:,::1], float32[::1], float32[::1], float32[::1], float32[::1], float32[::1],"
    " float32[::1], float32[::1], float32[:,::1], boolean, float32[:,::1], int64)"
)
def pull(
    layers: Indices,
    numbers: Vector,
    values: Vector,
    gradients: Vector,
    buffer: Vector,
    deltas: Vector,
    batch: Vector,
    turned: Vector,
    above: Rows,
    judged: bool,
    below: Rows,
    samples: int,
) -> None:
    """The gradients of the parameters, and in `below` [N, inputs], where there is room, of the inputs.

    At the outputs it is what was `judged` and what stands in `above` [N, units], if anything.
    """
    stride = padded(samples)
    last, first = layers[layers.shape[0] - 1], layers[0]
    for unit in range(last[UNITS]):
        row = (last[GIVES] + unit) * stride
        for n in range(samples):
            pulled = deltas[row + n] if judged else ZERO
            deltas[row + n] = pulled + above[n, unit] if above.shape[0] > 0 else pulled
    backward(
        layers,
        numbers,
        values,
        gradients,
        buffer,
        deltas,
        batch,
        turned,
        buffer.reshape(1, -1),
        stride,
        samples,
    )
    if below.shape[0] > 0:
        if first[KIND] == LINEAR:
            sum_back(values, first, deltas, stride)
        for unit in range(first[INPUTS]):
            for n in range(samples):
                below[n, unit] = deltas[(first[READS] + unit) * stride + n]
