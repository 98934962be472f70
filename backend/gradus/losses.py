"""Losses: which one the data call for, and whether the network's output fits it."""

from collections.abc import Mapping, Sequence
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
    CrossEntropy,
    Hinge,
    Huber,
    Loss,
    Mae,
    Mse,
    Term,
    Train,
)

DISTANCES = (Mse, Mae, Huber)  # between numbers; of classes, between one-hot rows


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
        if loss.target != "target":
            place = f"{path}/target"
            report.add(
                "loss.target_unknown", place, expected="target", got=loss.target[:80],
                fix=replace(place, "target"), target=loss.target[:80], nearest="target",
            )  # fmt: skip
        if name is not None:
            fitting.check(loss, name, path)
            plans.append(plan_loss(loss, name))
        elif loss.input is not None and loss.input not in outputs:
            _unknown(loss.input, outputs, f"{path}/input", report)
    return tuple(plans)


def plan_loss(loss: Loss, name: str) -> LossPlan:
    """A loss that reads the layer or call `name`, its own fields written out."""
    own = loss.model_dump(mode="json", exclude={"type", *Term.model_fields})
    return LossPlan(loss.type, name, loss.target, loss.weight, own)


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

    def check(self, loss: Loss, name: str, path: str) -> None:
        """Reports a loss that cannot be computed, or not beside those checked before.

        Args:
            name: the plain layer or input that it reads.
            path: where it is written.
        """
        output, dataset = self._outputs.get(name), self._dataset
        if output is None or dataset is None:
            return
        classes = len(dataset.classes)
        if dataset.task == "regression" and not isinstance(loss, DISTANCES):
            self._instead("loss.regression", loss, path, "mse", type=loss.type)
        elif isinstance(loss, BinaryCrossEntropy) and classes != 2:
            self._instead("loss.two_classes", loss, path, "cross_entropy", classes=classes)
        elif output not in (fitting := _shapes(loss, dataset)):
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
    if dataset.task == "regression":
        return [dataset.target]
    classes = len(dataset.classes)
    if isinstance(loss, BinaryCrossEntropy):
        return [(1,)]
    if isinstance(loss, (*DISTANCES, Hinge)) and classes == 2:
        return [(1,), (2,)]
    return [(classes,)]
