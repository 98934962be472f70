"""Layers that join several inputs."""

from gradus.export.code import Code, function
from gradus.planned import LayerPlan


def add(layer: LayerPlan) -> Code:
    return function(_joined(layer, " + "))


def multiply(layer: LayerPlan) -> Code:
    return function(_joined(layer, " * "))


def mean(layer: LayerPlan) -> Code:
    return function(f"({_joined(layer, ' + ')}) / {len(layer.inputs)}")


def concat(layer: LayerPlan) -> Code:
    return function(f"torch.cat([{_joined(layer, ', ')}], {layer.fields['axis'] + 1})")


def _joined(layer: LayerPlan, sign: str) -> str:
    return sign.join(f"{{{place}}}" for place in range(len(layer.inputs)))
