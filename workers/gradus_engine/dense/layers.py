"""Forward and backward pass of each kind of layer over rows of numbers.

A row of the table `layers` (see `codes`) says where a layer reads and writes; `buffer` and `deltas`
hold all rows of a network, [units of all layers, samples]. `draws` are this step's random numbers.
"""

import numpy as np

from gradus_engine.dense.arrays import Indices, Rows, Vector
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
)
from gradus_engine.dense.compiled import compiled
from gradus_engine.dense.functions import ONE, ZERO, apply, pull_back


@compiled
def forward(
    layers: Indices, numbers: Vector, values: Vector, buffer: Rows, draws: Rows, samples: int
) -> None:
    """Every layer in turn."""
    for at in range(layers.shape[0]):
        layer = layers[at]
        x = buffer[layer[READS] : layer[READS] + layer[INPUTS]]
        z = buffer[layer[SUMS] : layer[SUMS] + layer[UNITS]]
        y = buffer[layer[GIVES] : layer[GIVES] + layer[UNITS]]
        if layer[KIND] == LINEAR:
            _sum(values, layer, x, z, samples)
            apply(layer[FUNCTION], numbers[at], z, y, samples)
        elif layer[KIND] == ACTIVATION:
            apply(layer[FUNCTION], numbers[at], x, y, samples)
        elif layer[KIND] == PRELU:
            _bend(values, layer, x, y, samples)
        elif layer[KIND] == MAXOUT:
            _choose(x, y, samples)
        else:
            _draw(layer[KIND], x, draws[layer[DRAWS] : layer[DRAWS] + layer[UNITS]], y, samples)


@compiled
def backward(
    layers: Indices,
    numbers: Vector,
    values: Vector,
    gradients: Vector,
    buffer: Rows,
    deltas: Rows,
    draws: Rows,
    samples: int,
) -> None:
    """Every layer in turn from the last, whose outputs' gradients are in `deltas` already."""
    for at in range(layers.shape[0] - 1, -1, -1):
        layer = layers[at]
        x = buffer[layer[READS] : layer[READS] + layer[INPUTS]]
        z = buffer[layer[SUMS] : layer[SUMS] + layer[UNITS]]
        y = buffer[layer[GIVES] : layer[GIVES] + layer[UNITS]]
        d = deltas[layer[GIVES] : layer[GIVES] + layer[UNITS]]
        dx = deltas[layer[READS] : layer[READS] + layer[INPUTS]]
        if layer[KIND] == LINEAR:
            pull_back(layer[FUNCTION], numbers[at], z, y, d, samples)
            _sum_back(values, gradients, layer, x, d, dx, at > 0, samples)
        elif layer[KIND] == ACTIVATION:
            pull_back(layer[FUNCTION], numbers[at], x, y, d, samples)
            dx[:, :samples] = d[:, :samples]
        elif layer[KIND] == PRELU:
            _bend_back(values, gradients, layer, x, d, dx, samples)
        elif layer[KIND] == MAXOUT:
            _choose_back(x, y, d, dx, samples)
        else:
            drawn = draws[layer[DRAWS] : layer[DRAWS] + layer[UNITS]]
            _draw_back(layer[KIND], x, drawn, d, dx, samples)


@compiled
def _sum(values: Vector, layer: Indices, x: Rows, z: Rows, samples: int) -> None:
    """z = W x + b. Four inputs at a time, so that a sum is fetched and put back a quarter as often."""
    inputs, fours = layer[INPUTS], layer[INPUTS] // 4 * 4
    for unit in range(layer[UNITS]):
        row = z[unit]
        start = values[layer[BIAS] + unit] if layer[BIAS] != NONE else ZERO
        for n in range(samples):
            row[n] = start
        weights = values[layer[WEIGHT] + unit * inputs : layer[WEIGHT] + (unit + 1) * inputs]
        for i in range(0, fours, 4):
            w0, w1, w2, w3 = weights[i], weights[i + 1], weights[i + 2], weights[i + 3]
            x0, x1, x2, x3 = x[i], x[i + 1], x[i + 2], x[i + 3]
            for n in range(samples):
                row[n] += w0 * x0[n] + w1 * x1[n] + w2 * x2[n] + w3 * x3[n]
        for i in range(fours, inputs):
            w0, x0 = weights[i], x[i]
            for n in range(samples):
                row[n] += w0 * x0[n]


@compiled
def _sum_back(
    values: Vector,
    gradients: Vector,
    layer: Indices,
    x: Rows,
    d: Rows,
    dx: Rows,
    onwards: bool,
    samples: int,
) -> None:
    inputs = layer[INPUTS]
    if onwards:
        dx[:, :samples] = ZERO
    for unit in range(layer[UNITS]):
        delta = d[unit]
        if layer[BIAS] != NONE:
            total = ZERO
            for n in range(samples):
                total += delta[n]
            gradients[layer[BIAS] + unit] = total
        first = layer[WEIGHT] + unit * inputs
        for i in range(inputs):
            row, total = x[i], ZERO
            for n in range(samples):
                total += delta[n] * row[n]
            gradients[first + i] = total
        if onwards:
            _spread(values[first : first + inputs], delta, dx, samples)


@compiled
def _spread(weights: Vector, delta: Rows, dx: Rows, samples: int) -> None:
    for i in range(weights.shape[0]):
        weight, row = weights[i], dx[i]
        for n in range(samples):
            row[n] += weight * delta[n]


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
    gradients[layer[WEIGHT] : layer[WEIGHT] + (layer[UNITS] - 1) * layer[BIAS] + 1] = ZERO
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
