"""Functions of the plane: outputs over a square around the origin. R is the resolution."""

import torch
from torch import Tensor

from gradus.probes import FieldProbe, UnitFieldsProbe
from gradus_engine.evaluation import evaluating
from gradus_engine.probes.picture import Picture, numbers
from gradus_engine.session import Session


def field(session: Session, probe: FieldProbe) -> Picture:
    """What the network answers at every point: `field` [outputs, R, R].

    One unit trained by binary cross-entropy is shown as 2σ(z) − 1, so that a picture of two
    classes runs from −1 to +1 whatever the loss; several classes as their probabilities.
    """
    points = _points(session, probe)
    with evaluating(session.network):
        output = session.objective.shown(session.network(points))
    arrays = {"field": numbers(as_maps(output, probe.resolution))}
    return Picture("field", session.step, arrays, {"extent": probe.extent})


def unit_fields(session: Session, probe: UnitFieldsProbe) -> Picture:
    """The output of every unit at every point: one array [units, R, R] a layer, `input` included."""
    points = _points(session, probe)
    with evaluating(session.network):
        outputs = session.network.outputs(points)
    arrays = {
        name: numbers(as_maps(values.flatten(1), probe.resolution))
        for name, values in outputs.items()
    }
    return Picture("unit_fields", session.step, arrays, {"extent": probe.extent})


def _points(session: Session, probe: FieldProbe | UnitFieldsProbe) -> Tensor:
    if probe.network is not None:
        raise ValueError(f"this document has one network; {probe.network!r} names one of several")
    shape = tuple(session.dataset.train.inputs.shape[1:])
    if shape != (2,):
        raise ValueError(
            f"{probe.kind} needs inputs of two numbers; these have shape {list(shape)}"
        )
    return grid(probe, session.parts["train"].inputs)


def grid(probe: FieldProbe | UnitFieldsProbe, like: Tensor) -> Tensor:
    """Points [R·R, 2] at the centres of R × R cells, row by row; the first row is the top one."""
    cells = (torch.arange(probe.resolution, dtype=torch.float64) + 0.5) / probe.resolution
    x = (2 * cells - 1) * probe.extent
    points = torch.cartesian_prod(-x, x).flip(1)  # (y, x) with y falling → (x, y)
    return points.to(like.device, like.dtype)


def as_maps(values: Tensor, resolution: int) -> Tensor:
    """Values of units at the points of a grid as pictures."""
    return values.T.reshape(-1, resolution, resolution)  # [R·R, U] → [U, R, R]
