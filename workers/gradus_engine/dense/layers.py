"""Forward and backward pass of each kind of layer over rows of numbers.

A row of the table `layers` (see `codes`) says where a layer reads and writes; `buffer` and `deltas`
hold the rows of all units of a network one after another, each `stride` long: as many numbers as
there are samples, rounded up to whole lanes. What lies beside the samples means nothing and reaches
no sum over them. `draws` are this step's random numbers.
"""

import numpy as np

from gradus_engine.dense.arrays import Indices, Number, Rows, Vector
from gradus_engine.dense.codes import (
    ACTIVATION,
    BIAS,
    DRAWS,
    FUNCTION,
    GIVES,
    INPUTS,
    KIND,
    LINEAR,
    MAXOUT,
    NONE,
    PRELU,
    READS,
    SCALE,
    SHIFT,
    SLOPES,
    SUMS,
    UNITS,
    WEIGHT,
    WIDTH,
)
from gradus_engine.dense.compiled import compiled, written_out
from gradus_engine.dense.functions import ONE, ZERO, apply, pull_back
from gradus_engine.dense.lanes import load_first, padded, total
from gradus_engine.dense.products import product, turn


@compiled
def gather(inputs: Rows, chosen: Indices, batch: Vector, buffer: Vector) -> None:
    """The chosen samples one after another in `batch`, and as rows of the first units in `buffer`."""
    units = inputs.shape[1]
    width = padded(units)
    for n in range(chosen.shape[0]):
        row = chosen[n]
        for unit in range(units):
            batch[n * width + unit] = inputs[row, unit]
    turn(batch, 0, width, buffer, chosen.shape[0], units)


@compiled
def forward(
    layers: Indices,
    numbers: Vector,
    values: Vector,
    buffer: Vector,
    draws: Rows,
    stride: int,
    samples: int,
) -> None:
    """Every layer in turn."""
    for at in range(layers.shape[0]):
        layer = layers[at]
        x = part(buffer, layer[READS], layer[INPUTS], stride)
        z = part(buffer, layer[SUMS], layer[UNITS], stride)
        y = part(buffer, layer[GIVES], layer[UNITS], stride)
        if layer[KIND] == LINEAR:
            _sum(values, layer, buffer, stride)
            apply(layer[FUNCTION], numbers[at], z, y, layer[UNITS], samples)
        elif layer[KIND] == ACTIVATION:
            apply(layer[FUNCTION], numbers[at], x, y, layer[UNITS], samples)
        else:
            rows = x.reshape(layer[INPUTS], stride)
            given = y.reshape(layer[UNITS], stride)
            if layer[KIND] == PRELU:
                _bend(values, layer, rows, given, samples)
            elif layer[KIND] == MAXOUT:
                _choose(rows, given, samples)
            else:
                drawn = draws[layer[DRAWS] : layer[DRAWS] + layer[UNITS]]
                _draw(layer[KIND], rows, drawn, given, samples)


@compiled
def backward(
    layers: Indices,
    numbers: Vector,
    values: Vector,
    gradients: Vector,
    buffer: Vector,
    deltas: Vector,
    batch: Vector,
    turned: Vector,
    draws: Rows,
    stride: int,
    samples: int,
) -> None:
    """Every layer in turn from the last, whose outputs' gradients are in `deltas` already.

    `batch` are the samples one after another, `turned` room for what a layer reads in this form.
    """
    for at in range(layers.shape[0] - 1, -1, -1):
        layer = layers[at]
        x = part(buffer, layer[READS], layer[INPUTS], stride)
        z = part(buffer, layer[SUMS], layer[UNITS], stride)
        y = part(buffer, layer[GIVES], layer[UNITS], stride)
        d = part(deltas, layer[GIVES], layer[UNITS], stride)
        dx = part(deltas, layer[READS], layer[INPUTS], stride)
        if layer[KIND] == LINEAR:
            pull_back(layer[FUNCTION], numbers[at], z, y, d, layer[UNITS], samples)
            read = batch
            if layer[READS] > 0:
                turn(buffer, layer[READS] * stride, stride, turned, layer[INPUTS], samples)
                read = turned
            _gather_products(gradients, layer, deltas, read, stride, samples)
            if at > 0:
                sum_back(values, layer, deltas, stride)
        elif layer[KIND] == ACTIVATION:
            pull_back(layer[FUNCTION], numbers[at], x, y, d, layer[UNITS], samples)
            for n in range(d.shape[0]):
                dx[n] = d[n]
        else:
            rows, given = x.reshape(layer[INPUTS], stride), y.reshape(layer[UNITS], stride)
            pull, pulled = d.reshape(layer[UNITS], stride), dx.reshape(layer[INPUTS], stride)
            if layer[KIND] == PRELU:
                _bend_back(values, gradients, layer, rows, pull, pulled, samples)
            elif layer[KIND] == MAXOUT:
                _choose_back(rows, given, pull, pulled, samples)
            else:
                drawn = draws[layer[DRAWS] : layer[DRAWS] + layer[UNITS]]
                _draw_back(layer[KIND], rows, drawn, pull, pulled, samples)


@written_out
def part(rows: Vector, first: int, units: int, stride: int) -> Vector:
    """`units` rows from row `first` on, one after another."""
    return rows[first * stride : (first + units) * stride]


@compiled
def _sum(values: Vector, layer: Indices, buffer: Vector, stride: int) -> None:
    """z = W x + b."""
    inputs, units = layer[INPUTS], layer[UNITS]
    weight, x, z = layer[WEIGHT], layer[READS] * stride, layer[SUMS] * stride
    product(
        values, weight, inputs, 1, buffer, x, stride, buffer, z, stride,
        units, inputs, stride, layer[BIAS],
    )  # fmt: skip


@compiled
def sum_back(values: Vector, layer: Indices, deltas: Vector, stride: int) -> None:
    """dx = Wᵀ d."""
    inputs, units = layer[INPUTS], layer[UNITS]
    weight, d, dx = layer[WEIGHT], layer[GIVES] * stride, layer[READS] * stride
    product(
        values, weight, 1, inputs, deltas, d, stride, deltas, dx, stride,
        inputs, units, stride, NONE,
    )  # fmt: skip


@compiled
def _gather_products(
    gradients: Vector, layer: Indices, deltas: Vector, x: Vector, stride: int, samples: int
) -> None:
    """dW = d xᵀ and db = Σ d, for x [samples, inputs rounded up]."""
    inputs, units, weight = layer[INPUTS], layer[UNITS], layer[WEIGHT]
    d = layer[GIVES] * stride
    product(
        deltas, d, stride, 1, x, 0, padded(inputs), gradients, weight, inputs,
        units, samples, inputs, NONE,
    )  # fmt: skip
    if layer[BIAS] != NONE:
        for unit in range(units):
            gradients[layer[BIAS] + unit] = _total(deltas, d + unit * stride, samples)


@compiled
def _total(rows: Vector, at: int, count: int) -> Number:
    sums = ZERO
    for first in range(0, count, WIDTH):
        sums += total(load_first(rows, at + first, count - first))
    return sums


@compiled
def _bend(values: Vector, layer: Indices, x: Rows, y: Rows, samples: int) -> None:
    """Prelu: WEIGHT is where the slopes begin, BIAS how far it is from one unit's to the next's."""
    for unit in range(layer[UNITS]):
        slope = values[layer[WEIGHT] + unit * layer[BIAS]]
        for n in range(samples):
            y[unit, n] = x[unit, n] if x[unit, n] > ZERO else slope * x[unit, n]


@compiled
def _bend_back(
    values: Vector, gradients: Vector, layer: Indices, x: Rows, d: Rows, dx: Rows, samples: int
) -> None:
    for at in range(layer[WEIGHT], layer[WEIGHT] + (layer[UNITS] - 1) * layer[BIAS] + 1):
        gradients[at] = ZERO
    for unit in range(layer[UNITS]):
        at = layer[WEIGHT] + unit * layer[BIAS]
        slope, total = values[at], ZERO
        for n in range(samples):
            if x[unit, n] > ZERO:
                dx[unit, n] = d[unit, n]
            else:
                dx[unit, n] = slope * d[unit, n]
                total += x[unit, n] * d[unit, n]
        gradients[at] += total


@compiled
def _choose(x: Rows, y: Rows, samples: int) -> None:
    """Maxout: the largest of neighbouring rows."""
    pieces = x.shape[0] // y.shape[0]
    for unit in range(y.shape[0]):
        for n in range(samples):
            largest = x[unit * pieces, n]
            for piece in range(1, pieces):
                largest = max(largest, x[unit * pieces + piece, n])
            y[unit, n] = largest


@compiled
def _choose_back(x: Rows, y: Rows, d: Rows, dx: Rows, samples: int) -> None:
    """The gradient goes to the largest, in equal shares where several are."""
    pieces = x.shape[0] // y.shape[0]
    for unit in range(y.shape[0]):
        for n in range(samples):
            count = ZERO
            for piece in range(pieces):
                count += np.float32(x[unit * pieces + piece, n] == y[unit, n])
            for piece in range(pieces):
                at = unit * pieces + piece
                dx[at, n] = d[unit, n] / count if x[at, n] == y[unit, n] else ZERO


@compiled
def _draw(kind: int, x: Rows, drawn: Rows, y: Rows, samples: int) -> None:
    """Dropout (SCALE), gaussian noise (SHIFT) and rrelu (SLOPES) by numbers drawn outside."""
    for unit in range(x.shape[0]):
        for n in range(samples):
            if kind == SCALE:
                y[unit, n] = x[unit, n] * drawn[unit, n]
            elif kind == SHIFT:
                y[unit, n] = x[unit, n] + drawn[unit, n]
            else:
                slope = ONE if x[unit, n] > ZERO else drawn[unit, n]
                y[unit, n] = slope * x[unit, n]


@compiled
def _draw_back(kind: int, x: Rows, drawn: Rows, d: Rows, dx: Rows, samples: int) -> None:
    for unit in range(x.shape[0]):
        for n in range(samples):
            if kind == SHIFT or (kind == SLOPES and x[unit, n] > ZERO):
                dx[unit, n] = d[unit, n]
            else:
                dx[unit, n] = d[unit, n] * drawn[unit, n]
