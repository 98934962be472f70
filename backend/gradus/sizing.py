"""Sizes that a document leaves to its data."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from gradus.composites.expansion import Expanded
from gradus.layers import LAYERS, Layer
from gradus.layers.activations import ActivationLayer
from gradus.planned import DatasetPlan
from gradus.problems import Report
from gradus.train import CrossEntropy, Loss


def fill_sizes(
    layers: Sequence[Expanded],
    output: str | None,
    dataset: DatasetPlan | None,
    losses: Sequence[Loss],
    *,
    has_data: bool,
    report: Report,
) -> list[Expanded]:
    """The layers with the last one's size taken from the data where it leaves that out.

    Reports every other layer without a size. `has_data` without a `dataset` means that the data
    have a problem of their own; the last layer's size is then no second one.
    """
    last = deciding(layers, output)
    read = [loss for loss in losses if loss.input in (None, output)]
    sized = []
    for each in layers:
        if each.layer is None or not each.layer.needs_size():
            sized.append(each)
        elif each is last and dataset is not None:
            sized.append(replace(each, layer=each.layer.sized(output_size(dataset, read))))
        else:
            if each is not last or not has_data:
                report.add(
                    "layer.size_missing", each.path, layer=each.name, type=each.type, field="units"
                )
            sized.append(replace(each, layer=None))
    return sized


def output_size(dataset: DatasetPlan, losses: Sequence[Loss]) -> int:
    """Units of a last layer that leaves its size to the data. `losses` are those that read it."""
    if any(loss.target == "batch" for loss in losses):
        return prod(dataset.input)
    if dataset.task == "regression":
        return dataset.target[0] if dataset.target else 1
    wants_logits = any(isinstance(loss, CrossEntropy) for loss in losses)
    return 1 if len(dataset.classes) == 2 and not wants_logits else len(dataset.classes)


def deciding(layers: Sequence[Expanded], output: str | None) -> Expanded | None:
    """The layer that decides the size of an output, seen through activations.

    One pass backwards, because names that are taken twice would lead a walk by name in circles.
    """
    for each in reversed(layers):
        if each.name != output:
            continue
        if not issubclass(LAYERS.get(each.type, Layer), ActivationLayer):
            return each
        output = each.inputs[0] if each.inputs else None
    return None
