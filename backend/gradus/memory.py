"""What one step of training needs in memory, told before anything is built.

It is for whoever has to choose a batch, so it may be too much, but hardly too little: where PyTorch
frees early (chains of convolutions, normalization), a step takes a third of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from math import prod

from gradus.inference import BYTES
from gradus.optimizers import slots
from gradus.planned import LayerPlan, LossPlan, NetworkPlan, Shape, StepPlan, TrainPlan

OWN = 2**14  # what the smallest step takes: its record, and scalars that lie in 64 bytes each
_FUSED = frozenset({"sgd", "adam", "adamw"})  # their updates need nothing beside what they keep
_BLOCK = 16  # channels that lie side by side in a convolution's own layout; missing ones are zeros
_DRAWN = 4  # copies of a batch while transforms make one of the other
_CONVOLUTIONS = frozenset({"conv2d", "conv_transpose2d"})


def training_bytes(networks: Mapping[str, NetworkPlan], train: TrainPlan) -> int:
    """Bytes of one step: weights, gradients, the optimizer's own, the batch and all made of it."""
    numbers = {name: trainable(network) for name, network in networks.items()}
    every = chain.from_iterable(network.layers for network in networks.values())
    parameters = sum(layer.parameter_count for layer in every)
    held = parameters + sum(numbers.values()) + _kept(numbers, train)
    passing = _passing(train) * max(numbers.values(), default=0)
    batch = _batch_bytes(networks, train) + 2 * BYTES * _largest(networks)
    return _width(train) * (OWN + BYTES * held + max(batch, BYTES * passing))


def largest_batch(networks: Mapping[str, NetworkPlan], train: TrainPlan, memory: int) -> int:
    """The most samples, at most those of `train`, whose step fits in `memory` bytes; 0 for none."""
    fits, too_many = 0, train.batch_size + 1
    while too_many - fits > 1:
        tried = (fits + too_many) // 2
        if training_bytes(networks, replace(train, batch_size=tried)) <= memory:
            fits = tried
        else:
            too_many = tried
    return fits


def _kept(numbers: Mapping[str, int], train: TrainPlan) -> int:
    """Numbers that the update rules keep. Each step has a rule of its own for what it updates."""
    copies = _copies(train) * sum(numbers.values())
    if not train.steps:
        return copies + slots(train.optimizer) * sum(numbers.values())
    return copies + sum(
        slots(step.optimizer) * numbers[name] for step in train.steps for name in step.update
    )


def _copies(train: TrainPlan) -> int:
    """How often the weights are kept beside those in training."""
    ensemble = train.ensemble or {"method": "", "members": 0}
    snapshots: int = ensemble["members"] if ensemble["method"] == "snapshot" else 0
    return snapshots + (train.early_stopping is not None)


def _passing(train: TrainPlan) -> int:
    """Numbers for each parameter that are there during an update alone."""
    rules = {train.optimizer["type"], *(step.optimizer["type"] for step in train.steps)}
    tamed = train.l1 or train.l2 or train.gradient_noise
    return 2 if tamed or not rules <= _FUSED else 0


def _batch_bytes(networks: Mapping[str, NetworkPlan], train: TrainPlan) -> int:
    """What the samples of a batch take: themselves, every output, its gradient, and the losses."""
    each = {name: _sample_bytes(network) for name, network in networks.items()}
    if not train.steps:
        # Several without steps are trained by nobody: as much as the largest of them alone.
        shapes = {name: each for net in networks.values() for name, each in net.shapes.items()}
        read = [(loss, shapes[loss.input]) for loss in train.losses]
        largest = max(each.values(), default=0)
        return train.batch_size * largest + _loss_bytes(read, train.batch_size)
    return max(
        train.batch_size * sum(each[call.network] for call in step.calls)
        + _loss_bytes(_judged(step, networks), train.batch_size)
        for step in train.steps
    )


def _judged(step: StepPlan, networks: Mapping[str, NetworkPlan]) -> list[tuple[LossPlan, Shape]]:
    given = {call.name: networks[call.network] for call in step.calls}
    found = [(loss, given.get(loss.input.partition(".")[0])) for loss in step.losses]
    return [(loss, net.shapes[net.output]) for loss, net in found if net is not None]


def _sample_bytes(network: NetworkPlan) -> int:
    layers = sum(
        2 * each.activation_bytes + each.kept_bytes + _filling(each) for each in network.layers
    )
    return layers + _DRAWN * BYTES * sum(_count(shape) for shape in network.inputs.values())


def _largest(networks: Mapping[str, NetworkPlan]) -> int:
    """Parameters of the largest layer: its gradient is there once more before it is added."""
    every = chain.from_iterable(network.layers for network in networks.values())
    return max((layer.parameter_count for layer in every), default=0)


def _filling(layer: LayerPlan) -> int:
    """Zeros that a convolution over few channels adds to those that it has."""
    if layer.type not in _CONVOLUTIONS:
        return 0
    fewest = min(layer.input_shapes[0][0], layer.output[0])
    return BYTES * max(0, _BLOCK - fewest) * _count(layer.output[1:])


def _loss_bytes(read: list[tuple[LossPlan, Shape]], batch: int) -> int:
    """Targets, and what a loss makes of outputs; contrastive ones compare every two samples."""
    found = 0
    for loss, shape in read:
        numbers = _count(shape)
        found += BYTES * batch * (4 + 5 * numbers)
        if loss.type == "contrastive" and not loss.further:
            found += BYTES * batch**2 * (8 + 4 * numbers)
    return found


def _count(shape: Shape) -> int:
    return prod(max(size, 1) for size in shape)  # an open length is told for one


def _width(train: TrainPlan) -> int:
    """How many float32 one number takes, for all members of an ensemble.

    Products in bfloat16 save less than the estimate is off.
    """
    ensemble = train.ensemble or {"members": 1, "method": "snapshot"}
    members: int = 1 if ensemble["method"] == "snapshot" else ensemble["members"]
    return members * (2 if train.precision == "float64" else 1)


def trainable(network: NetworkPlan) -> int:
    """Numbers of a network that training changes."""
    tensors = [each for layer in network.layers for each in layer.parameters if each.tied is None]
    return sum(prod(each.shape) for each in tensors if each.trainable and not each.buffer)
