"""`function`: a plain function that is descended in place of a network.

It is planned as a network of one layer whose parameters are the variables, trained on one sample
that says nothing: so one epoch is one step, and all that holds for runs holds for it.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from gradus import limits
from gradus.arithmetic import Steps, Unreadable, read, real, variables
from gradus.patch import remove
from gradus.patch import replace as rewrite
from gradus.planned import (
    DatasetPlan,
    LayerPlan,
    LossPlan,
    NetworkPlan,
    ParameterPlan,
)
from gradus.problems import Report
from gradus.schedules import Plateau
from gradus.section import Finite, Section
from gradus.train import Train

NAME = "function"
PATH_POINTS = 1024  # of the way so far; thinned to half when it is full
# What a training of a function may be told; the rest is about samples, losses and networks.
FIELDS = frozenset(
    {
        "epochs", "optimizer", "schedule", "clip", "gradient_noise", "weight_decay", "tier",
        "precision", "on_nan", "seed",
    }
)  # fmt: skip
DATASET = DatasetPlan(
    name=NAME,
    version="1",
    options={},
    split={"train": 1.0, "validation": 0.0, "test": 0.0, "seed": 0, "stratify": False},
    task="regression",
    input=(1,),
    target=(),
    classes=(),
    sizes={"train": 1, "validation": 0, "test": 0},
)
LOSS = LossPlan("value", NAME, "", 1.0, {})


class Function(Section):
    """A function of one or several variables, and where its descent begins."""

    expression: Annotated[
        str,
        Field(
            min_length=1,
            max_length=limits.TEXT,
            description="Numbers, variables such as x or w2, + − × ÷, powers, sin, cos, exp, tanh, "
            "sqrt, log, pi.",
        ),
    ]
    start: Annotated[
        tuple[Finite, ...],
        Field(
            min_length=1,
            max_length=limits.VARIABLES,
            description="First value of each variable, in the order of the alphabet.",
        ),
    ]


def function_network(function: Function, path: str, report: Report) -> NetworkPlan | None:
    """The network that stands for a function written at `path`; None after reporting why not."""
    place = f"{path}/expression"
    try:
        steps = read(function.expression)
    except Unreadable as fault:
        near = fault.params.get("nearest")
        text = function.expression
        fix = rewrite(place, text.replace(fault.params["name"], near)) if near else None
        report.add(fault.code, place, got=text[:80], fix=fix, **fault.params)
        return None
    names = variables(steps)
    if not _fits(function, names, path, report) or not _has_value(function, steps, path, report):
        return None
    points = (PATH_POINTS, len(names) + 1)
    parameters = (
        *(ParameterPlan(name, (1,)) for name in names),
        ParameterPlan("_path", points, trainable=False, buffer=True),
        ParameterPlan("_seen", (), trainable=False, buffer=True),
    )
    layer = LayerPlan(
        name=NAME,
        type=NAME,
        fields={"expression": function.expression, "start": list(function.start)},
        inputs=("input",),
        input_shapes=((1,),),
        output=(1,),
        parameters=parameters,
        parameter_count=len(names),
        multiply_adds=0,
        activation_bytes=4,
        receptive_field=None,
        source=place,
    )
    return NetworkPlan("network", {"input": (1,)}, (layer,), NAME)


def _fits(function: Function, names: tuple[str, ...], path: str, report: Report) -> bool:
    count, given = len(names), len(function.start)
    if not names:
        report.add("function.constant", f"{path}/expression", got=function.expression)
    elif count > limits.VARIABLES:
        report.add(
            "function.variables", f"{path}/expression", expected=f"≤ {limits.VARIABLES}",
            got=str(count), count=count, limit=limits.VARIABLES,
        )  # fmt: skip
    elif count != given:
        fixed = [*function.start, *[0.0] * count][:count]
        report.add(
            "function.start", f"{path}/start", expected=str(count), got=str(given),
            fix=rewrite(f"{path}/start", fixed), count=given, names=", ".join(names),
        )  # fmt: skip
    else:
        return True
    return False


def _has_value(function: Function, steps: Steps, path: str, report: Report) -> bool:
    start = dict(zip(variables(steps), function.start, strict=True))
    if math.isfinite(real(steps, start)):
        return True
    said = ", ".join(f"{name} = {value:g}" for name, value in start.items())
    report.add("function.nowhere", f"{path}/start", got=said, start=said)
    return False


def check_training(written: Any, train: Train, report: Report) -> None:
    """Reports fields of `train`, as written (whatever JSON holds), that say nothing of a function."""
    for field in written if isinstance(written, Mapping) else ():
        if field in Train.model_fields and field not in FIELDS:
            path = f"/train/{field}"
            report.add("function.training", path, fix=remove(path), field=field)
    if isinstance(train.schedule, Plateau):
        path = "/train/schedule"
        report.add("function.training", path, fix=remove(path), field="plateau")


def function_json(network: NetworkPlan) -> dict[str, Any]:
    """The function as the resolved form and a plan hold it."""
    return dict(network.layers[0].fields)
