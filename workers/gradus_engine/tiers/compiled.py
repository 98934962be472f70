"""The gradient of a step as native code that was compiled ahead."""

from pathlib import Path

from torch import Tensor

from gradus_engine.flat import FlatParameters
from gradus_engine.tiers.gradient import StaticGradient
from gradus_engine.tiers.quick import Tier


class CompiledGradient:
    """Runs the code at `path` on the tensors of a session, in place of plain steps."""

    tier: Tier = "compiled"

    def __init__(
        self, gradient: StaticGradient, flat: FlatParameters, path: Path, key: str
    ) -> None:
        # The loader alone: torch's own way to it imports the whole compiler, seconds of a core.
        from torch._C._aoti import AOTIModelPackageLoader

        self.key = key
        self.fits = gradient.fits
        self._tensors = gradient.tensors
        self._gradients = flat.gradients
        self._run = AOTIModelPackageLoader(str(path), "model", False, 1, -1).run

    def __call__(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The batch's output and its loss, a scalar, with its gradient in place."""
        output, loss, gradients = self._run(self._tensors(inputs, targets))
        self._gradients.copy_(gradients)
        return output, loss
