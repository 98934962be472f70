"""L1 and L2 penalties on weights."""

from torch import Tensor

from gradus_engine.flat import FlatParameters


def penalize(flat: FlatParameters, l1: float, l2: float) -> Tensor:
    """Add the gradient of l1 Σ|w| + l2/2 Σw² to the gradients; answers its value, a scalar.

    w runs over matrices and kernels. With the half, `l2` is what PyTorch calls weight decay.
    """
    value = flat.weights.new_zeros(())
    if l1:
        flat.weight_gradients.add_(flat.weights.sign(), alpha=l1)
        value += l1 * flat.weights.abs().sum()
    if l2:
        flat.weight_gradients.add_(flat.weights, alpha=l2)
        value += 0.5 * l2 * flat.weights.square().sum()
    return value
