"""The loss of a network of two trainable numbers, as a surface over them. R is the resolution."""

import math

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from gradus.probes import SurfaceProbe
from gradus_engine.evaluation import Judge, evaluating
from gradus_engine.flat import FlatParameters
from gradus_engine.probes.picture import Picture, numbers
from gradus_engine.session import Session

# As many numbers as the outputs of one pass over several places may have.
MOST_AT_ONCE = 2**22
NARROWEST, WIDEST = 2.0, 2.0**20


def surface(session: Session, probe: SurfaceProbe) -> Picture:
    """`values` [R, R] of the data loss, as `train_eval/loss` has it: without penalties, in eval mode.

    Columns go by the first number, rows by the second, the topmost the greatest. `here` [3] are the
    two numbers now and the loss there. Raises ValueError where there are not exactly two.
    """
    count = len(session.flat)
    if session.plan.descends:
        raise ValueError("surface is for networks; the probe descent shows a plain function")
    if count != 2:
        raise ValueError(
            f"surface needs a network of two trainable numbers; this one has {count:,}"
        )
    here = session.flat.values.detach().clone()
    low, high = (probe.low, probe.high) if probe.low and probe.high else _window(here)
    with evaluating(session.network):
        losses = _losses(session, torch.cat([_grid(low, high, probe.resolution, here), here[None]]))
    arrays = {
        "values": numbers(losses[:-1].reshape(probe.resolution, probe.resolution)),
        "here": numbers(torch.cat([here, losses[-1:]])),
    }
    meta = {"parameters": _names(session.flat), "low": list(low), "high": list(high)}
    return Picture("surface", session.step, arrays, meta)


Corner = tuple[float, ...]


def _window(here: Tensor) -> tuple[Corner, Corner]:
    """Around 0, at rest while the numbers stay in it: each side doubles as they come near it."""
    high = tuple(_half(abs(float(value))) for value in here)
    return tuple(-side for side in high), high


def _half(far: float) -> float:
    if not math.isfinite(far):
        return NARROWEST
    half = NARROWEST
    while half < 1.1 * far and half < WIDEST:
        half *= 2
    return half


def _grid(low: Corner, high: Corner, resolution: int, like: Tensor) -> Tensor:
    """The places of the window, row by row from the top: [R², 2]."""
    first, second = (
        torch.linspace(*ends, resolution, dtype=torch.float64).to(like)
        for ends in zip(low, high, strict=True)
    )
    rows, columns = torch.meshgrid(second.flip(0), first, indexing="ij")
    return torch.stack([columns.flatten(), rows.flatten()], dim=1)


class _Judged(nn.Module):
    """A network with its loss, so that both can be called with other parameters."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.network = session.network
        self._objective: Judge = session.objective

    def forward(self, inputs: Tensor, targets: Tensor) -> Tensor:
        return self._objective(self.network, inputs, targets)[1]


def _losses(session: Session, places: Tensor) -> Tensor:
    """The loss over the samples of `train_eval` at each of the places [P, 2]: [P]."""
    judged, part, flat = _Judged(session), session.parts["train_eval"], session.flat

    def loss(place: Tensor) -> Tensor:
        own = {f"network.layers.{name}": flat.slice(place, name) for name in flat.places}
        found: Tensor = functional_call(judged, own, (part.inputs, part.targets))
        return found

    each = max(1, len(part) * session.plan.totals.activation_bytes // 4)
    chunks = torch.split(places, max(1, MOST_AT_ONCE // each))
    try:
        return torch.cat([vmap(loss)(chunk) for chunk in chunks])
    except RuntimeError as reason:
        # Some layers have no form for many weights at once.
        raise ValueError(f"surface cannot be computed for these layers: {reason}") from reason


def _names(flat: FlatParameters) -> list[str]:
    """What the two numbers are called: the parameter, with its index where it holds both."""
    names: list[str] = []
    for name, place in flat.places.items():
        size = place.end - place.start
        indexed = [f"{name}[{', '.join(map(str, _index(at, place.shape)))}]" for at in range(size)]
        names += [name] if size == 1 else indexed
    return names


def _index(at: int, shape: torch.Size) -> list[int]:
    index: list[int] = []
    for length in reversed(shape):
        at, rest = divmod(at, length)
        index.insert(0, rest)
    return index
