"""Fields that layers with weights share."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from gradus.section import Finite, Flag, NotNegative, Positive, Section, named
from gradus.weights import Source

Activation = Annotated[
    Literal[
        "identity",
        "step",
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "elu",
        "gelu",
        "silu",
        "softmax",
        "log_softmax",
    ],
    Field(description="Function applied to the output, with its own defaults."),
]
Distribution = Annotated[
    Literal["uniform", "normal"],
    Field(description="Evenly between two bounds, or by a bell curve."),
]
Trainable = Annotated[Flag, Field(description="Whether training changes the layer's parameters.")]
WeightDecay = Annotated[
    NotNegative | None,
    Field(description="Its own weight decay; that of the training unless said."),
]
Bias = Annotated[Flag, Field(description="Whether a bias is added to each output.")]


class TorchInit(Section):
    """PyTorch's own: uniform within 1 / sqrt(inputs of a unit), weights and biases."""

    type: Literal["torch"] = "torch"


class ZerosInit(Section):
    """Weights and biases 0. Units that start alike stay alike."""

    type: Literal["zeros"] = "zeros"


class ConstantInit(Section):
    """Every weight the same value, biases 0."""

    type: Literal["constant"] = "constant"
    value: Annotated[Finite, Field(description="What every weight starts with.")] = 0.0


class NormalInit(Section):
    """Weights from a normal distribution around 0, biases 0."""

    type: Literal["normal"] = "normal"
    std: Annotated[Positive, Field(description="Standard deviation of the weights.")] = 0.01


class UniformInit(Section):
    """Weights evenly between two bounds, biases 0."""

    type: Literal["uniform"] = "uniform"
    low: Annotated[Finite, Field(description="Smallest weight.")] = -0.05
    high: Annotated[Finite, Field(description="Largest weight.")] = 0.05

    @model_validator(mode="after")
    def _order(self) -> "UniformInit":
        if self.low >= self.high:
            raise PydanticCustomError("init.bounds", "low must be less than high")
        return self


class OrthogonalInit(Section):
    """Weights whose rows are orthogonal and of length 1, biases 0 (Saxe et al. 2014)."""

    type: Literal["orthogonal"] = "orthogonal"


class XavierInit(Section):
    """Variance 2 / (inputs + outputs) of a unit, biases 0 (Glorot and Bengio 2010)."""

    type: Literal["xavier"] = "xavier"
    distribution: Distribution = "uniform"


class HeInit(Section):
    """Variance 2 / inputs of a unit, biases 0 (He et al. 2015)."""

    type: Literal["he"] = "he"
    distribution: Distribution = "normal"


def _written(schema: dict[str, Any]) -> None:
    """The schema of what a person writes, where the source cannot be left out."""
    source = schema["properties"]["from"]
    del source["default"]
    source |= source.pop("anyOf")[0]
    schema["required"] = ["from"]


class FromInit(Section):
    """Weights and biases as an earlier run or a file has them."""

    model_config = ConfigDict(json_schema_extra=_written)

    type: Literal["from"] = "from"
    # None in the resolved form, which says apart what is taken from where.
    source: Annotated[
        Source | None, Field(alias="from", description="Where the weights come from.")
    ] = None


def _init(value: Any) -> Any:
    if isinstance(value, dict) and "from" in value:
        return {"type": "from", **value}
    return named(value)


_Kinds = Annotated[
    TorchInit
    | ZerosInit
    | ConstantInit
    | NormalInit
    | UniformInit
    | XavierInit
    | HeInit
    | OrthogonalInit
    | FromInit,
    Field(discriminator="type"),
]
_Names = Literal["torch", "zeros", "constant", "normal", "uniform", "xavier", "he", "orthogonal"]
Init = Annotated[
    _Kinds,
    BeforeValidator(_init, json_schema_input_type=_Names | _Kinds),
    Field(description="How the parameters start: a name, or an object with its type."),
]
TORCH = TorchInit()
