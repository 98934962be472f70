"""Update rules over the vector of parameters, as `gradus_engine.optimizers` states them.

`first`, `second` and `third` are the optimizer's vectors in the order of `codes.VECTORS`; `numbers` its
fields in the order of `codes.OPTIMIZERS`. `count` is the number of this update, from 1.
"""

import math
from typing import Any

import numpy as np

from gradus_engine.dense.arrays import Number, Vector
from gradus_engine.dense.codes import ADADELTA, ADAGRAD, ADAM, SGD
from gradus_engine.dense.compiled import compiled
from gradus_engine.dense.functions import ONE, ZERO


@compiled
def update(
    code: int,
    numbers: Any,
    decays: Vector,
    values: Vector,
    gradients: Vector,
    first: Vector,
    second: Vector,
    third: Vector,
    rate: float,
    count: int,
) -> None:
    """Shrink the values by their `decays`, then move them against their gradients."""
    for at in range(decays.shape[0]):
        values[at] *= ONE - np.float32(rate) * decays[at]
    if code == ADAM:
        _adam(numbers, values, gradients, first, second, rate, count)
    elif code == SGD:
        _sgd(numbers, values, gradients, first, rate, count)
    elif code == ADAGRAD:
        _adagrad(numbers, values, gradients, first, rate, count)
    elif code == ADADELTA:
        _adadelta(numbers, values, gradients, first, second, third, rate)
    else:
        _rmsprop(numbers, values, gradients, first, second, third, rate)


@compiled
def _sgd(
    numbers: Any, values: Vector, gradients: Vector, momentum: Vector, rate: float, count: int
) -> None:
    share, step = np.float32(numbers[0]), np.float32(rate)
    fresh = ONE if count == 1 else np.float32(1 - numbers[1])
    if share == ZERO:
        for at in range(values.shape[0]):
            values[at] -= step * gradients[at]
        return
    for at in range(values.shape[0]):
        momentum[at] = share * momentum[at] + fresh * gradients[at]
        if numbers[2] != 0:
            values[at] -= step * (gradients[at] + share * momentum[at])
        else:
            values[at] -= step * momentum[at]


@compiled
def _adam(
    numbers: Any,
    values: Vector,
    gradients: Vector,
    first: Vector,
    second: Vector,
    rate: float,
    count: int,
) -> None:
    beta1, beta2 = numbers[0], numbers[1]
    step = np.float32(rate / (1 - beta1**count))
    scale = np.float32(math.sqrt(1 - beta2**count))
    new1, keep2, new2 = np.float32(1 - beta1), np.float32(beta2), np.float32(1 - beta2)
    eps = np.float32(numbers[2])
    for at in range(values.shape[0]):
        g = gradients[at]
        first[at] += new1 * (g - first[at])
        second[at] = keep2 * second[at] + new2 * g * g
        values[at] -= step * first[at] / (math.sqrt(second[at]) / scale + eps)


@compiled
def _adagrad(
    numbers: Any, values: Vector, gradients: Vector, total: Vector, rate: float, count: int
) -> None:
    step, eps = np.float32(rate / (1 + (count - 1) * numbers[0])), np.float32(numbers[1])
    for at in range(values.shape[0]):
        total[at] += gradients[at] * gradients[at]
        values[at] -= step * gradients[at] / (math.sqrt(total[at]) + eps)


@compiled
def _adadelta(
    numbers: Any,
    values: Vector,
    gradients: Vector,
    square: Vector,
    moved: Vector,
    move: Vector,
    rate: float,
) -> None:
    keep, new, eps = np.float32(numbers[0]), np.float32(1 - numbers[0]), np.float32(numbers[1])
    step = np.float32(rate)
    for at in range(values.shape[0]):
        g = gradients[at]
        square[at] = keep * square[at] + new * g * g
        move[at] = math.sqrt(moved[at] + eps) / math.sqrt(square[at] + eps) * g
        moved[at] = keep * moved[at] + new * move[at] * move[at]
        values[at] -= step * move[at]


@compiled
def _rmsprop(
    numbers: Any,
    values: Vector,
    gradients: Vector,
    square: Vector,
    mean: Vector,
    momentum: Vector,
    rate: float,
) -> None:
    keep, new, eps = np.float32(numbers[0]), np.float32(1 - numbers[0]), np.float32(numbers[1])
    share, step = np.float32(numbers[2]), np.float32(rate)
    for at in range(values.shape[0]):
        g = gradients[at]
        square[at] = keep * square[at] + new * g * g
        spread = square[at]
        if numbers[3] != 0:
            mean[at] += new * (g - mean[at])
            spread -= mean[at] * mean[at]
        move: Number = g / (math.sqrt(spread) + eps)
        if share != ZERO:
            momentum[at] = share * momentum[at] + move
            move = momentum[at]
        values[at] -= step * move
