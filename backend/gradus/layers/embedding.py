"""Whole numbers that stand for words or signs, as learned vectors; and where in a row they stand."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gradus.layers.layer import Example, Layer, Misfit, check_known
from gradus.layers.parametric import Init, NormalInit, Trainable, WeightDecay
from gradus.planned import ANY, ParameterPlan, ReceptiveField, Shape
from gradus.section import Flag, Length, Size

STANDARD = NormalInit(std=1.0)  # PyTorch's own for embeddings


class Embedding(Layer):
    """A table with a learned row for each word of a list.

    With a `padding` its further output `mask` is 1 at words and 0 at what only fills up, as the
    masks of recurrent layers, attention and global pools read it.

    >>> Embedding(words=100, units=8).output([(20,)])
    (20, 8)
    """

    type: ClassVar[str] = "embedding"
    family: ClassVar[str] = "embedding"
    meaning: ClassVar[str] = "Looks up a learned vector for each whole number."
    formula: ClassVar[str] = "y[t] = W[x[t]]"
    shape_rule: ClassVar[str] = "[…] → […, units]; with padding, mask: […]"
    counts: ClassVar[str] = "words · units"
    source: ClassVar[str] = "Bengio et al. 2003: A Neural Probabilistic Language Model"
    example: ClassVar[Example] = {
        "network": {
            "input": {"shape": [20], "dtype": "int64"},
            "layers": [{"type": "embedding", "words": 100, "units": 8}],
        }
    }
    ranks: ClassVar[tuple[int, ...]] = (1, 2)
    integers: ClassVar[bool] = True
    any_length: ClassVar[bool] = True

    words: Annotated[Size, Field(description="How many different numbers there are, from 0.")]
    units: Annotated[Size, Field(description="Length of a vector.")]
    padding: Annotated[
        Length | None,
        Field(
            description="The number that fills up; its vector stays 0, and the further output "
            "`mask` is 0 there and 1 elsewhere."
        ),
    ] = None
    init: Init = STANDARD
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        if self.padding is not None and self.padding >= self.words:
            raise Misfit(
                "embedding.padding",
                field="padding",
                value=0,
                expected=f"< {self.words}",
                got=str(self.padding),
                padding=self.padding,
                words=self.words,
            )
        return (*inputs[0], self.units)  # [L] → [L, units]

    def extras(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {} if self.padding is None else {"mask": inputs[0]}

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        return (ParameterPlan("weight", (self.words, self.units), self.trainable),)

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class EmbeddingBag(Layer):
    """The mean or sum of the vectors of words and of runs of words (Joulin et al. 2017).

    A run of n words is told from others by a hash into `buckets` rows behind the words' own.

    >>> EmbeddingBag(words=100, units=8, ngrams=2, buckets=50).parameters([(20,)])[0].shape
    (150, 8)
    """

    type: ClassVar[str] = "embedding_bag"
    family: ClassVar[str] = "embedding"
    meaning: ClassVar[str] = "Takes the mean of the vectors of all words, and of runs of words."
    formula: ClassVar[str] = "y = mean of W[x[t]] and W[words + hash(x[t] … x[t + n − 1])]"
    shape_rule: ClassVar[str] = "[L] → [units]"
    counts: ClassVar[str] = "(words + buckets) · units; ngrams = 1: words · units"
    source: ClassVar[str] = "Joulin et al. 2017: Bag of Tricks for Efficient Text Classification"
    example: ClassVar[Example] = {
        "network": {
            "input": {"shape": [20], "dtype": "int64"},
            "layers": [
                {"type": "embedding_bag", "words": 100, "units": 8, "ngrams": 2, "buckets": 50}
            ],
        }
    }
    ranks: ClassVar[tuple[int, ...]] = (1,)
    integers: ClassVar[bool] = True
    any_length: ClassVar[bool] = True

    words: Annotated[Size, Field(description="How many different numbers there are, from 0.")]
    units: Annotated[Size, Field(description="Length of a vector.")]
    ngrams: Annotated[
        int, Field(strict=True, ge=1, le=8, description="Longest run of words that has a vector.")
    ] = 1
    buckets: Annotated[Length, Field(description="Rows for runs of two words and more.")] = 0
    mode: Annotated[Literal["mean", "sum"], Field(description="How vectors are put together.")] = (
        "mean"
    )
    padding: Annotated[
        Length | None, Field(description="The number that fills up and does not count.")
    ] = None
    init: Init = STANDARD
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        if self.ngrams > 1 and not self.buckets:
            raise Misfit(
                "embedding.buckets", field="buckets", value=10_000, expected="≥ 1", got="0"
            )
        return (self.units,)  # [L] → [units]

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        rows = self.words + (self.buckets if self.ngrams > 1 else 0)
        return (ParameterPlan("weight", (rows, self.units), self.trainable),)

    def kept(self, inputs: Sequence[Shape], output: Shape) -> int:
        return 4 * self.ngrams * inputs[0][0] * self.units  # the vectors before they are one

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


class PositionalEncoding(Layer):
    """Adds to each step where it stands (Vaswani et al. 2017).

    >>> PositionalEncoding(kind="learned", longest=50).parameters([(20, 8)])[0].shape
    (50, 8)
    """

    type: ClassVar[str] = "positional_encoding"
    family: ClassVar[str] = "embedding"
    meaning: ClassVar[str] = "Adds a vector for each place in a sequence, fixed waves or learned."
    formula: ClassVar[str] = (
        "y[t, 2i] = x[t, 2i] + sin(t / 10000^(2i / N)), y[t, 2i + 1] = x[t, 2i + 1] + cos(t / 10000^(2i / N))"
    )
    counts: ClassVar[str] = "sinusoidal: 0; learned: longest · N"
    source: ClassVar[str] = "Vaswani et al. 2017: Attention Is All You Need"
    example: ClassVar[Example] = {
        "network": {
            "input": [20, 8],
            "layers": [{"type": "positional_encoding", "kind": "learned", "longest": 50}],
        }
    }
    ranks: ClassVar[tuple[int, ...]] = (2,)
    any_length: ClassVar[bool] = True

    kind: Annotated[
        Literal["sinusoidal", "learned"], Field(description="Fixed waves, or a learned table.")
    ] = "sinusoidal"
    longest: Annotated[Size, Field(description="Longest sequence of a learned table.")] = 512
    scale: Annotated[
        Flag, Field(description="Whether the input is first multiplied by sqrt(units).")
    ] = False
    init: Init = STANDARD
    trainable: Trainable = True
    weight_decay: WeightDecay = None

    def output(self, inputs: Sequence[Shape]) -> Shape:
        length, units = inputs[0]
        check_known(self, (units,), inputs[0])
        if self.kind == "learned" and length != ANY and length > self.longest:
            raise Misfit(
                "embedding.longest",
                field="longest",
                value=length,
                expected=f"≥ {length}",
                got=str(self.longest),
                longest=self.longest,
                length=length,
            )
        return inputs[0]

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        if self.kind == "sinusoidal":
            return ()
        return (ParameterPlan("weight", (self.longest, inputs[0][1]), self.trainable),)
