"""A session as tensors and JSON, so that going on from it equals never having stopped."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from gradus_engine.tiers.switching import switch

if TYPE_CHECKING:
    from gradus_engine.session import Session

FORMAT = 1
NUMBERS = ("step", "samples", "elapsed", "learning_rate", "batch_size", "l1", "l2")


def state(session: Session) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Copies of weights, buffers (`network/…`) and optimizer (`optimizer/{slot}/…`), and their JSON.

    The order of samples and the draws of layers need no state: they follow from seed and step. What
    transforms were fitted to (`data/transforms[0].mean`) is there for those who export the weights.
    """
    tensors = {
        f"network/{name}": value for name, value in session.network.layers.own_state().items()
    }
    for slot, vector in session.optimizer.vectors.items():
        for name in session.flat.places:
            tensors[f"optimizer/{slot}/{name}"] = session.flat.slice(vector, name)
    tensors |= {f"best/{name}": value for name, value in session.steering.tensors().items()}
    tensors |= session.dataset.fitted
    meta: dict[str, Any] = {name: getattr(session, name) for name in NUMBERS}
    meta |= {"format": FORMAT, "spec_hash": session.plan.hash, "identity": session.identity()}
    meta["optimizer"] = {
        "type": session.plan.train.optimizer["type"],
        "count": session.optimizer.count,
    }
    meta["verdicts"] = copy.deepcopy(session.verdicts.memory)
    meta["steering"] = session.steering.state()
    if session.quick is not None:
        meta["switched"] = {"tier": session.quick.tier, "key": session.quick.key}
    return copies(tensors), meta


def copies(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same in host memory, apart from what goes on training."""
    copied = {name: tensor.detach().to("cpu", copy=True) for name, tensor in tensors.items()}
    return {name: each.contiguous() for name, each in copied.items()}


def restore(session: Session, tensors: Mapping[str, Tensor], meta: Mapping[str, Any]) -> None:
    """Put `state` back into a session of the same plan.

    Raises ValueError when the state belongs to another format or network.
    """
    check(session.network.layers.own_state(), tensors, meta)
    for name in NUMBERS:
        setattr(session, name, meta[name])
    session.verdicts.memory |= copy.deepcopy(meta.get("verdicts", {}))
    session.threads = meta["identity"]["threads"]
    session.optimizer.count = meta["optimizer"]["count"]
    with torch.no_grad():
        for name, value in session.network.layers.own_state().items():
            value.copy_(tensors[f"network/{name}"])
    for slot, vector in session.optimizer.vectors.items():
        for name in session.flat.places:
            session.flat.slice(vector, name).copy_(tensors[f"optimizer/{slot}/{name}"])
    if "switched" in meta:
        switch(session, **meta["switched"])
    if meta["spec_hash"] == session.plan.hash:
        # A fork with a change is judged by its own measures alone.
        best = {name[5:]: value for name, value in tensors.items() if name.startswith("best/")}
        session.steering.restore(meta.get("steering", {}), best)


def check(
    own: Mapping[str, Tensor], tensors: Mapping[str, Tensor], meta: Mapping[str, Any]
) -> None:
    """Raises ValueError when a state is of another format, or not that of a network's `own`."""
    if meta.get("format") != FORMAT:
        raise ValueError(
            f"a checkpoint of format {meta.get('format')} cannot be read; expected {FORMAT}"
        )
    for name, value in own.items():
        found = tensors.get(f"network/{name}")
        if found is None or found.shape != value.shape:
            got = "nothing" if found is None else list(found.shape)
            raise ValueError(f"the checkpoint has {got} for {name}, expected {list(value.shape)}")
