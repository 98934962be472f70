"""A plain function, and the way that its descent took. K variables, R the resolution, P points."""

import numpy as np
import torch

from gradus.probes import DescentProbe
from gradus_engine.layers.function import Function
from gradus_engine.probes.picture import Picture, numbers
from gradus_engine.session import Session

MOST_POINTS = 512


def descent(session: Session, probe: DescentProbe) -> Picture:
    """`values` of f over a window, `path` [P, K + 1] of variables and value, the last of which is now.

    `values` is [R] of one variable; of two [R, R], rows by the second one, the topmost the greatest;
    of more there are none. Without an `extent` the window holds the start and where it stands now.
    Raises ValueError where the session descends no plain function.
    """
    module = session.network.layers["function"] if session.plan.descends else None
    if not isinstance(module, Function):
        raise ValueError("descent needs a plain function; this is a network")
    with torch.no_grad():
        here = {name: module.get_parameter(name) for name in module.variables}
        path = torch.cat([module.way(), module.point(module.at(here)).unsqueeze(0)])
        start = path[:1]
        path = path[-MOST_POINTS:]
        extent = probe.extent or _extent(np.abs(numbers(torch.cat([start, path[-1:]])[:, :-1])))
        arrays = {"path": numbers(path)}
        if len(module.variables) <= 2:
            arrays["values"] = numbers(_values(module, extent, probe.resolution))
    meta = {
        "expression": session.plan.network.layers[0].fields["expression"],
        "variables": list(module.variables),
        "extent": extent,
    }
    return Picture("descent", session.step, arrays, meta)


def _extent(far: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    """Half the side of a window that is at rest while a descent stays near where it began."""
    finite = far[np.isfinite(far)]
    extent, furthest = 2.0, 1.1 * float(finite.max(initial=1.0))
    while extent < furthest and extent < LARGEST:
        extent *= 2
    return extent


LARGEST = 2.0**20


def _values(module: Function, extent: float, resolution: int) -> torch.Tensor:
    like = module.get_parameter(module.variables[0])
    axis = torch.linspace(-extent, extent, resolution, dtype=torch.float64).to(like)
    if len(module.variables) == 1:
        return module.at({module.variables[0]: axis}).expand(resolution)
    rows, columns = torch.meshgrid(-axis, axis, indexing="ij")
    first, second = module.variables
    return module.at({first: columns, second: rows}).expand(resolution, resolution)
