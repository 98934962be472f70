"""Rules that follow no losses: the perceptron's and k-means."""

from collections.abc import Mapping, Sequence
from typing import Any

from gradus.faults import nearest
from gradus.optimizers import Kmeans, Perceptron
from gradus.patch import remove, replace
from gradus.planned import DatasetPlan, LayerPlan, NetworkPlan
from gradus.problems import Report
from gradus.train import CrossEntropy, Loss, Train

_ACTIVATIONS = {"perceptron": ("step", "identity"), "kmeans": ("identity",)}


def has_own_rule(train: Train) -> bool:
    """Whether the optimizer is one that follows no losses."""
    return isinstance(train.optimizer, Perceptron | Kmeans)


def names_own_rule(written: Any) -> bool:
    """Whether an optimizer as written, with faults in it, was meant to be one of these."""
    word = written.get("type") if isinstance(written, Mapping) else written
    return nearest(word, _ACTIVATIONS) is not None


def clusters(train: Train) -> bool:
    """Whether samples are to be grouped without their targets."""
    return isinstance(train.optimizer, Kmeans)


def sizing_losses(train: Train) -> Sequence[Loss]:
    """The losses by which a last layer without a size gets one: a cluster a class, where there are."""
    return (CrossEntropy(),) if clusters(train) else train.losses or ()


def check_rule(
    train: Train, dataset: DatasetPlan | None, network: NetworkPlan, report: Report
) -> None:
    """Reports what an optimizer with a rule of its own cannot be used with."""
    if not has_own_rule(train):
        return
    rule, path = train.optimizer.type, "/train/optimizer"
    if train.losses:
        report.add("train.rule_losses", "/train/losses", fix=remove("/train/losses"), rule=rule)
    last = next((layer for layer in network.layers if layer.name == network.output), None)
    if last is not None and not _fits(last, rule):
        activations = " / ".join(_ACTIVATIONS[rule])
        report.add("train.rule_layer", path, layer=last.name, rule=rule, activations=activations)
    if dataset is None or last is None:
        return
    if isinstance(train.optimizer, Kmeans):
        units, samples = last.output[-1], dataset.sizes["train"]
        if units > samples:
            report.add("train.too_many_centres", path, units=units, samples=samples)
        return
    if dataset.task != "classification":
        fix = replace(path, "sgd")
        report.add("train.rule_task", path, fix=fix, rule=rule)
    elif last.output not in _answers(dataset):
        wanted = list(_answers(dataset)[0])
        report.add("train.rule_shape", path, rule=rule, wanted=wanted, output=list(last.output))


def _answers(dataset: DatasetPlan) -> list[tuple[int, ...]]:
    classes = len(dataset.classes)
    return [(1,), (2,)] if classes == 2 else [(classes,)]


def _fits(last: LayerPlan, rule: str) -> bool:
    fields = last.fields
    if last.type != "linear" or len(last.output) != 1 or not fields["trainable"]:
        return False
    if rule == "kmeans" and not fields["bias"]:
        return False
    return fields["activation"] in _ACTIVATIONS[rule]
