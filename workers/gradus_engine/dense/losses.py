"""Losses on a batch, and their gradients at the output, as `gradus_engine.losses` states them.

`z` are the outputs [units, samples], `d` takes the gradients, `rows` says which targets the samples
have: `values` [N, units] for those that read numbers, `classes` [N] for those that read classes.
"""

import math

import numpy as np

from gradus_engine.dense.arrays import Indices, Number, Row, Rows
from gradus_engine.dense.codes import (
    BINARY_CROSS_ENTROPY,
    CLASS_HINGE,
    CROSS_ENTROPY,
    HUBER,
    MAE,
    MSE,
)
from gradus_engine.dense.compiled import compiled
from gradus_engine.dense.functions import HALF, ONE, ZERO, exponential, logarithm

TWO = np.float32(2)


@compiled
def loss_and_gradient(
    code: int,
    number: Number,
    weight: Number,
    z: Rows,
    d: Rows,
    values: Rows,
    classes: Indices,
    rows: Indices,
    samples: int,
) -> Number:
    """The loss times `weight`; `number` is δ of huber, and for mse what the square is multiplied by."""
    if code == CROSS_ENTROPY:
        return weight * _cross_entropy(weight, z, d, classes, rows, samples)
    if code == CLASS_HINGE:
        return weight * _class_hinge(weight, z, d, classes, rows, samples)
    units = z.shape[0]
    share = weight / np.float32(units * samples)
    total = ZERO
    for unit in range(units):
        for n in range(samples):
            d[unit, n] = values[rows[n], unit]
        if code == BINARY_CROSS_ENTROPY:  # a loop of its own, taken many numbers at a time
            total += _row(BINARY_CROSS_ENTROPY, number, share, z[unit], d[unit], samples)
        else:
            total += _row(code, number, share, z[unit], d[unit], samples)
    return total * share


@compiled
def _row(code: int, number: Number, share: Number, z: Row, d: Row, samples: int) -> Number:
    """The sum of one unit's losses; `d` holds its targets and takes the gradients."""
    total = ZERO
    for n in range(samples):
        value, slope = _single(code, number, z[n], d[n])
        total += value
        d[n] = slope * share
    return total


@compiled
def _single(code: int, number: Number, z: Number, t: Number) -> tuple[Number, Number]:
    """The loss of one number against its target, and its derivative."""
    error = z - t
    if code == MSE:
        return number * error * error, TWO * number * error
    if code == MAE:
        return abs(error), np.float32(np.sign(error))
    if code == HUBER:
        if abs(error) <= number:
            return HALF * error * error, error
        return number * (abs(error) - HALF * number), number * np.float32(np.sign(error))
    if code == BINARY_CROSS_ENTROPY:
        e = exponential(-abs(z))
        loss = max(z, ZERO) - z * t + logarithm(e)
        chance = (ONE if z >= ZERO else e) / (ONE + e)
        return (loss, chance - t) if z == z else (z, z)
    missed = ONE - t * z
    if missed > ZERO or missed != missed:
        return missed, -t
    return ZERO, ZERO


@compiled
def _cross_entropy(
    weight: Number, z: Rows, d: Rows, classes: Indices, rows: Indices, samples: int
) -> Number:
    units = z.shape[0]
    share = weight / np.float32(samples)
    loss = ZERO
    for n in range(samples):
        top = z[0, n]
        for unit in range(1, units):
            top = max(top, z[unit, n])
        total = ZERO
        for unit in range(units):
            d[unit, n] = exponential(z[unit, n] - top)
            total += d[unit, n]
        for unit in range(units):
            d[unit, n] *= share / total
        true = classes[rows[n]]
        d[true, n] -= share
        loss += math.log(total) + top - z[true, n]
    return loss / np.float32(samples)


@compiled
def _class_hinge(
    weight: Number, z: Rows, d: Rows, classes: Indices, rows: Indices, samples: int
) -> Number:
    units = z.shape[0]
    share = weight / np.float32(samples)
    loss = ZERO
    for n in range(samples):
        true = classes[rows[n]]
        over = ZERO
        for unit in range(units):
            missed = ONE - z[true, n] + z[unit, n]
            if unit != true and (missed > ZERO or missed != missed):
                loss += missed
                over += share
                d[unit, n] = share
            else:
                d[unit, n] = ZERO
        d[true, n] = -over
    return loss / np.float32(samples)


@compiled
def right_answers(z: Rows, labels: Indices, rows: Indices, samples: int) -> Number:
    """The fraction of samples whose answer is their label: the sign of one unit, else the largest."""
    right = 0
    for n in range(samples):
        answer = 0
        if z.shape[0] == 1:
            answer = 1 if z[0, n] > ZERO else 0
        else:
            for unit in range(1, z.shape[0]):
                if z[unit, n] > z[answer, n]:
                    answer = unit
        right += answer == labels[rows[n]]
    return np.float32(right) / np.float32(samples)
