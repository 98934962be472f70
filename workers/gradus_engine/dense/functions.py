"""Activation functions over rows of numbers, one row a unit and one column a sample.

`z` is what a function reads, `y` what it gives, `d` the gradient at `y` that becomes the one at
`z`.
"""

import math

import numpy as np

from gradus_engine.dense.arrays import Number, Row, Rows
from gradus_engine.dense.codes import (
    ELU,
    GELU,
    GELU_TANH,
    LEAKY_RELU,
    LOG_SOFTMAX,
    RELU,
    SIGMOID,
    SILU,
    SOFTMAX,
    STEP,
    TANH,
)
from gradus_engine.dense.compiled import compiled

ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)
THREE = np.float32(3)
ROOT_HALF = np.float32(math.sqrt(0.5))
NORMAL = np.float32(1 / math.sqrt(2 * math.pi))  # density of the normal distribution at 0
ROOT = np.float32(math.sqrt(2 / math.pi))
CUBIC = np.float32(0.044715)


@compiled
def sigmoid(x: Number) -> Number:
    """1 / (1 + exp(−x)), without overflow on either side."""
    if x >= ZERO:
        return ONE / (ONE + math.exp(-x))
    e = math.exp(x)
    return e / (ONE + e)


@compiled
def apply(code: int, number: Number, z: Rows, y: Rows, samples: int) -> None:
    """y ← f(z) for rows z, y [units, samples]; `number` is the slope or scale of those that have one."""
    if code in (SOFTMAX, LOG_SOFTMAX):
        _apply_shares(code, z, y, samples)
        return
    for unit in range(z.shape[0]):
        _apply_row(code, number, z[unit], y[unit], samples)


@compiled
def _apply_row(code: int, number: Number, z: Row, y: Row, samples: int) -> None:
    if code == TANH:
        for n in range(samples):
            y[n] = math.tanh(z[n])
    elif code == RELU:
        for n in range(samples):
            y[n] = z[n] if z[n] > ZERO or z[n] != z[n] else ZERO
    elif code == SIGMOID:
        for n in range(samples):
            y[n] = sigmoid(z[n])
    elif code == LEAKY_RELU:
        for n in range(samples):
            y[n] = z[n] if z[n] > ZERO else number * z[n]
    elif code == ELU:
        for n in range(samples):
            y[n] = z[n] if z[n] > ZERO else number * math.expm1(z[n])
    elif code == SILU:
        for n in range(samples):
            y[n] = z[n] * sigmoid(z[n])
    elif code == GELU:
        for n in range(samples):
            y[n] = HALF * z[n] * (ONE + math.erf(z[n] * ROOT_HALF))
    elif code == GELU_TANH:
        for n in range(samples):
            inner = ROOT * (z[n] + CUBIC * z[n] * z[n] * z[n])
            y[n] = HALF * z[n] * (ONE + math.tanh(inner))
    elif code == STEP:
        for n in range(samples):
            y[n] = ONE if z[n] > ZERO else ZERO
    else:
        for n in range(samples):
            y[n] = z[n]


@compiled
def _apply_shares(code: int, z: Rows, y: Rows, samples: int) -> None:
    units = z.shape[0]
    for n in range(samples):
        top = z[0, n]
        for unit in range(1, units):
            top = max(top, z[unit, n])
        total = ZERO
        for unit in range(units):
            total += math.exp(z[unit, n] - top)
        for unit in range(units):
            if code == SOFTMAX:
                y[unit, n] = math.exp(z[unit, n] - top) / total
            else:
                y[unit, n] = z[unit, n] - top - math.log(total)


@compiled
def pull_back(code: int, number: Number, z: Rows, y: Rows, d: Rows, samples: int) -> None:
    """d ← d ∘ f′(z), for softmax and its logarithm the product with their Jacobian."""
    if code in (SOFTMAX, LOG_SOFTMAX):
        _pull_back_shares(code, y, d, samples)
        return
    for unit in range(z.shape[0]):
        _pull_back_row(code, number, z[unit], y[unit], d[unit], samples)


@compiled
def _pull_back_row(code: int, number: Number, z: Row, y: Row, d: Row, samples: int) -> None:
    if code == TANH:
        for n in range(samples):
            d[n] *= ONE - y[n] * y[n]
    elif code == RELU:
        for n in range(samples):
            d[n] = d[n] if y[n] > ZERO else ZERO
    elif code == SIGMOID:
        for n in range(samples):
            d[n] *= y[n] * (ONE - y[n])
    elif code == LEAKY_RELU:
        for n in range(samples):
            d[n] = d[n] if z[n] > ZERO else number * d[n]
    elif code == ELU:
        for n in range(samples):
            d[n] = d[n] if z[n] > ZERO else d[n] * (y[n] + number)
    elif code == SILU:
        for n in range(samples):
            share = sigmoid(z[n])
            d[n] *= share * (ONE + z[n] * (ONE - share))
    elif code == GELU:
        for n in range(samples):
            share = HALF * (ONE + math.erf(z[n] * ROOT_HALF))
            d[n] *= share + z[n] * NORMAL * math.exp(-HALF * z[n] * z[n])
    elif code == GELU_TANH:
        for n in range(samples):
            t = math.tanh(ROOT * (z[n] + CUBIC * z[n] * z[n] * z[n]))
            slope = ROOT * (ONE + THREE * CUBIC * z[n] * z[n])
            d[n] *= HALF * (ONE + t) + HALF * z[n] * (ONE - t * t) * slope
    elif code == STEP:
        for n in range(samples):
            d[n] = ZERO


@compiled
def _pull_back_shares(code: int, y: Rows, d: Rows, samples: int) -> None:
    units = y.shape[0]
    for n in range(samples):
        total = ZERO
        for unit in range(units):
            total += d[unit, n] * y[unit, n] if code == SOFTMAX else d[unit, n]
        for unit in range(units):
            if code == SOFTMAX:
                d[unit, n] = y[unit, n] * (d[unit, n] - total)
            else:
                d[unit, n] -= math.exp(y[unit, n]) * total
