"""What networks cost in all."""

from collections.abc import Mapping
from dataclasses import replace

from gradus.memory import trainable, training_bytes
from gradus.planned import NetworkPlan, Totals, TrainPlan


def totals(network: NetworkPlan, train: TrainPlan) -> Totals:
    """Counts over all layers of one network, and the memory that one training step needs."""
    return together({network.name: network}, replace(train, steps=()))


def together(networks: Mapping[str, NetworkPlan], train: TrainPlan) -> Totals:
    """The sums over several networks; the memory is that of the step that calls most at once."""
    layers = [layer for network in networks.values() for layer in network.layers]
    return Totals(
        parameters=sum(layer.parameter_count for layer in layers),
        trainable=sum(map(trainable, networks.values())),
        multiply_adds=sum(layer.multiply_adds for layer in layers),
        activation_bytes=sum(layer.activation_bytes for layer in layers),
        training_bytes=training_bytes(networks, train),
    )
