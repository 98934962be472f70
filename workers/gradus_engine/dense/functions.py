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
from gradus_engine.dense.lanes import power_of_two


def _factors(*given: float) -> tuple[Number, ...]:
    return tuple(np.float32(each) for each in given)


ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)
THREE = np.float32(3)
ROOT_HALF = np.float32(math.sqrt(0.5))
NORMAL = np.float32(1 / math.sqrt(2 * math.pi))  # density of the normal distribution at 0
ROOT = np.float32(math.sqrt(2 / math.pi))
CUBIC = np.float32(0.044715)
LOG2_E = np.float32(math.log2(math.e))
LN2_HIGH, LN2_LOW = np.float32(0.693359375), np.float32(-2.12194440e-4)  # ln 2 in two parts
LOWEST, HIGHEST = np.float32(-87.33), np.float32(88.02)  # of what has an exponential
# Polynomials, the factor of the highest power first.
EXP = _factors(1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2)
EXP += _factors(1.6666665459e-1, 5.0000001201e-1)
LOG = _factors(7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1)
LOG += _factors(1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1)
LOG += _factors(3.3333331174e-1)
LN2, ROOT_TWO_LESS_ONE = np.float32(math.log(2)), np.float32(math.sqrt(2) - 1)
TANH_END = np.float32(7.90531110763549805)
TANH_ABOVE = _factors(-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11)
TANH_ABOVE += _factors(5.12229709037114e-08, 1.48572235717979e-05, 6.37261928875436e-04)
TANH_ABOVE += _factors(4.89352455891786e-03)
TANH_BELOW = _factors(1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03)
TANH_BELOW += _factors(4.89352518554385e-03)
ERF_END = np.float32(4)
ERF_ABOVE = _factors(-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06)
ERF_ABOVE += _factors(-5.69250639462346e-05, -7.34990630326855e-04, -2.95459980854025e-03)
ERF_ABOVE += _factors(-1.60960333262415e-02)
ERF_BELOW = _factors(-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03)
ERF_BELOW += _factors(-7.37332916720468e-03, -1.42647390514189e-02)


@compiled
def exponential(x: Number) -> Number:
    """exp(x) within two units of the last place, without a call, so that loops over it are taken
    many numbers at a time (Moshier's Cephes, `expf`)."""
    bounded = HIGHEST if x > HIGHEST else x
    bounded = LOWEST if bounded < LOWEST else bounded
    whole = np.floor(bounded * LOG2_E + HALF)
    rest = bounded - whole * LN2_HIGH - whole * LN2_LOW
    series = EXP[0]
    for factor in EXP[1:]:
        series = series * rest + factor
    scale = power_of_two(np.int32(whole if x == x else ZERO))
    return (series * rest * rest + rest + ONE) * scale


@compiled
def logarithm(x: Number) -> Number:
    """ln(1 + x) for x from 0 to 1, likewise (`logf`)."""
    high = x > ROOT_TWO_LESS_ONE
    rest = HALF * (x - ONE) if high else x
    series = LOG[0]
    for factor in LOG[1:]:
        series = series * rest + factor
    square = rest * rest
    below_two = rest * square * series - HALF * square + rest
    return below_two + LN2 if high else below_two


@compiled
def tanh(x: Number) -> Number:
    """tanh(x) as a quotient of polynomials, within a few units of the last place (as in Eigen)."""
    bounded = TANH_END if x > TANH_END else x
    bounded = -TANH_END if bounded < -TANH_END else bounded
    square = bounded * bounded
    above, below = TANH_ABOVE[0], TANH_BELOW[0]
    for factor in TANH_ABOVE[1:]:
        above = above * square + factor
    for factor in TANH_BELOW[1:]:
        below = below * square + factor
    return bounded * above / below


@compiled
def erf(x: Number) -> Number:
    """The error function as a quotient of polynomials (as in XLA)."""
    bounded = ERF_END if x > ERF_END else x
    bounded = -ERF_END if bounded < -ERF_END else bounded
    square = bounded * bounded
    above, below = ERF_ABOVE[0], ERF_BELOW[0]
    for factor in ERF_ABOVE[1:]:
        above = above * square + factor
    for factor in ERF_BELOW[1:]:
        below = below * square + factor
    return bounded * above / below


@compiled
def sigmoid(x: Number) -> Number:
    """1 / (1 + exp(−x)), without overflow on either side."""
    return ONE / (ONE + exponential(-x))


@compiled
def apply(code: int, number: Number, z: Row, y: Row, units: int, samples: int) -> None:
    """y ← f(z) for all rows z, y one after another; `number` is the slope or scale of those that
    have one. What lies beside the samples in a row is computed too: it is cheaper than to stop."""
    if code in (SOFTMAX, LOG_SOFTMAX):
        _apply_shares(code, z.reshape(units, -1), y.reshape(units, -1), samples)
    elif code == TANH:
        for n in range(z.shape[0]):
            y[n] = tanh(z[n])
    elif code == RELU:
        for n in range(z.shape[0]):
            y[n] = ZERO if z[n] <= ZERO else z[n]
    elif code == SIGMOID:
        for n in range(z.shape[0]):
            y[n] = sigmoid(z[n])
    elif code == LEAKY_RELU:
        for n in range(z.shape[0]):
            y[n] = z[n] if z[n] > ZERO else number * z[n]
    elif code == ELU:
        for n in range(z.shape[0]):
            y[n] = z[n] if z[n] > ZERO else number * (exponential(z[n]) - ONE)
    elif code == SILU:
        for n in range(z.shape[0]):
            y[n] = z[n] * sigmoid(z[n])
    elif code == GELU:
        for n in range(z.shape[0]):
            y[n] = HALF * z[n] * (ONE + erf(z[n] * ROOT_HALF))
    elif code == GELU_TANH:
        for n in range(z.shape[0]):
            inner = ROOT * (z[n] + CUBIC * z[n] * z[n] * z[n])
            y[n] = HALF * z[n] * (ONE + tanh(inner))
    elif code == STEP:
        for n in range(z.shape[0]):
            y[n] = ONE if z[n] > ZERO else ZERO
    else:
        for n in range(z.shape[0]):
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
            total += exponential(z[unit, n] - top)
        for unit in range(units):
            if code == SOFTMAX:
                y[unit, n] = exponential(z[unit, n] - top) / total
            else:
                y[unit, n] = z[unit, n] - top - math.log(total)


@compiled
def pull_back(code: int, number: Number, z: Row, y: Row, d: Row, units: int, samples: int) -> None:
    """d ← d ∘ f′(z), for softmax and its logarithm the product with their Jacobian."""
    if code in (SOFTMAX, LOG_SOFTMAX):
        _pull_back_shares(code, y.reshape(units, -1), d.reshape(units, -1), samples)
    elif code == TANH:
        for n in range(d.shape[0]):
            d[n] *= ONE - y[n] * y[n]
    elif code == RELU:
        for n in range(d.shape[0]):
            d[n] = d[n] if y[n] > ZERO else ZERO
    elif code == SIGMOID:
        for n in range(d.shape[0]):
            d[n] *= y[n] * (ONE - y[n])
    elif code == LEAKY_RELU:
        for n in range(d.shape[0]):
            d[n] = d[n] if z[n] > ZERO else number * d[n]
    elif code == ELU:
        for n in range(d.shape[0]):
            d[n] = d[n] if z[n] > ZERO else d[n] * (y[n] + number)
    elif code == SILU:
        for n in range(d.shape[0]):
            share = sigmoid(z[n])
            d[n] *= share * (ONE + z[n] * (ONE - share))
    elif code == GELU:
        for n in range(d.shape[0]):
            share = HALF * (ONE + erf(z[n] * ROOT_HALF))
            d[n] *= share + z[n] * NORMAL * exponential(-HALF * z[n] * z[n])
    elif code == GELU_TANH:
        for n in range(d.shape[0]):
            t = tanh(ROOT * (z[n] + CUBIC * z[n] * z[n] * z[n]))
            slope = ROOT * (ONE + THREE * CUBIC * z[n] * z[n])
            d[n] *= HALF * (ONE + t) + HALF * z[n] * (ONE - t * t) * slope
    elif code == STEP:
        for n in range(d.shape[0]):
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
                d[unit, n] -= exponential(y[unit, n]) * total
