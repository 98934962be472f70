"""Drawing from a distribution whose numbers are learned."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from gradus.layers.layer import Example
from gradus.layers.ports import Ported, check_port
from gradus.planned import Shape


class SampleNormal(Ported):
    """A draw from a normal distribution while training, its mean else (Kingma and Welling 2014).

    >>> SampleNormal().extras([(2,), (2,)])
    {'mean': (2,), 'log_variance': (2,)}
    """

    type: ClassVar[str] = "sample_normal"
    family: ClassVar[str] = "sample"
    meaning: ClassVar[str] = (
        "Draws from a normal distribution, so that the gradient reaches its mean and variance."
    )
    formula: ClassVar[str] = "y = μ + exp(log σ² / 2) · ε, ε ~ N(0, 1); μ when it does not train"
    shape_rule: ClassVar[str] = "[…], […] → […]; mean: […], log_variance: […]"
    counts: ClassVar[str] = "0"
    source: ClassVar[str] = "Kingma and Welling 2014: Auto-Encoding Variational Bayes"
    example: ClassVar[Example] = {
        "network": {
            "input": [8],
            "layers": [
                {"type": "linear", "name": "mean", "units": 2},
                {"type": "linear", "name": "log_variance", "units": 2, "from": "input"},
                {"type": "sample_normal", "from": ["mean", "log_variance"]},
            ],
        }
    }
    inputs: ClassVar[tuple[int, int]] = (2, 2)
    ports: ClassVar[tuple[str, ...]] = ("mean", "log_variance")
    any_length: ClassVar[bool] = True

    def output(self, inputs: Sequence[Shape]) -> Shape:
        given = self.read(inputs)
        check_port(self, "log_variance", given, given["mean"])
        return given["mean"]

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return self.read(inputs)
