"""The plan of a training: every default written out, and held against the data."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradus.alternation import plan_steps
from gradus.composites.expansion import Expanded
from gradus.ensemble import check_ensemble
from gradus.function import DATASET, LOSS
from gradus.losses import judged, plan_losses
from gradus.metrics import FITTING, plan_metrics, plan_purity
from gradus.networks import Draft
from gradus.optimizers import AdamW
from gradus.own_rules import check_rule, clusters, has_own_rule
from gradus.patch import remove
from gradus.planned import DatasetPlan, LossPlan, NetworkPlan, TrainPlan
from gradus.problems import Report
from gradus.section import Section
from gradus.steering import Steering, check_measure
from gradus.train import Train


def plan_train(
    train: Train,
    dataset: DatasetPlan | None,
    network: NetworkPlan,
    expanded: Sequence[Expanded],
    outputs: Mapping[str, str | None],
    report: Report,
) -> TrainPlan:
    """The settings of a training; reports what the data or the network do not allow.

    `outputs` says which plain layer each name stands for.
    """
    if train.steps is not None:
        report.add("steps.one_network", "/train/steps")
    check_rule(train, dataset, network, report)
    losses: tuple[LossPlan, ...] = ()
    answers = not clusters(train)
    if not has_own_rule(train):
        losses = plan_losses(train, dataset, network, expanded, outputs, report)
        output = network.shapes.get(network.output, ())
        answers = dataset is not None and judged(dataset, output, losses)
    if clusters(train):
        metrics = plan_purity(train.metrics, dataset, report)
    else:
        metrics = plan_metrics(
            train.metrics, dataset, losses, network.output, report, answers=answers
        )
    _check_steering(train, dataset, metrics, report)
    check_ensemble(
        train.ensemble,
        network,
        losses,
        epochs=train.epochs,
        unfit=_of_one_network(train),
        scheduled=train.schedule.type != "constant",
        report=report,
    )
    return _settings(train, dataset, losses, metrics, report)


def plan_alternation(
    train: Train,
    dataset: DatasetPlan | None,
    networks: Mapping[str, Draft | None],
    report: Report,
) -> TrainPlan:
    """The settings of a training of several networks; `networks` as `plan_steps` takes them."""
    for name in ("early_stopping", "schedule"):
        if isinstance(getattr(train, name), Steering):
            report.add(
                "train.steering_networks",
                f"/train/{name}",
                fix=remove(f"/train/{name}"),
                field=name,
            )
    if train.ensemble is not None:
        path = "/train/ensemble"
        report.add("train.ensemble_networks", path, fix=remove(path))
    if has_own_rule(train):
        rule = train.optimizer.type
        report.add(
            "train.rule_networks", "/train/optimizer", fix=remove("/train/optimizer"), rule=rule
        )
    steps = plan_steps(train, networks, dataset, report)
    return replace(_settings(train, dataset, (), (), report), steps=steps)


def plan_descent(train: Train, report: Report) -> TrainPlan:
    """The settings of a descent of a plain function: one sample that says nothing, one step an epoch."""
    return replace(_settings(train, DATASET, (LOSS,), (), report), batch_size=1)


def _settings(
    train: Train,
    dataset: DatasetPlan | None,
    losses: tuple[LossPlan, ...],
    metrics: tuple[str, ...],
    report: Report,
) -> TrainPlan:
    if train.weight_decay and isinstance(train.optimizer, AdamW):
        path = "/train/weight_decay"
        report.add("train.decay_twice", path, fix=remove(path))
    if train.devices > 1:
        _check_devices(train, dataset, report)
    return TrainPlan(
        epochs=train.epochs,
        batch_size=_batch_size(train, dataset, report),
        optimizer=train.optimizer.model_dump(mode="json"),
        losses=losses,
        metrics=metrics,
        order=train.order,
        schedule=train.schedule.model_dump(mode="json"),
        clip=_dumped(train.clip),
        gradient_noise=_dumped(train.gradient_noise),
        l1=train.l1,
        l2=train.l2,
        tier=train.tier,
        devices=train.devices,
        precision=train.precision,
        on_nan=train.on_nan,
        seed=train.seed,
        early_stopping=_dumped(train.early_stopping),
        ensemble=_dumped(train.ensemble),
        weight_decay=train.weight_decay,
    )


def _dumped(section: Section | None) -> dict[str, Any] | None:
    return None if section is None else section.model_dump(mode="json", exclude_none=True)


def _of_one_network(train: Train) -> str | None:
    """The field by which training goes by what one network does."""
    if has_own_rule(train):
        return "optimizer"
    if train.early_stopping is not None:
        return "early_stopping"
    return "schedule" if isinstance(train.schedule, Steering) else None


def _check_steering(
    train: Train, dataset: DatasetPlan | None, metrics: Sequence[str], report: Report
) -> None:
    for place, steering in (("early_stopping", train.early_stopping), ("schedule", train.schedule)):
        if isinstance(steering, Steering):
            fitting = FITTING[dataset.task] if dataset else ()
            check_measure(steering, f"/train/{place}", dataset, metrics, fitting, report)


def _check_devices(train: Train, dataset: DatasetPlan | None, report: Report) -> None:
    path = "/train/devices"
    alone = {
        "ensemble": train.ensemble is not None,
        "steps": bool(train.steps),
        train.optimizer.type: train.optimizer.type in ("perceptron", "kmeans"),
    }
    for what in (name for name, holds in alone.items() if holds):
        report.add("train.devices_alone", path, fix=remove(path), what=what)
    size = _batch_size(train, dataset, report)
    if size < train.devices:
        report.add("train.devices_batch", path, fix=remove(path), devices=train.devices, size=size)


def _batch_size(train: Train, dataset: DatasetPlan | None, report: Report) -> int:
    if isinstance(train.batch_size, int):
        return train.batch_size
    if dataset is None:
        report.add("train.all_without_data", "/train/batch_size")
        return 1
    return dataset.sizes["train"]
