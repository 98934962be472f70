"""The `data` part of a document: which dataset, with which options, split how."""

from collections.abc import Mapping, Sequence
from fractions import Fraction as Exact
from math import prod
from typing import Annotated, Any, ClassVar

from pydantic import Field

from gradus import later, limits
from gradus.datasets import DatasetFacts, Options
from gradus.faults import nearest
from gradus.patch import replace
from gradus.planned import DatasetPlan, Shape
from gradus.pointer import join
from gradus.problems import Report, show
from gradus.section import Flag, Fraction, Section, Seed
from gradus.transforms import AnyTransform, Transform, transformed
from gradus.validation import rescue, validate

# Shares of the parts; a part that is left out takes its proportion of what the others leave.
SHARES = {"train": Exact(70, 100), "validation": Exact(15, 100), "test": Exact(15, 100)}


class Split(Section):
    """How the samples are divided. The seed is the split's own, so runs of all seeds share parts."""

    train: Annotated[Fraction | None, Field(description="Share to train on (0.7 unless said).")] = (
        None
    )
    validation: Annotated[
        Fraction | None, Field(description="Share to watch while training (0.15).")
    ] = None
    test: Annotated[Fraction | None, Field(description="Share kept for the end (0.15).")] = None
    seed: Annotated[Seed, Field(description="Another seed, another division.")] = 0
    stratify: Annotated[
        Flag, Field(description="Whether each part holds the classes in equal shares.")
    ] = True

    def shares(self) -> dict[str, Exact]:
        """Exact shares of the three parts; they add up to more or less than 1 only if written so."""
        said = {"train": self.train, "validation": self.validation, "test": self.test}
        given = {part: Exact(str(share)) for part, share in said.items() if share is not None}
        rest = max(Exact(0), 1 - sum(given.values(), Exact(0)))
        left = sum(share for part, share in SHARES.items() if part not in given)
        return {part: given.get(part, SHARES[part] * rest / (left or 1)) for part in SHARES}


class Data(Section):
    """The dataset that a network learns."""

    later: ClassVar[frozenset[str]] = later.DATA
    homes: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("points", "noise", "classes", "samples"), "options"),
        **dict.fromkeys(Split.model_fields, "split"),
    }

    name: Annotated[str, Field(description="A built-in dataset or the label of an upload.")]
    options: Annotated[
        dict[str, Any],
        Field(default_factory=dict, description="What the dataset lets one choose."),
    ]
    split: Split = Split()
    transforms: Annotated[
        tuple[AnyTransform, ...],
        Field(max_length=16, description="What is done to the inputs, in this order."),
    ] = ()


def pin_data(
    written: Any, datasets: Mapping[str, DatasetFacts], path: str, report: Report
) -> DatasetPlan | None:
    """The data with every default written out; None after reporting what is wrong with it."""
    place = path if isinstance(written, str) else join(path, "name")
    written = {"name": written} if isinstance(written, str) else written
    faults = report.met
    declared = rescue(Data, written, path, report, bearing=("name",))
    name = written.get("name") if isinstance(written, dict) else None
    facts = datasets.get(name) if isinstance(name, str) else None
    if facts is None and isinstance(name, str):
        _unknown(name, datasets, place, report)
    if declared is not None and facts is None:
        _check_sum(declared.split, join(path, "split"), report)
    if declared is None or facts is None:
        return None
    options = _options(facts, declared.options, join(path, "options"), report)
    if options is not None:
        facts = options.decide(facts)
    sizes = _sizes(declared.split, facts.size, join(path, "split"), report)
    place = join(path, "transforms")
    shapes = transformed(declared.transforms, facts.input, facts.words, place, report)
    if (
        options is None
        or sizes is None
        or shapes is None
        or not _held(facts.size, shapes, path, report)
    ):
        return None
    if report.met > faults:
        return None  # something of it was left out to look at the rest
    shares = {part: float(round(share, 12)) for part, share in declared.split.shares().items()}
    stratify = declared.split.stratify and bool(facts.classes)
    return DatasetPlan(
        name=facts.name,
        version=facts.version,
        options=options.model_dump(mode="json", by_alias=True),
        split={**shares, "seed": declared.split.seed, "stratify": stratify},
        task=facts.task,
        input=shapes[-1],
        target=facts.target,
        classes=facts.classes,
        sizes=sizes,
        transforms=tuple(each.model_dump(mode="json") for each in declared.transforms),
        words=_words(facts, declared.transforms),
    )


def _words(facts: DatasetFacts, transforms: Sequence[Transform]) -> int:
    words = facts.words
    for each in transforms:
        words = each.numbers(words)
    return words


def _held(samples: int, shapes: Sequence[Shape], path: str, report: Report) -> bool:
    """Whether a worker can hold all samples on their way; reports how large they would be."""
    size = 4 * samples * max(prod(shape) for shape in shapes)
    if size > limits.DATA_BYTES:
        report.add(
            "limit.data", join(path, "transforms"), expected=f"≤ {limits.DATA_BYTES}",
            got=str(size), size=size, limit=limits.DATA_BYTES,
        )  # fmt: skip
    return size <= limits.DATA_BYTES


def _options(
    facts: DatasetFacts, written: Mapping[str, Any], path: str, report: Report
) -> Options | None:
    options = validate(facts.options, written, path, report)
    if options is None:
        return None
    found = Report()
    options.check(path, found)
    for fault in found.problems:
        report.put(fault)
    return None if found else options


def _unknown(name: str, datasets: Mapping[str, DatasetFacts], path: str, report: Report) -> None:
    near = nearest(name, datasets)
    report.add(
        "data.unknown",
        path,
        expected=", ".join(sorted(datasets)[:20]),
        got=show(name),
        fix=replace(path, near) if near else None,
        name=name[:80],
        nearest=near,
    )


def _sizes(split: Split, size: int, path: str, report: Report) -> dict[str, int] | None:
    if not _check_sum(split, path, report):
        return None
    shares = split.shares()
    sizes = part_sizes(shares, size)
    if not sizes["train"]:
        report.add("split.no_training", path, expected="≥ 1", got="0", size=size)
        return None
    for part, share in shares.items():
        if share and not sizes[part]:
            place = join(path, part) if part in split.model_fields_set else path
            report.add("split.empty_part", place, expected="≥ 1", got="0", part=part, size=size)
    return sizes


def _check_sum(split: Split, path: str, report: Report) -> bool:
    """Whether the parts make up the whole; reports what they add up to."""
    total = sum(split.shares().values(), Exact(0))
    if abs(total - 1) <= Exact(1, 10**9):
        return True
    said = f"{float(total):g}"
    report.add("split.sum", path, expected="1", got=said, total=said)
    return False


def part_sizes(shares: Mapping[str, Exact], size: int) -> dict[str, int]:
    """Whole samples of each part, adding up to `size`: rounded down, what is over to the largest rest.

    >>> part_sizes(SHARES, 1797)
    {'train': 1258, 'validation': 270, 'test': 269}
    """
    exact = {part: share * size for part, share in shares.items()}
    sizes = {part: int(count) for part, count in exact.items()}
    by_rest = sorted(exact, key=lambda part: sizes[part] - exact[part])
    for part in by_rest[: size - sum(sizes.values())]:
        sizes[part] += 1
    return sizes
