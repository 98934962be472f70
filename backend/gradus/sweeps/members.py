"""The members of a sweep: each setting as a document of its own, planned before anything is made."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradus.patch import Patch
from gradus.plan import plan
from gradus.planned import Plan
from gradus.pointer import join
from gradus.problems import Problem, Report, SpecError
from gradus.sweeps.placing import Misplaced, keys_of, placed
from gradus.sweeps.request import ASKED, Goal, Range, SweepRequest, Values
from gradus.sweeps.settings import ends, settings
from gradus.weights import Weights

LAYERS = 50_000  # of all members together, since each of them is planned in the request
SEED_LIMIT = 2**53
NO_SUCH_PLACE = frozenset({"field.unknown", "field.elsewhere", "field.not_available"})


@dataclass(frozen=True, slots=True)
class Member:
    """One network of a sweep; `values` by their pointers, `seed` of its training."""

    setting: int
    replicate: int
    seed: int
    values: Mapping[str, Any]
    document: Mapping[str, Any]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Refusal:
    """A setting that an algorithm chose and that cannot be planned; it trains nothing."""

    setting: int
    values: Mapping[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a request comes to: its members, none where they are asked for one by one, and the goal
    that they are judged by."""

    members: tuple[Member, ...]
    goal: Goal


def plan_sweep(
    request: SweepRequest, weights: Weights | None = None, most: float = math.inf
) -> Planned:
    """Every member planned, or the ends of every range where an algorithm will choose.

    `weights` finds kept weights, as for `plan`; a member has at most `most` parameters. Raises
    SpecError with problems whose paths point into the request; `params` say in which `member` (a
    setting, from 0) and `at` which place of its document.
    """
    report = Report()
    request.check(report)
    report.raise_if_any()
    asked = request.method in ASKED
    chosen = ends(request.vary) if asked else settings(request)
    members = tuple(plan_members(request, enumerate(chosen), report, weights, most))
    report.raise_if_any()
    goal = _goal(request, members[0].plan, report)
    if request.prune is not None:
        _check_prune(request, goal, members, report)
    report.raise_if_any()
    return Planned(() if asked else members, goal)


def plan_round(
    request: SweepRequest,
    chosen: Iterable[tuple[int, Sequence[Any]]],
    weights: Weights | None = None,
    most: float = math.inf,
) -> tuple[list[Member], list[Refusal]]:
    """The members of settings that an algorithm chose, and those settings that have none: what
    lies between the ends of a range was not planned before."""
    planned: list[Member] = []
    refused: list[Refusal] = []
    for number, values in chosen:
        report = Report()
        try:
            found = list(plan_members(request, [(number, values)], report, weights, most))
            report.raise_if_any()
            planned += found
        except SpecError as error:
            refused.append(Refusal(number, _by_path(request, values), error.problems))
    return planned, refused


def plan_members(
    request: SweepRequest,
    chosen: Iterable[tuple[int, Sequence[Any]]],
    report: Report,
    weights: Weights | None = None,
    most: float = math.inf,
) -> Iterable[Member]:
    """The members of settings, `seeds` of each. What cannot be planned is reported."""
    layers = 0
    for number, values in chosen:
        by_path = _by_path(request, values)
        document = _document(request, number, values, report)
        if document is None:
            continue
        for replicate in range(request.seeds):
            own, seed = _seeded(document, replicate, request.seeds)
            try:
                planned = plan(own, weights=weights)
            except SpecError as error:
                _blame(error.problems, request, number, values, report)
                break
            layers += len(planned.layers)
            if layers > LAYERS:
                report.add(
                    "sweep.layers", "/vary", expected=f"≤ {LAYERS}", limit=LAYERS,
                    layers=len(planned.layers),
                )  # fmt: skip
                return
            if planned.dataset is None:
                report.add("sweep.data", "/document", expected="data")
                return
            if planned.totals.parameters > most:
                report.add(
                    "http.run_parameters", _whole_place(request, values), expected=f"≤ {most}",
                    limit=most, count=planned.totals.parameters, member=number,
                )  # fmt: skip
                break
            yield Member(
                number,
                replicate,
                planned.train.seed if seed is None else seed,
                by_path,
                own,
                planned,
            )


def _by_path(request: SweepRequest, values: Sequence[Any]) -> dict[str, Any]:
    return {vary.path: value for vary, value in zip(request.vary, values, strict=True)}


def _whole_place(request: SweepRequest, values: Sequence[Any]) -> str:
    """Where what is wrong with a member as a whole comes from: its value, where there is one."""
    single = len(request.vary) == 1
    return _value(request.vary[0], join("/vary", 0), values[0]) if single else "/vary"


def _document(
    request: SweepRequest, number: int, values: Sequence[Any], report: Report
) -> dict[str, Any] | None:
    document: Any = request.document
    for index, (vary, value) in enumerate(zip(request.vary, values, strict=True)):
        try:
            document = placed(document, vary.path, value)
        except Misplaced as error:
            place = join("/vary", index, "path")
            report.add("sweep.path", place, got=vary.path, place=vary.path, at=error.at or "/")
            return None
    return dict(document)


def _seeded(
    document: dict[str, Any], replicate: int, seeds: int
) -> tuple[dict[str, Any], int | None]:
    """The document of the so manieth seed: the first keeps its own, the others count on from it."""
    train = document.get("train")
    own = train.get("seed", 0) if isinstance(train, Mapping) else 0
    if seeds == 1 or not isinstance(own, int) or isinstance(own, bool):
        return document, None
    seed = (own + replicate) % SEED_LIMIT
    return placed(document, "/train/seed", seed), seed


def _blame(
    found: Sequence[Problem],
    request: SweepRequest,
    number: int,
    values: Sequence[Any],
    report: Report,
) -> None:
    """A member's problems at the places of the request that they come from."""
    for each in found:
        path = _place(request, each, values)
        fix = each.fix if path.startswith("/document") and each.fix else None
        report.put(
            each.model_copy(
                update={
                    "path": path,
                    "params": {**each.params, "member": number, "at": each.path},
                    "fix": None if fix is None else _moved(fix),
                }
            )
        )


def _place(request: SweepRequest, found: Problem, values: Sequence[Any]) -> str:
    for index, vary in enumerate(request.vary):
        place = join("/vary", index)
        if found.path == vary.path and found.code in NO_SUCH_PLACE:
            return join(place, "path")
        # What was made on the way to the place, and has no business there.
        if vary.path.startswith(f"{found.path}/") and not _stands(request.document, found.path):
            return join(place, "path")
        if f"{found.path}/".startswith(f"{vary.path}/"):
            return _value(vary, place, values[index])
    return f"/document{found.path}"


def _stands(document: Mapping[str, Any], pointer: str) -> bool:
    here: Any = document
    for key in keys_of(pointer):
        if isinstance(here, list) and key.isdecimal() and int(key) < len(here):
            here = here[int(key)]
        elif isinstance(here, Mapping) and key in here:
            here = here[key]
        else:
            return False
    return True


def _value(vary: Values | Range, place: str, value: Any) -> str:
    if isinstance(vary, Values):
        return join(place, "values", _index(vary.values, value))
    bounds = {vary.low: "low", vary.high: "high"}
    return join(place, bounds[value]) if value in bounds else place


def _index(values: Sequence[Any], value: Any) -> int:
    return next((i for i, each in enumerate(values) if each is value), values.index(value))


def _moved(fix: Patch) -> Patch:
    """A patch of the document as one of the request."""
    return [{**each, "path": f"/document{each['path']}"} for each in fix]


def _goal(request: SweepRequest, planned: Plan, report: Report) -> Goal:
    validated = bool(planned.dataset and planned.dataset.sizes["validation"])
    if request.goal is None:
        return Goal(series="validation/loss" if validated else "train_eval/loss")
    part, _, measure = request.goal.series.partition("/")
    if part == "validation" and not validated:
        report.add("sweep.no_validation", "/goal/series", expected="train_eval/loss")
    known = ["loss", *(name for name in planned.train.metrics if name != "confusion")]
    if not planned.several and not planned.descends and measure not in known:
        options = ", ".join(f"{part}/{name}" for name in known)
        report.add(
            "sweep.series_unknown", "/goal/series", expected=options, got=request.goal.series,
            series=request.goal.series, options=options,
        )  # fmt: skip
    return request.goal


def _check_prune(
    request: SweepRequest, goal: Goal, members: Sequence[Member], report: Report
) -> None:
    """A member is judged at ends of epochs by what can be measured there."""
    if goal.series.startswith("train/"):
        report.add("sweep.prune_series", "/goal/series", got=goal.series, series=goal.series)
    longest = max(member.plan.train.epochs for member in members)
    if request.prune is not None and request.prune.after >= longest:
        report.add(
            "sweep.prune_after", "/prune/after", expected=f"< {longest}",
            got=str(request.prune.after), epochs=longest,
        )  # fmt: skip
