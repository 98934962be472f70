"""The steps of an alternation, each with its calls, losses and optimizer."""

from collections.abc import Mapping, Sequence

from gradus.alternation.calls import TAKEN, Calls, tell_unknown
from gradus.alternation.losses import StepLosses
from gradus.entries import NAME
from gradus.networks import Draft
from gradus.patch import remove
from gradus.planned import CallPlan, DatasetPlan, LossPlan, StepPlan
from gradus.pointer import join
from gradus.problems import Report, show
from gradus.train import Step, Train

PATH = "/train/steps"
LOSSLESS = ("perceptron", "kmeans")  # rules that follow no gradient of a loss


def plan_steps(
    train: Train,
    networks: Mapping[str, Draft | None],
    dataset: DatasetPlan | None,
    report: Report,
) -> tuple[StepPlan, ...]:
    """Every step with its defaults written out; reports what could not be computed.

    `networks` are all of the document; None stands for one with a fault of its own.
    """
    for field in ("losses", "metrics"):
        if getattr(train, field):
            path = f"/train/{field}"
            report.add("steps.field", path, fix=remove(path), field=field)
    if train.steps is None:
        if dataset is not None:
            report.add("steps.missing", "", expected="train.steps")
        return ()
    taken: set[str] = set()
    planned = []
    for index, step in enumerate(train.steps):
        path = join(PATH, index)
        name = step.name or step.update[0]
        _check_name(name, taken, path if step.name is None else join(path, "name"), report)
        taken.add(name)
        planned.append(_plan(step, name, path, train, networks, dataset, report))
    if dataset is not None and not any(step.reads("batch") for step in planned):
        report.add("steps.no_batch", PATH)
    return tuple(planned)


def _check_name(name: str, taken: set[str], path: str, report: Report) -> None:
    if not NAME.fullmatch(name):
        report.add("name.form", path, got=show(name), name=show(name))
    elif name in TAKEN:
        report.add("name.reserved", path, name=name)
    elif name in taken:
        report.add("name.taken", path, name=name)


def _plan(
    step: Step,
    name: str,
    path: str,
    train: Train,
    networks: Mapping[str, Draft | None],
    dataset: DatasetPlan | None,
    report: Report,
) -> StepPlan:
    told = len(report.problems)
    calls = Calls(step.calls, join(path, "calls"), networks, dataset, report)
    losses = StepLosses(calls, dataset, report).plan(step, join(path, "losses"))
    reached = _reached(calls.plans, losses, networks) if len(report.problems) == told else None
    _check_update(step, reached, join(path, "update"), networks, report)
    optimizer = step.optimizer or train.optimizer
    if optimizer.type in LOSSLESS:
        place = join(path, "optimizer") if step.optimizer else "/train/optimizer"
        report.add("step.rule", place, got=optimizer.type, type=optimizer.type)
    return StepPlan(
        name=name,
        update=step.update,
        calls=tuple(calls.plans),
        losses=losses,
        optimizer=optimizer.model_dump(mode="json"),
        every=step.every,
        repeat=step.repeat,
    )


def _check_update(
    step: Step,
    reached: set[str] | None,
    path: str,
    networks: Mapping[str, Draft | None],
    report: Report,
) -> None:
    """Reports names that cannot be updated; `reached` is None where the step has other faults."""
    for index, name in enumerate(step.update):
        place = join(path, index)
        if name not in networks:
            tell_unknown(name, networks, place, report)
        elif name in step.update[:index]:
            report.add("step.update_twice", place, fix=remove(place), name=name)
        elif reached is not None and name not in reached:
            report.add("step.unreached", place, name=name)


def _reached(
    calls: Sequence[CallPlan],
    losses: Sequence[LossPlan],
    networks: Mapping[str, Draft | None],
) -> set[str]:
    """Networks that some loss of the step has a gradient for."""
    by_name = {call.name: call for call in calls}
    waiting = [each for loss in losses for each in (loss.input, loss.target) if each in by_name]
    seen: set[str] = set()
    while waiting:
        call = by_name[waiting.pop()]
        if call.name in seen or call.detach:
            continue
        seen.add(call.name)
        waiting += [source for source in call.sources.values() if source in by_name]
    called = {by_name[name].network for name in seen}
    # A network that another calls by its name holds tensors of that other's ties.
    return called | {
        own.partition("/")[0]
        for name in called
        if (draft := networks.get(name)) is not None
        for own in draft.plan.ties.values()
    }
