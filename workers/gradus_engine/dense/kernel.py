"""Many training steps in one call. Importing this loads the compiled code, or makes it."""

import math

import numpy as np

from gradus_engine.dense.arrays import Indices, Number, Rows, Vector
from gradus_engine.dense.codes import (
    CLIP_NORM,
    CLIP_VALUE,
    GIVES,
    L1,
    L2,
    LOSS,
    LOSS_WEIGHT,
    NUMBER,
    UNITS,
    WEIGHTS,
)
from gradus_engine.dense.compiled import compiled, kept
from gradus_engine.dense.functions import HALF, ONE, ZERO
from gradus_engine.dense.lanes import padded
from gradus_engine.dense.layers import backward, forward, gather, part
from gradus_engine.dense.losses import loss_and_gradient, right_answers
from gradus_engine.dense.updates import update


@compiled
def _clip(terms: Vector, gradients: Vector) -> None:
    if terms[CLIP_VALUE] > 0:
        bound = np.float32(terms[CLIP_VALUE])
        for at in range(gradients.shape[0]):
            # NaN is neither above nor below, and stays.
            if gradients[at] > bound:
                gradients[at] = bound
            elif gradients[at] < -bound:
                gradients[at] = -bound
    if terms[CLIP_NORM] > 0:
        square = ZERO
        for at in range(gradients.shape[0]):
            square += gradients[at] * gradients[at]
        norm = math.sqrt(square)
        if not norm <= np.float32(terms[CLIP_NORM]):
            share = np.float32(terms[CLIP_NORM]) / norm
            for at in range(gradients.shape[0]):
                gradients[at] *= share


@compiled
def _penalize(terms: Vector, values: Vector, gradients: Vector) -> Number:
    l1, l2, total = np.float32(terms[L1]), np.float32(terms[L2]), ZERO
    if l1 == ZERO and l2 == ZERO:
        return total
    for at in range(int(terms[WEIGHTS])):
        value = values[at]
        sign = ONE if value > ZERO else -ONE if value < ZERO else ZERO
        gradients[at] += l1 * sign + l2 * value
        total += l1 * abs(value) + HALF * l2 * value * value
    return total


_SIGNATURE = (
    "void(float32[:,::1], float32[:,::1], int64[::1], int64[::1], int64[::1], int64[::1],"  # data
    " int64[:,::1], float32[::1], float64[::1],"  # the network and its loss
    " int64, float64[::1], float64[::1], int64, float32[::1],"  # the optimizer
    " float32[::1], float32[::1], float32[::1], float32[::1], float32[::1],"  # vectors
    " float32[:,:,::1], float32[:,::1],"  # random numbers
    " float32[::1], float32[::1], float32[::1], float32[::1],"  # buffers
    " float32[::1], float32[::1], float32[::1])"  # what comes out
)


@kept(_SIGNATURE)
def train_steps(
    inputs: Rows,
    values_of_targets: Rows,
    classes: Indices,
    labels: Indices,
    rows: Indices,
    ends: Indices,
    layers: Indices,
    numbers: Vector,
    terms: Vector,
    rule: int,
    settings: Vector,
    rates: Vector,
    count: int,
    decays: Vector,
    values: Vector,
    gradients: Vector,
    first: Vector,
    second: Vector,
    third: Vector,
    draws: Rows,
    noise: Rows,
    buffer: Vector,
    deltas: Vector,
    batch: Vector,
    turned: Vector,
    losses: Vector,
    penalties: Vector,
    accuracies: Vector,
) -> None:
    """As many steps as `ends` has: step s takes the samples rows[ends[s − 1] : ends[s]].

    Writes parameters, gradients and the optimizer's vectors in place, and for each step its loss,
    penalty and accuracy (where there are `labels`). `count` is the number of updates before.
    """
    last = layers[layers.shape[0] - 1]
    begin, nothing = 0, buffer.reshape(1, -1)
    for step in range(ends.shape[0]):
        chosen = rows[begin : ends[step]]
        samples, begin = chosen.shape[0], ends[step]
        stride = padded(samples)
        gather(inputs, chosen, batch, buffer)
        drawn = draws[step] if draws.shape[0] > 0 else nothing
        forward(layers, numbers, values, buffer, drawn, stride, samples)
        z = part(buffer, last[GIVES], last[UNITS], stride).reshape(last[UNITS], stride)
        d = part(deltas, last[GIVES], last[UNITS], stride).reshape(last[UNITS], stride)
        losses[step] = loss_and_gradient(
            int(terms[LOSS]),
            np.float32(terms[NUMBER]),
            np.float32(terms[LOSS_WEIGHT]),
            z,
            d,
            values_of_targets,
            classes,
            chosen,
            samples,
        )
        if labels.shape[0] > 0:
            accuracies[step] = right_answers(z, labels, chosen, samples)
        backward(
            layers,
            numbers,
            values,
            gradients,
            buffer,
            deltas,
            batch,
            turned,
            drawn,
            stride,
            samples,
        )
        _clip(terms, gradients)
        if noise.shape[0] > 0:
            for at in range(gradients.shape[0]):
                gradients[at] += noise[step, at]
        penalties[step] = _penalize(terms, values, gradients)
        update(
            rule,
            settings,
            decays,
            values,
            gradients,
            first,
            second,
            third,
            rates[step],
            count + step + 1,
        )


_MEASURE = (
    "void(float32[:,::1], float32[:,::1], int64[::1], int64[::1], int64[::1],"  # data
    " int64[:,::1], float32[::1], float64[::1], float32[::1],"  # the network, its loss and values
    " float32[:,::1],"  # what layers that draw give to all samples
    " float32[::1], float32[::1], float32[::1], float32[:,::1], float64[::1])"  # buffers, results
)


@kept(_MEASURE)
def measure(
    inputs: Rows,
    values_of_targets: Rows,
    classes: Indices,
    labels: Indices,
    rows: Indices,
    layers: Indices,
    numbers: Vector,
    terms: Vector,
    values: Vector,
    draws: Rows,
    buffer: Vector,
    deltas: Vector,
    batch: Vector,
    outputs: Rows,
    means: Vector,
) -> None:
    """The mean loss of all samples and the share of right answers, where there are `labels`: `means`.

    Outputs are written [N, units] where there is room for them. `rows` are the samples in order, so
    many of them at a time as `draws` has columns.
    """
    last = layers[layers.shape[0] - 1]
    loss, right, chunk = 0.0, 0.0, draws.shape[1]
    for begin in range(0, inputs.shape[0], chunk):
        chosen = rows[begin : min(begin + chunk, inputs.shape[0])]
        samples = chosen.shape[0]
        stride = padded(samples)
        gather(inputs, chosen, batch, buffer)
        forward(layers, numbers, values, buffer, draws, stride, samples)
        z = part(buffer, last[GIVES], last[UNITS], stride).reshape(last[UNITS], stride)
        d = part(deltas, 0, last[UNITS], stride).reshape(last[UNITS], stride)
        loss += samples * loss_and_gradient(
            int(terms[LOSS]),
            np.float32(terms[NUMBER]),
            np.float32(terms[LOSS_WEIGHT]),
            z,
            d,
            values_of_targets,
            classes,
            chosen,
            samples,
        )
        if labels.shape[0] > 0:
            right += samples * right_answers(z, labels, chosen, samples)
        if outputs.shape[0] > 0:
            for n in range(samples):
                for unit in range(last[UNITS]):
                    outputs[begin + n, unit] = z[unit, n]
    means[0] = loss / inputs.shape[0]
    means[1] = right / inputs.shape[0]
