"""The next batch in slow motion: what it will do to every number, before it is taken."""

import torch
from torch import Tensor, nn

from gradus.probes import BatchProbe
from gradus_engine.probes.picture import Picture, numbers
from gradus_engine.probes.weights import MOST_PARAMETERS
from gradus_engine.session import Session

# As many numbers as the outputs of one sample may have: they travel for values and for gradients.
MOST_OUTPUTS = 100_000


def batch(session: Session, probe: BatchProbe) -> Picture:
    """One step of a twin of this session, in train mode, with the next batch.

    `values/{layer}` and `deltas/{layer}` are means over the batch: of the outputs, and of the
    gradient of each sample's loss with respect to them. `gradients/{parameter}` is what the
    optimizer is given, with penalties and clipping; `updates/{parameter}` what it adds.
    """
    totals = session.plan.totals
    outputs = totals.activation_bytes // 4
    if totals.parameters > MOST_PARAMETERS or outputs > MOST_OUTPUTS:
        raise ValueError(
            f"slow motion is for networks of up to {MOST_PARAMETERS:,} parameters and "
            f"{MOST_OUTPUTS:,} outputs; this one has {totals.parameters:,} and {outputs:,}"
        )
    tensors, meta = session.state()
    meta.pop("switched", None)  # compiled steps tell nothing of what happens within them
    twin = Session(
        session.plan,
        device=session.device,
        threads=session.threads,
        state=(tensors, meta),
        tier="eager",  # nor does the compiled loop
    )
    if twin.finished:
        raise ValueError("all epochs are over; there is no next batch")
    seen = _Seen(twin.network.layers)
    before = twin.flat.values.clone()
    twin.advance()
    record = twin.take_record()
    moved = twin.flat.values - before
    arrays = {f"values/{name}": value for name, value in seen.values.items()}
    arrays |= {f"deltas/{name}": delta for name, delta in seen.deltas.items()}
    for name in twin.flat.places:
        arrays[f"gradients/{name}"] = twin.flat.slice(twin.flat.gradients, name)
        arrays[f"updates/{name}"] = twin.flat.slice(moved, name)
    told = {
        "size": twin.samples - session.samples,
        "loss": float(record["train/loss"][0]),
        "rate": session.learning_rate * session.rate_share,
    }
    # Flat: three axes would travel as bytes, which is too coarse for numbers that are read.
    flat = {name: numbers(tensor).reshape(-1) for name, tensor in arrays.items()}
    return Picture("batch", session.step, flat, told)


class _Seen:
    """Outputs of the layers and what flows back to them, as a pass goes by."""

    def __init__(self, layers: nn.ModuleDict) -> None:
        self.values: dict[str, Tensor] = {}
        self.deltas: dict[str, Tensor] = {}
        for name, layer in layers.items():
            layer.register_forward_hook(
                lambda _module, _inputs, output, name=name: self._see(name, output)
            )

    def _see(self, name: str, output: Tensor | tuple[Tensor, ...]) -> None:
        value = output if isinstance(output, Tensor) else output[0]
        self.values[name] = value.detach().mean(0)
        if value.requires_grad:
            # The loss is a mean over the batch: the sum of its gradients is the mean of theirs.
            value.register_hook(lambda delta: self._feel(name, delta))  # type: ignore[no-untyped-call]

    def _feel(self, name: str, delta: Tensor) -> None:
        self.deltas[name] = torch.nan_to_num(delta.detach().sum(0))
