"""Losses: which one the data call for, and whether the network's output fits it."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from gradus.composites.expansion import Expanded
from gradus.entries import set_field
from gradus.faults import nearest
from gradus.patch import Patch, add, remove, replace
from gradus.planned import DatasetPlan, LossPlan, NetworkPlan, Shape
from gradus.problems import Report
from gradus.sizing import deciding
from gradus.train import (
    BinaryCrossEntropy,
    Contrastive,
    CrossEntropy,
    Hinge,
    Huber,
    KlNormal,
    Loss,
    Mae,
    Mse,
    Term,
    Train,
)

DISTANCES = (Mse, Mae, Huber)  # between numbers; of classes, between one-hot rows
MEASURES = (*DISTANCES, BinaryCrossEntropy)  # of a whole output, number by number
TARGETS = ("target", "batch", "ones", "zeros")


def default_loss(dataset: DatasetPlan, output: Shape) -> Loss:
    """Squared error for a regression, cross-entropy for classes (of one logit where there is one)."""
    if dataset.task == "regression":
        return Mse()
    if len(dataset.classes) == 2 and output == (1,):
        return BinaryCrossEntropy()
    return CrossEntropy()


def plan_losses(
    train: Train,
    dataset: DatasetPlan | None,
    network: NetworkPlan,
    expanded: Sequence[Expanded],
    outputs: Mapping[str, str | None],
    report: Report,
) -> tuple[LossPlan, ...]:
    """Every loss with its input named; reports those that could not be computed.

    `outputs` says which plain layer each name that a loss may read stands for.
    """
    shapes, last = network.shapes, network.output
    fitting = Fitting(dataset, shapes, expanded, report)
    if train.losses is None:
        if dataset is None or last not in shapes:
            return ()
        loss = default_loss(dataset, shapes[last])
        fitting.check(loss, last, "/train")
        return (plan_loss(loss, last),)
    if dataset is not None and not train.losses:
        report.add("loss.none", "/train/losses", fix=remove("/train/losses"))
    plans = []
    for index, loss in enumerate(train.losses):
        path = f"/train/losses/{index}"
        name = last if loss.input is None else outputs.get(loss.input)
        other = _other(loss, outputs, path, report)
        if name is not None:
            fitting.check(loss, name, path, other)
            plans.append(plan_loss(loss, name, other))
        elif loss.input is not None and loss.input not in outputs:
            _unknown(loss.input, outputs, f"{path}/input", report)
    return tuple(plans)


def judged(dataset: DatasetPlan, output: Shape, losses: Sequence[LossPlan]) -> bool:
    """Whether an output answers the data's target, so that answers can be counted as right."""
    answers = [(len(dataset.classes),), (1,)] if dataset.classes else [dataset.target]
    return any(loss.judges for loss in losses) and output in answers


def plan_loss(loss: Loss, name: str, other: str | None = None) -> LossPlan:
    """A loss that reads `name`, and `other` where it compares two; its own fields written out."""
    own = loss.model_dump(mode="json", exclude={"type", *Term.model_fields})
    further: tuple[str, ...] = ()
    if isinstance(loss, KlNormal):
        further = (f"{name}.mean", f"{name}.log_variance")
    elif other is not None:
        own["other"], further = other, (other,)
    return LossPlan(loss.type, name, loss.target, loss.weight, own, further)


def _other(loss: Loss, outputs: Mapping[str, str | None], path: str, report: Report) -> str | None:
    """The second layer that a loss reads; None where it reads none, or after reporting it."""
    if not isinstance(loss, Contrastive) or loss.other is None:
        return None
    if loss.other not in outputs:
        _unknown(loss.other, outputs, f"{path}/other", report)
    return outputs.get(loss.other)


def _unknown(name: str, outputs: Mapping[str, Any], path: str, report: Report) -> None:
    near = nearest(name, list(outputs)[-200:])
    fix = replace(path, near) if near else None
    report.add("reference.unknown", path, fix=fix, name=name[:80], nearest=near)


class Fitting:
    """Holds losses against the outputs that they read and the targets of the data."""

    def __init__(
        self,
        dataset: DatasetPlan | None,
        outputs: Mapping[str, Shape],
        expanded: Sequence[Expanded],
        report: Report,
    ) -> None:
        self._dataset = dataset
        self._outputs = outputs
        self._expanded = expanded
        self._report = report

    def check(self, loss: Loss, name: str, path: str, other: str | None = None) -> None:
        """Reports a loss that cannot be computed, or not beside those checked before.

        Args:
            name: the plain layer or input that it reads.
            path: where it is written.
            other: the second one, where it compares two.
        """
        output, dataset = self._outputs.get(name), self._dataset
        if output is None or not self._target(loss, path):
            return
        if isinstance(loss, KlNormal):
            self._distribution(loss, name, path)
        elif isinstance(loss, Contrastive):
            self._pair(loss, name, path, other)
        elif dataset is not None and loss.target in ("target", "batch"):
            self._answer(loss, name, path, output, dataset)

    def _target(self, loss: Loss, path: str) -> bool:
        """Whether the loss may be held against what it names; reports why not."""
        place, target = f"{path}/target", loss.target[:80]
        if loss.target not in TARGETS:
            near = nearest(loss.target, TARGETS)
            self._report.add(
                "loss.target_unknown", place, expected=", ".join(TARGETS), got=target,
                fix=replace(place, near) if near else None, target=target, nearest=near,
            )  # fmt: skip
        elif loss.target != "target" and not isinstance(loss, MEASURES):
            self._report.add(
                "loss.target_kind", place, expected="target", got=target, fix=remove(place),
                type=loss.type, target=target,
            )  # fmt: skip
        else:
            return True
        return False

    def _distribution(self, loss: Loss, name: str, path: str) -> None:
        if f"{name}.log_variance" in self._outputs:
            return
        found = [each for each in self._outputs if each.endswith(".log_variance")]
        fix = None
        if len(found) == 1:
            better = found[0].removesuffix(".log_variance")
            fix = add(f"{path}/input", better)
            if loss.model_fields_set <= {"type"}:
                fix = replace(path, {"type": loss.type, "input": better})
        self._report.add("loss.distribution", path, layer=name, expected="sample_normal", fix=fix)

    def _pair(self, loss: Loss, name: str, path: str, other: str | None) -> None:
        first, second = self._outputs[name], self._outputs.get(other or name)
        classes = len(self._dataset.classes) if self._dataset is not None else None
        if classes == 0:
            self._instead("loss.regression", loss, path, "mse", type=loss.type)
        elif other is not None and classes not in (None, 2):
            self._report.add(
                "loss.pair_classes", path, expected="2", got=str(classes), classes=classes
            )
        if second is not None and first != second:
            self._report.add(
                "loss.pair", path, layer=name, expected=str(list(first)), got=str(list(second)),
                first=list(first), second=list(second),
            )  # fmt: skip

    def _answer(
        self, loss: Loss, name: str, path: str, output: Shape, dataset: DatasetPlan
    ) -> None:
        fitting = _shapes(loss, dataset)
        if loss.target == "batch":
            if dataset.words:
                self._report.add("loss.text", f"{path}/target", type=loss.type)
            elif output not in fitting:
                self._misfit(loss, name, output, fitting[0], path)
            return
        classes = len(dataset.classes)
        if dataset.task == "regression" and not isinstance(loss, DISTANCES):
            self._instead("loss.regression", loss, path, "mse", type=loss.type)
        elif isinstance(loss, BinaryCrossEntropy) and classes != 2:
            self._instead("loss.two_classes", loss, path, "cross_entropy", classes=classes)
        elif output not in fitting:
            self._misfit(loss, name, output, fitting[0], path)

    def _instead(self, code: str, loss: Loss, path: str, better: str, **params: Any) -> None:
        bare = loss.model_fields_set <= {"type"}
        fix = replace(path if bare else f"{path}/type", better)
        self._report.add(code, path, expected=better, fix=fix, **params)

    def _misfit(self, loss: Loss, name: str, output: Shape, wanted: Shape, path: str) -> None:
        last = deciding(self._expanded, name)
        code, fix, place = "loss.unsized", None, path
        if last is not None and last.type == "linear":
            code, name, place = "loss.shape", last.name, last.path
            if last.entry is not None and len(output) == len(wanted) == 1:
                fix = set_field(last.entry, last.path, "units", wanted[0])
        elif loss.input is None:
            place, fix = self._expanded[-1].path, self._ending(output)
        self._report.add(
            code,
            place,
            layer=name,
            expected=str(list(wanted)),
            got=str(list(output)),
            fix=fix,
            type=loss.type,
            wanted=list(wanted),
            output=list(output),
        )

    def _ending(self, output: Shape) -> Patch | None:
        """The patch that ends the network with a linear layer; None where it ends inside a body."""
        layers, _, index = self._expanded[-1].path.rpartition("/")
        if layers != "/network/layers":
            return None
        ending = ["linear"] if len(output) == 1 else ["flatten", "linear"]
        return [
            change
            for place, type in enumerate(ending, int(index) + 1)
            for change in add(f"{layers}/{place}", type)
        ]


def _shapes(loss: Loss, dataset: DatasetPlan) -> list[Shape]:
    """The outputs that a loss can read, the likeliest first."""
    if loss.target == "batch":
        return [(prod(dataset.input),), dataset.input]
    if dataset.task == "regression":
        return [dataset.target]
    classes = len(dataset.classes)
    if isinstance(loss, BinaryCrossEntropy):
        return [(1,)]
    if isinstance(loss, (*DISTANCES, Hinge)) and classes == 2:
        return [(1,), (2,)]
    return [(classes,)]
