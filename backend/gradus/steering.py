"""What steers a training by its own measures: once an epoch, never by the clock."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from gradus.patch import Patch, add, replace
from gradus.planned import DatasetPlan
from gradus.problems import Report
from gradus.section import Flag, NotNegative, Section

Measure = Annotated[
    Literal[
        "validation/loss",
        "validation/accuracy",
        "validation/error",
        "validation/top5",
        "validation/exact_match",
        "validation/perplexity",
        "validation/r2",
        "train_eval/loss",
        "train_eval/accuracy",
        "train_eval/error",
        "train_eval/top5",
        "train_eval/exact_match",
        "train_eval/perplexity",
        "train_eval/r2",
    ],
    Field(description="What is judged at each epoch's end."),
]
Patience = Annotated[
    int,
    Field(
        strict=True,
        ge=1,
        le=10_000_000,
        description="Epochs in a row without improvement that end the patience.",
    ),
]
MinDelta = Annotated[
    NotNegative, Field(description="What an improvement has to be larger than to count.")
]
# Of these more is better, of all others less.
GROWING = frozenset({"accuracy", "top5", "exact_match", "r2"})


class Steering(Section):
    """What names a measure, and how long it may go without an improvement."""

    patience: Patience = 10
    measure: Measure = "validation/loss"
    min_delta: MinDelta = 0.0


class EarlyStopping(Steering):
    """Training ends when a measure has not improved for so many epochs (Prechelt 1998)."""

    restore_best: Annotated[
        Flag,
        Field(description="Whether the weights of the best epoch are kept and taken in the end."),
    ] = True


def check_measure(
    steering: Steering,
    path: str,
    dataset: DatasetPlan | None,
    metrics: Sequence[str],
    fitting: Collection[str],
    report: Report,
) -> None:
    """Reports a measure that nobody counts, or of a part without samples.

    Args:
        path: where the section that names it is written.
        metrics: what is counted beside the losses.
        fitting: what could be counted for the task of the data.
    """
    if dataset is None:
        return
    measure = steering.measure
    part, _, name = measure.partition("/")
    place = f"{path}/measure" if "measure" in steering.model_fields_set else path
    if name != "loss" and name not in metrics:
        counted = [*metrics, name]
        fix = add("/train/metrics", counted) if name in fitting else None
        fix = fix or _instead(steering, path, f"{part}/loss")
        report.add("train.measure_uncounted", place, got=measure, fix=fix, metric=name)
    elif not dataset.sizes["train" if part == "train_eval" else part]:
        told = {"measure": measure, "instead": f"train_eval/{name}"}
        fix = _instead(steering, path, told["instead"])
        report.add("train.measure_empty", place, got=measure, fix=fix, **told)


def _instead(steering: Steering, path: str, measure: str) -> Patch:
    # The whole section: it may be written as a bare word.
    said = steering.model_dump(mode="json", exclude_unset=True)
    return replace(path, {**said, "measure": measure})


def measures(early_stopping: Mapping[str, Any] | None, schedule: Mapping[str, Any]) -> set[str]:
    """Every measure that steers a training, its defaults written out."""
    steering = [early_stopping] if early_stopping else []
    steering += [schedule] if schedule["type"] == "plateau" else []
    return {str(each["measure"]) for each in steering}
