"""Normalization."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus.layers.layer import Example, Layer, Misfit, check_known
from gradus.layers.parametric import Activation, Trainable
from gradus.planned import ParameterPlan, Shape
from gradus.section import Flag, NotNegative, Positive, Size

Share = Annotated[float, Field(strict=True, gt=0, le=1, allow_inf_nan=False)]
Small = Annotated[Positive, Field(description="Keeps a quotient finite.")]


class BatchNorm(Layer):
    """Normalization over the batch (Ioffe and Szegedy 2015), of [C] or [C, ...].

    >>> [p.name for p in BatchNorm().parameters([(16, 8, 8)])]
    ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']
    """

    type: ClassVar[str] = "batch_norm"
    family: ClassVar[str] = "norm"
    meaning: ClassVar[str] = (
        "Gives each channel mean 0 and variance 1 over the batch, then scales and shifts it."
    )
    formula: ClassVar[str] = "y = γ (x − mean) / sqrt(variance + eps) + β"
    counts: ClassVar[str] = "2 · C"
    source: ClassVar[str] = "Ioffe and Szegedy 2015: Batch Normalization"
    example: ClassVar[Example] = {"network": {"input": [16, 8, 8], "layers": ["batch_norm"]}}

    momentum: Annotated[
        Share, Field(description="Weight of a new batch in the running statistics.")
    ] = 0.1
    eps: Small = 1e-5
    affine: Annotated[Flag, Field(description="Whether scale γ and shift β are learned.")] = True
    activation: Activation = "identity"
    trainable: Trainable = True

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        channels = inputs[0][:1]
        learned = tuple(
            ParameterPlan(name, channels, self.trainable) for name in ("weight", "bias")
        )
        running = tuple(
            ParameterPlan(name, shape, trainable=False, buffer=True)
            for name, shape in (
                ("running_mean", channels),
                ("running_var", channels),
                ("num_batches_tracked", ()),
            )
        )
        return (*learned, *running) if self.affine else running


class LayerNorm(Layer):
    """Normalization within a sample (Ba et al. 2016), over its last axes.

    >>> [p.shape for p in LayerNorm().parameters([(10, 16)])]
    [(16,), (16,)]
    """

    type: ClassVar[str] = "layer_norm"
    any_length: ClassVar[bool] = True
    family: ClassVar[str] = "norm"
    meaning: ClassVar[str] = (
        "Gives the numbers of each sample mean 0 and variance 1, then scales and shifts them."
    )
    formula: ClassVar[str] = "y = γ (x − mean) / sqrt(variance + eps) + β"
    counts: ClassVar[str] = "2 · N, N = ∏ of the last axes"
    source: ClassVar[str] = "Ba et al. 2016: Layer Normalization"
    example: ClassVar[Example] = {"network": {"input": [10, 16], "layers": ["layer_norm"]}}

    axes: Annotated[
        Size | None,
        Field(
            description="How many last axes are taken together: one for rows and sequences, all of "
            "a picture's unless said."
        ),
    ] = None
    eps: Small = 1e-5
    affine: Annotated[Flag, Field(description="Whether scale γ and shift β are learned.")] = True
    activation: Activation = "identity"
    trainable: Trainable = True

    def output(self, inputs: Sequence[Shape]) -> Shape:
        self.normalized(inputs[0])
        return inputs[0]

    def normalized(self, shape: Shape) -> Shape:
        """The axes that are normalized together; raises Misfit where there are fewer."""
        axes = self.axes or (1 if len(shape) < 3 else len(shape))
        if axes > len(shape):
            raise Misfit(
                "shape.axes",
                field="axes",
                value=len(shape),
                expected=f"≤ {len(shape)}",
                got=str(axes),
                axes=axes,
                shape=list(shape),
            )
        check_known(self, shape[len(shape) - axes :], shape)
        return shape[len(shape) - axes :]

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        if not self.affine:
            return ()
        shape = self.normalized(inputs[0])
        return tuple(ParameterPlan(name, shape, self.trainable) for name in ("weight", "bias"))


class GroupNorm(Layer):
    """Normalization within a sample, over groups of channels (Wu and He 2018).

    >>> [p.shape for p in GroupNorm(groups=4).parameters([(16, 8, 8)])]
    [(16,), (16,)]
    """

    type: ClassVar[str] = "group_norm"
    family: ClassVar[str] = "norm"
    meaning: ClassVar[str] = (
        "Gives each group of channels of a sample mean 0 and variance 1, then scales and shifts."
    )
    formula: ClassVar[str] = "y = γ (x − mean) / sqrt(variance + eps) + β"
    counts: ClassVar[str] = "2 · C"
    source: ClassVar[str] = "Wu and He 2018: Group Normalization"
    example: ClassVar[Example] = {
        "network": {"input": [16, 8, 8], "layers": [{"type": "group_norm", "groups": 4}]}
    }

    groups: Annotated[Size, Field(description="Groups; as many as channels normalizes each map.")]
    eps: Small = 1e-5
    affine: Annotated[Flag, Field(description="Whether scale γ and shift β are learned.")] = True
    activation: Activation = "identity"
    trainable: Trainable = True

    def output(self, inputs: Sequence[Shape]) -> Shape:
        channels = inputs[0][0]
        if channels % self.groups:
            raise Misfit(
                "shape.divides",
                field="groups",
                value=1,
                got=str(self.groups),
                field_name="groups",
                number=self.groups,
                channels=channels,
            )
        return inputs[0]

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        if not self.affine:
            return ()
        shape = inputs[0][:1]
        return tuple(ParameterPlan(name, shape, self.trainable) for name in ("weight", "bias"))


class LocalResponseNorm(Layer):
    """Local response normalization (Krizhevsky et al. 2012), as published.

    PyTorch divides alpha by the number of cells; write alpha / size here for its numbers.
    """

    type: ClassVar[str] = "local_response_norm"
    family: ClassVar[str] = "norm"
    meaning: ClassVar[str] = (
        "Divides each number by how strong its neighbours are, in nearby channels or nearby cells."
    )
    formula: ClassVar[str] = "y = x / (k + alpha · Σ x'²)^beta, x' the neighbours and x itself"
    source: ClassVar[str] = (
        "Krizhevsky et al. 2012: ImageNet Classification with Deep Convolutional Neural Networks"
    )
    example: ClassVar[Example] = {
        "network": {"input": [16, 8, 8], "layers": [{"type": "local_response_norm", "size": 5}]}
    }
    ranks: ClassVar[tuple[int, ...]] = (2, 3)

    across: Annotated[
        Literal["channels", "within"],
        Field(description="Neighbours in channels next to it, or in cells around it in its map."),
    ] = "channels"
    size: Annotated[Size, Field(description="Neighbours on a line, itself included; clipped.")] = 5
    alpha: Annotated[NotNegative, Field(description="Weight of the neighbours' squares.")] = 1e-4
    beta: Annotated[NotNegative, Field(description="Power of the divisor.")] = 0.75
    k: Annotated[Positive, Field(description="What the divisor is where all is 0.")] = 2.0
