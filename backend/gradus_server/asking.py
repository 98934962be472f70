"""What a sweep tries next, asked of Optuna's samplers: a function of the rows alone.

Settings come in rounds. A round is asked for when all before it has ended, so what is tried does
not hang on which member was faster, and any server can ask: the sampler is made anew each time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gradus.seeds import derive
from gradus.sweeps.request import Range, SweepRequest, Values

SEED_LIMIT = 2**32  # of numpy's generators


def round_size(request: SweepRequest, asked: int) -> int:
    """How many settings the next round has."""
    return min(request.round, request.settings - asked)


def next_settings(
    request: SweepRequest,
    asked: int,
    tried: Sequence[Mapping[str, Any]],
    results: Sequence[float | None],
) -> list[tuple[Any, ...]]:
    """The settings of the next round, from those before and what they came to: less is better,
    None is a failure. Both in the order of their numbers; `asked` is how many there were."""
    import optuna  # half a second that only a sweep by such a method pays

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = {each.path: _distribution(each) for each in request.vary}
    told = [
        (_inward(request, values), result) for values, result in zip(tried, results, strict=True)
    ]
    study = (_by_tpe if request.method == "tpe" else _by_cmaes)(request, space, told)
    fresh = [study.ask(space).params for _ in range(round_size(request, asked))]
    return [_outward(request, params) for params in fresh]


def _by_tpe(request: SweepRequest, space: Mapping[str, Any], told: Sequence[Any]) -> Any:
    """Tree-structured Parzen estimators (Bergstra et al. 2011); a round is kept apart by counting
    what is under way as bad."""
    import optuna

    seed = derive(request.seed, "sweep", "tpe", len(told)) % SEED_LIMIT
    sampler = optuna.samplers.TPESampler(seed=seed, constant_liar=True)
    study = optuna.create_study(sampler=sampler)
    for params, result in told:
        state = optuna.trial.TrialState.FAIL if result is None else None
        study.add_trial(
            optuna.trial.create_trial(
                params=params,
                distributions=dict(space),
                value=result,
                state=state or optuna.trial.TrialState.COMPLETE,
            )
        )
    return study


def _by_cmaes(request: SweepRequest, space: Mapping[str, Any], told: Sequence[Any]) -> Any:
    """Covariance matrix adaptation (Hansen 2016). Its state is in what it was told, in order, so
    all is asked and told again."""
    import optuna

    seed = derive(request.seed, "sweep", "cmaes") % SEED_LIMIT
    study = optuna.create_study(
        sampler=optuna.samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False)
    )
    for start in range(0, len(told), request.round):
        part = told[start : start + request.round]
        for params, _ in part:
            study.enqueue_trial(params)
        trials = [study.ask(dict(space)) for _ in part]
        for trial, (_, result) in zip(trials, part, strict=True):
            if result is None:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
            else:
                study.tell(trial, result)
    return study


def _distribution(vary: Values | Range) -> Any:
    """Values by their places in the list, since they may be anything; so are steps."""
    from optuna import distributions

    if isinstance(vary, Values):
        return distributions.CategoricalDistribution(range(len(vary.values)))
    if vary.step is not None:
        return distributions.IntDistribution(0, vary.steps)
    if vary.whole:
        return distributions.IntDistribution(int(vary.low), int(vary.high), log=vary.log)
    return distributions.FloatDistribution(vary.low, vary.high, log=vary.log)


def _inward(request: SweepRequest, values: Mapping[str, Any]) -> dict[str, Any]:
    """A member's values as the sampler knows them."""
    return {each.path: _number(each, values[each.path]) for each in request.vary}


def _number(vary: Values | Range, value: Any) -> Any:
    if isinstance(vary, Values):
        return vary.values.index(value)
    if vary.step is not None:
        return round((value - vary.low) / vary.step)
    return value


def _outward(request: SweepRequest, params: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(_value(each, params[each.path]) for each in request.vary)


def _value(vary: Values | Range, number: Any) -> Any:
    if isinstance(vary, Values):
        return vary.values[number]
    return number if vary.step is None else vary.at(number)
