"""Data that a script draws or loads by itself: the same samples in the same parts."""

from collections.abc import Mapping
from typing import Any

from gradus.datasets import FACTS
from gradus.export.texts import PHRASES
from gradus.export.transforms import transforms
from gradus.planned import DatasetPlan
from gradus.problems import Report

RANDOM = '''
def numbers(purpose):
    """NumPy's generator whose numbers never change, for one purpose."""
    return RandomState(MT19937(SeedSequence(derive(SPLIT_SEED, purpose, NAME))))
'''
# Each fills `points` [N, 2] and `labels`, over the constants of the data.
SETS = {
    "circle": """\
labels = np.arange(POINTS) % CLASSES
share = random.uniform(size=POINTS)
radius = np.where(labels == 1, 2.5 * share, 3.5 + 1.5 * share)
if CLASSES > 2:
    width = 5 / (CLASSES + (CLASSES - 1) / 3)
    radius = width * (share + (CLASSES - 1 - labels) * 4 / 3)
angle = random.uniform(0, 2 * np.pi, POINTS)
points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
points = points + random.normal(0, 6 * NOISE, points.shape)""",
    "xor": """\
labels = np.arange(POINTS) % 2
size = random.uniform(0.3, 5.3, (POINTS, 2))
first = random.randint(0, 2, POINTS) * 2 - 1
second = np.where(labels == 1, first, -first)
points = size * np.stack([first, second], axis=1)
points = points + random.normal(0, 6 * NOISE, points.shape)""",
    "gauss": """\
labels = np.arange(POINTS) % CLASSES
angle = np.pi / 4 + 2 * np.pi * labels / CLASSES
away = np.full(POINTS, 2.8 if CLASSES < 5 else 3.8)
points = np.stack([away * np.sin(angle), away * np.cos(angle)], axis=1)
points = points + random.normal(0, 0.7, points.shape)
points = points + random.normal(0, 6 * NOISE, points.shape)""",
    "ring": """\
labels = np.arange(POINTS) % CLASSES
angle = 2 * np.pi * labels / CLASSES
points = 4 * np.stack([np.sin(angle), np.cos(angle)], axis=1)
points = points + random.normal(0, 0.2, points.shape)
points = points + random.normal(0, 6 * NOISE, points.shape)""",
    "spiral": """\
labels = np.arange(POINTS) % CLASSES
# From 0.05 on: at the centre the arms would lie on one another.
along = 0.05 + 0.95 * (np.arange(POINTS) // CLASSES) / (POINTS / CLASSES)
radius, angle = 5 * along, 1.75 * 2 * np.pi * along + 2 * np.pi * labels / CLASSES
points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
points = points + random.normal(0, 6 * NOISE, points.shape)""",
    "moons": """\
labels = np.arange(POINTS) % 2
angle = random.uniform(0, np.pi, POINTS)
upper = np.stack([3 * np.cos(angle) - 1.5, 3 * np.sin(angle) - 0.75], axis=1)
points = np.where(labels[:, None] == 0, upper, -upper)
points = points + random.normal(0, 6 * NOISE, points.shape)""",
    "plane": """\
points = random.uniform(-6, 6, (POINTS, 2))
labels = (points.sum(axis=1) / 12 + random.normal(0, NOISE, POINTS))[:, None]""",
    "hills": """\
points = random.uniform(-6, 6, (POINTS, 2))
values = np.zeros(POINTS)
for x, y, sign in ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)):
    distance = np.hypot(points[:, 0] - x, points[:, 1] - y)
    values += sign * np.clip(1 - distance / 2, 0, 1)
labels = (values + random.normal(0, NOISE, POINTS))[:, None]""",
    "digits": """\
bunch = load_digits()
points, labels = bunch.images[:, None] / 16, bunch.target""",
    "iris": """\
bunch = load_iris()
points, labels = bunch.data, bunch.target""",
    "phrases": PHRASES,
}
BUNDLED = {"digits": "load_digits", "iris": "load_iris"}
MEANING = {
    "digits": "1,797 handwritten digits of 8 × 8 pixels from 0 to 1, from scikit-learn.",
    "iris": "150 irises, four lengths in cm, from scikit-learn.",
    "drawn": "Points of the plane, drawn by hand.",
    "phrases": "Made-up opinions as the codes of their characters, and whether they are content.",
}
SPLIT = '''
def split(labels):
    """Places of the samples of each part, by a seed of the split's own."""
    order = numbers("split").permutation(len(labels))
STRATIFY    return dict(zip(SIZES, np.split(order, np.cumsum(list(SIZES.values())))))
'''
STRATIFY = """\
    # Every part holds each class in proportion: a class is spread evenly over one long order.
    along, shown = np.empty(len(labels)), labels[order].reshape(len(labels), -1)[:, 0]
    for label in np.unique(shown):
        own = np.flatnonzero(shown == label)
        along[own] = (np.arange(len(own)) + 0.5) / len(own)
    order = order[np.argsort(along, kind="stable")]
"""
LOAD = '''
def NAME():
    """MEANING: {"train": (x, y), …}."""
    points, labels = samples()
    parts = split(labels)
STANDARD    return {
        name: (
            torch.tensor(points[chosen], dtype=torch.float32)DOUBLE,
            torch.tensor(labels[chosen]TARGET,
        )
        for name, chosen in parts.items()
    }
'''
PREPARED = '''
def load():
    """Each part as the network reads it when it does not train: {"train": (x, y), …}."""
    parts = raw()
    steps = preparation(parts["train"][0])
    return {name: (through(steps, x)DOUBLE, y) for name, (x, y) in parts.items()}
'''
STANDARD = """\
    scale = points[parts["train"]].std(axis=0)
    scale[scale == 0] = 1
    points = (points - points[parts["train"]].mean(axis=0)) / scale
"""


def data(dataset: DatasetPlan, double: bool, report: Report) -> str:
    """Constants and functions up to `load()`; reports data that no script can get by itself."""
    if dataset.name not in SETS and dataset.name != "drawn":
        report.add("export.data", "/data", name=dataset.name)
        return ""
    stratified = bool(dataset.split["stratify"])
    regression = dataset.task == "regression"
    # As the service has it: read in single precision, whatever is computed in.
    wide = ".double()" if double else ""
    inputs = ".long()" if dataset.words else wide
    target = f", dtype=torch.float32){wide}" if regression else ")"
    load = LOAD.replace("STANDARD", STANDARD if dataset.name == "iris" else "")
    load = load.replace("TARGET", target)
    prepared = transforms(dataset, report)
    if prepared:
        load = load.replace("NAME", "raw").replace("DOUBLE", "")
        load = load.replace("MEANING", "Each part as it is drawn or loaded")
        load = "\n".join([load, prepared, PREPARED.replace("DOUBLE", inputs)])
    load = load.replace("NAME", "load").replace("MEANING", "Each part as inputs and targets")
    return "\n".join(
        [
            RANDOM,
            _samples(dataset.name, dataset.options),
            SPLIT.replace("STRATIFY", STRATIFY if stratified else ""),
            load.replace("DOUBLE", inputs),
        ]
    )


def constants(dataset: DatasetPlan) -> list[str]:
    options = dataset.options
    lines = [f'NAME = "{dataset.name}"']
    names = {"points": "POINTS", "classes": "CLASSES", "noise": "NOISE", "samples": "SAMPLES"}
    if dataset.name != "drawn":
        text = SETS.get(dataset.name, "")
        lines += [
            f"{name} = {options[key]!r}"
            for key, name in names.items()
            if key in options and name in text
        ]
    if dataset.name in FACTS and FACTS[dataset.name].words:
        lines.append(f"LONGEST = {FACTS[dataset.name].input[0]}  # characters of a text")
    lines.append(f"SPLIT_SEED = {dataset.split['seed']}")
    lines.append(f"SIZES = {_sizes(dataset.sizes)}  # samples of each part")
    return lines


def imports(dataset: DatasetPlan) -> list[str]:
    lines = ["import numpy as np"]
    if any(each["type"] == "tokenize" for each in dataset.transforms):
        lines.insert(0, "from collections import Counter")
    found = ["from numpy.random import MT19937, RandomState, SeedSequence"]
    if dataset.name in BUNDLED:
        found.append(f"from sklearn.datasets import {BUNDLED[dataset.name]}")
    return [*lines, *found]


def _sizes(sizes: Mapping[str, int]) -> str:
    return "{" + ", ".join(f'"{name}": {size}' for name, size in sizes.items()) + "}"


def _samples(name: str, options: Mapping[str, Any]) -> str:
    meaning = MEANING.get(name, "Points of the plane [N, 2], and a class or a value for each.")
    body = _drawn(options) if name == "drawn" else SETS[name]
    drawing = [] if name in BUNDLED or name == "drawn" else ['random = numbers("data")']
    lines = [*drawing, *body.split("\n"), "return points, labels"]
    return "\n".join(
        [
            "",
            "def samples():",
            f'    """{meaning}"""',
            *(f"    {line}" if line else "" for line in lines),
            "",
        ]
    )


def _drawn(options: Mapping[str, Any]) -> str:
    rows, line = [], ""
    for each in options["points"]:
        text = f"({', '.join(repr(number) for number in each)}), "
        if len(line) + len(text) > 88:
            rows.append(line.rstrip())
            line = ""
        line += text
    rows.append(line.rstrip())
    table = "\n".join(f"    {row}" for row in rows)
    regression = options.get("task") == "regression"
    labels = "table[:, 2:]" if regression else "table[:, 2].astype(np.int64)"
    return f"table = np.array([\n{table}\n], dtype=np.float64)\npoints, labels = table[:, :2], {labels}"
