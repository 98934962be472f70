"""What networks cost in all."""

from collections.abc import Mapping
from math import prod

from gradus.inference import BYTES
from gradus.optimizers import slots
from gradus.planned import NetworkPlan, StepPlan, Totals, TrainPlan


def totals(network: NetworkPlan, train: TrainPlan) -> Totals:
    """Counts over all layers, and an estimate of the memory that one training step needs.

    The estimate is weights, their gradients and the optimizer's own numbers, and for each sample
    of a batch every output and its gradient, and what layers keep within.
    """
    layers = network.layers
    parameters = sum(layer.parameter_count for layer in layers)
    trainable = _trainable(network)
    activations = sum(layer.activation_bytes for layer in layers)
    return Totals(
        parameters=parameters,
        trainable=trainable,
        multiply_adds=sum(layer.multiply_adds for layer in layers),
        activation_bytes=activations,
        training_bytes=_width(train)
        * (
            BYTES * (parameters + (1 + slots(train.optimizer)) * trainable)
            + sample_bytes(network) * train.batch_size
        ),
    )


def sample_bytes(network: NetworkPlan) -> int:
    """What a step of training needs for each sample of its batch, float32."""
    return sum(2 * layer.activation_bytes + layer.kept_bytes for layer in network.layers)


def together(networks: Mapping[str, NetworkPlan], train: TrainPlan) -> Totals:
    """The sums over several networks.

    Each step that updates a network keeps numbers of its own for it; outputs are counted for the
    step that calls most at once.
    """
    each = {name: totals(network, train) for name, network in networks.items()}
    own = sum(
        slots(step.optimizer) * each[name].trainable for step in train.steps for name in step.update
    )
    held = {name: sample_bytes(network) for name, network in networks.items()}
    most = max((_called(step, held) for step in train.steps), default=0)
    parameters = sum(one.parameters for one in each.values())
    trainable = sum(one.trainable for one in each.values())
    return Totals(
        parameters=parameters,
        trainable=trainable,
        multiply_adds=sum(one.multiply_adds for one in each.values()),
        activation_bytes=sum(one.activation_bytes for one in each.values()),
        training_bytes=_width(train)
        * (BYTES * (parameters + trainable + own) + most * train.batch_size),
    )


def _width(train: TrainPlan) -> int:
    """How many float32 one number takes, for all members of an ensemble.

    Products in bfloat16 save less than the estimate is off.
    """
    ensemble = train.ensemble or {"members": 1, "method": "snapshot"}
    members: int = 1 if ensemble["method"] == "snapshot" else ensemble["members"]
    return members * (2 if train.precision == "float64" else 1)


def _called(step: StepPlan, held: Mapping[str, int]) -> int:
    return sum(held[call.network] for call in step.calls)


def _trainable(network: NetworkPlan) -> int:
    tensors = [each for layer in network.layers for each in layer.parameters if each.tied is None]
    return sum(prod(each.shape) for each in tensors if each.trainable and not each.buffer)
