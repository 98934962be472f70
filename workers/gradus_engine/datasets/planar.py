"""Points of the plane with a class or a value, kin to the sets of TensorFlow Playground.

Every generator gives points [N, 2] within about ±6 and, for each, a class (in turn) or a value
[N, 1] in [−1, 1].
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

Points = NDArray[np.float64]
Labels = NDArray[np.float64] | NDArray[np.int64]
Options = Mapping[str, Any]
Generator = Callable[[Options, RandomState], tuple[Points, Labels]]

HALF_WIDTH = 6.0


def _classes(options: Options) -> NDArray[np.int64]:
    classes: int = options.get("classes", 2)
    return np.arange(options["points"], dtype=np.int64) % classes


def _polar(radius: Points, angle: Points) -> Points:
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)


def _noisy(points: Points, options: Options, random: RandomState) -> Points:
    spread: float = HALF_WIDTH * options["noise"]
    return points + random.normal(0, spread, points.shape)


def circle(options: Options, random: RandomState) -> tuple[Points, Labels]:
    """A disc of radius 2.5 (class 1) inside a ring from 3.5 to 5.

    More classes share the radius evenly, the last one the disc, with gaps of a third of a ring.
    """
    classes = _classes(options)
    share = random.uniform(size=len(classes))
    rings = options.get("classes", 2)
    width = 5 / (rings + (rings - 1) / 3)
    radius = width * (share + (rings - 1 - classes) * 4 / 3)
    if rings == 2:
        radius = np.where(classes == 1, 2.5 * share, 3.5 + 1.5 * share)
    points = _polar(radius, random.uniform(0, 2 * np.pi, len(classes)))
    return _noisy(points, options, random), classes


def xor(options: Options, random: RandomState) -> tuple[Points, Labels]:
    """Squares of side 5 in the quadrants, 0.3 off the axes; class 1 where x and y agree in sign."""
    classes = _classes(options)
    size = random.uniform(0.3, 5.3, (len(classes), 2))
    first = random.randint(0, 2, len(classes)) * 2 - 1
    second = np.where(classes == 1, first, -first)
    return _noisy(size * np.stack([first, second], axis=1), options, random), classes


def gauss(options: Options, random: RandomState) -> tuple[Points, Labels]:
    """Round clouds of standard deviation 0.7, evenly on a circle of radius 2.8 (from five on 3.8)."""
    classes = _classes(options)
    angle = np.pi / 4 + 2 * np.pi * classes / options["classes"]
    away = 2.8 if options["classes"] < 5 else 3.8
    points = _polar(np.full(len(classes), away), angle) + random.normal(0, 0.7, (len(classes), 2))
    return _noisy(points, options, random), classes


RING_RADIUS, RING_SPREAD = 4.0, 0.2


def ring(options: Options, random: RandomState) -> tuple[Points, Labels]:
    """Clouds of standard deviation 0.2, evenly on a circle of radius 4, the first one on top."""
    classes = _classes(options)
    centres = _polar(np.full(len(classes), RING_RADIUS), 2 * np.pi * classes / options["classes"])
    points = centres + random.normal(0, RING_SPREAD, centres.shape)
    return _noisy(points, options, random), classes


def spiral(options: Options, random: RandomState) -> tuple[Points, Labels]:
    """Arms of radius ¼ to 5 that turn 1⅔ times, one a class."""
    classes = _classes(options)
    arms = options["classes"]
    # From 0.05 on: at the centre the arms would lie on one another, whatever the noise.
    along = 0.05 + 0.95 * (np.arange(len(classes)) // arms) / (len(classes) / arms)
    points = _polar(5 * along, 1.75 * 2 * np.pi * along + 2 * np.pi * classes / arms)
    return _noisy(points, options, random), classes


def moons(options: Options, random: RandomState) -> tuple[Points, Labels]:
    """Two half circles of radius 3 that reach into each other, the upper one class 0."""
    classes = _classes(options)
    angle = random.uniform(0, np.pi, len(classes))
    upper = np.stack([3 * np.cos(angle) - 1.5, 3 * np.sin(angle) - 0.75], axis=1)
    points = np.where(classes[:, None] == 0, upper, -upper)
    return _noisy(points, options, random), classes


def plane(options: Options, random: RandomState) -> tuple[Points, Labels]:
    """(x + y) / 12 over the square ±6, plus noise."""
    points = random.uniform(-HALF_WIDTH, HALF_WIDTH, (options["points"], 2))
    return points, _noisy_values(points.sum(axis=1) / 12, options, random)


# Centre and sign of each cone of radius 2.
HILLS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


def hills(options: Options, random: RandomState) -> tuple[Points, Labels]:
    """Three cones up and three down over the square ±6, 0 between them, plus noise."""
    points = random.uniform(-HALF_WIDTH, HALF_WIDTH, (options["points"], 2))
    values = np.zeros(len(points))
    for x, y, sign in HILLS:
        distance = np.hypot(points[:, 0] - x, points[:, 1] - y)
        values += sign * np.clip(1 - distance / 2, 0, 1)
    return points, _noisy_values(values, options, random)


def _noisy_values(values: Points, options: Options, random: RandomState) -> Points:
    spread: float = options["noise"]
    return (values + random.normal(0, spread, len(values)))[:, None]


PLANAR: dict[str, Generator] = {
    "circle": circle,
    "xor": xor,
    "gauss": gauss,
    "ring": ring,
    "spiral": spiral,
    "moons": moons,
    "plane": plane,
    "hills": hills,
}
