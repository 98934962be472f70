"""What a network costs in all."""

from math import prod

from gradus.inference import BYTES
from gradus.optimizers import slots
from gradus.planned import NetworkPlan, Totals, TrainPlan


def totals(network: NetworkPlan, train: TrainPlan) -> Totals:
    """Counts over all layers, and an estimate of the memory that one training step needs.

    The estimate is weights, their gradients and the optimizer's own numbers, and for each sample
    of a batch every output and its gradient; float32.
    """
    layers = network.layers
    parameters = sum(layer.parameter_count for layer in layers)
    tensors = [each for layer in layers for each in layer.parameters if each.tied is None]
    trainable = sum(prod(each.shape) for each in tensors if each.trainable and not each.buffer)
    activations = sum(layer.activation_bytes for layer in layers)
    return Totals(
        parameters=parameters,
        trainable=trainable,
        multiply_adds=sum(layer.multiply_adds for layer in layers),
        activation_bytes=activations,
        training_bytes=BYTES * (parameters + (1 + slots(train.optimizer)) * trainable)
        + 2 * activations * train.batch_size,
    )
