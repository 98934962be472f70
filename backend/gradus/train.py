"""The `train` part of a document: how long, in what steps, towards what."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gradus import later, limits
from gradus.call import Call, Word
from gradus.ensemble import Ensemble
from gradus.optimizers import Adam, Optimizer
from gradus.schedules import Constant, Schedule
from gradus.section import Flag, NotNegative, Positive, Section, Seed, named
from gradus.steering import EarlyStopping

Epochs = Annotated[
    int, Field(strict=True, ge=1, le=10_000_000, description="Times through the training part.")
]


def _word_or_number(value: Any) -> str:
    return "word" if isinstance(value, str) and not value.isdigit() else "number"


BatchSize = Annotated[
    Annotated[int, Field(strict=True, ge=1, le=1_048_576), Tag("number")]
    | Annotated[Literal["all"], Tag("word")],
    Discriminator(_word_or_number),
    Field(description="Samples of one update, or all of the training part."),
]
Reference = Annotated[str, Field(min_length=1, max_length=400)]


class Term(Section):
    """What all losses share: the layer that a loss reads, what it is held against, its weight."""

    input: Annotated[
        Reference | None,
        Field(description="Layer, or call of its step, that it reads; the last one unless said."),
    ] = None
    target: Annotated[
        Reference,
        Field(
            description="What it is held against: target, of the data; batch, the input; ones or "
            "zeros. In a step also a call."
        ),
    ] = "target"
    weight: Annotated[NotNegative, Field(description="What it is multiplied by in the sum.")] = 1.0


class Mse(Term):
    """Squared error, the mean over all numbers; `half` halves it, as textbooks do."""

    type: Literal["mse"] = "mse"
    half: Annotated[Flag, Field(description="Whether it is halved.")] = False


class Mae(Term):
    """Absolute error, the mean over all numbers."""

    type: Literal["mae"] = "mae"


class Huber(Term):
    """Half the squared error up to delta, a straight line of that slope beyond (Huber 1964)."""

    type: Literal["huber"] = "huber"
    delta: Annotated[Positive, Field(description="Error where the line begins.")] = 1.0


class Hinge(Term):
    """How far a margin of 1 is missed: of t·z for one unit and t = ±1, or of the true class over
    every other one (Crammer and Singer 2001, summed over the others)."""

    type: Literal["hinge"] = "hinge"


class CrossEntropy(Term):
    """Negative logarithm of the softmax at the true class; reads logits, one a class."""

    type: Literal["cross_entropy"] = "cross_entropy"


class BinaryCrossEntropy(Term):
    """Cross-entropy of two classes from one logit; class 1 is positive."""

    type: Literal["binary_cross_entropy"] = "binary_cross_entropy"


class KlNormal(Term):
    """How far the normal distribution of a sample_normal is from the standard one (Kingma and
    Welling 2014)."""

    type: Literal["kl_normal"] = "kl_normal"


class Contrastive(Term):
    """Draws what belongs together close and the rest apart by a margin (Hadsell et al. 2006): two
    layers where `other` names the second, else every pair of a batch."""

    type: Literal["contrastive"] = "contrastive"
    margin: Annotated[
        Positive, Field(description="Distance from which on different ones are left alone.")
    ] = 1.0
    other: Annotated[
        Reference | None,
        Field(
            description="Layer that gives the second of each pair; class 1 says that both belong "
            "together."
        ),
    ] = None


_Losses = Annotated[
    Mse | Mae | Huber | CrossEntropy | BinaryCrossEntropy | Hinge | KlNormal | Contrastive,
    Field(discriminator="type"),
]
_Names = Literal[
    "mse",
    "mae",
    "huber",
    "cross_entropy",
    "binary_cross_entropy",
    "hinge",
    "kl_normal",
    "contrastive",
]
Loss = Annotated[
    _Losses,
    BeforeValidator(named, json_schema_input_type=_Names | _Losses),
]
Metric = Literal[
    "accuracy", "error", "top5", "exact_match", "perplexity", "confusion", "purity", "r2"
]


class Clip(Section):
    """A bound on the gradients of a step: on their norm as one vector, or on each of them."""

    norm: Annotated[
        Positive | None, Field(description="Longest that all gradients may be as one vector.")
    ] = None
    value: Annotated[Positive | None, Field(description="Largest size of any single gradient.")] = (
        None
    )

    @model_validator(mode="after")
    def _one(self) -> "Clip":
        if (self.norm is None) == (self.value is None):
            raise PydanticCustomError("train.clip", "clip takes one of norm and value")
        return self


class GradientNoise(Section):
    """Normal noise of variance eta / (1 + step)^gamma on every gradient (Neelakantan et al. 2015)."""

    eta: Annotated[Positive, Field(description="Variance of the noise at the first step.")] = 0.01
    gamma: Annotated[NotNegative, Field(description="How fast the noise dies away.")] = 0.55


class Step(Section):
    """One part of an alternation: what it calls, what it makes small, whose parameters it moves."""

    name: Annotated[
        Word | None, Field(description="Of its series; the first network that it updates.")
    ] = None
    update: Annotated[
        tuple[Word, ...],
        Field(min_length=1, max_length=limits.NETWORKS, description="Networks that it changes."),
    ]
    calls: Annotated[
        tuple[Call, ...],
        Field(
            min_length=1, max_length=limits.STEP_CALLS, description="Uses of networks, in order."
        ),
    ]
    losses: Annotated[
        tuple[Loss, ...],
        Field(min_length=1, max_length=64, description="What is made small; they read calls."),
    ]
    optimizer: Annotated[Optimizer | None, Field(description="That of train unless said.")] = None
    every: Annotated[
        int,
        Field(strict=True, ge=1, le=limits.STEP_EVERY, description="Made at each so manieth step."),
    ] = 1
    repeat: Annotated[
        int,
        Field(
            strict=True,
            ge=1,
            le=limits.STEP_REPEAT,
            description="Updates in a row, each on a batch of its own.",
        ),
    ] = 1


class Train(Section):
    """How a network is trained. Everything has a default."""

    later: ClassVar[frozenset[str]] = later.TRAIN
    homes: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("learning_rate", "momentum", "nesterov", "betas"), "optimizer"
    )

    epochs: Epochs = 10
    batch_size: BatchSize = 32
    optimizer: Annotated[
        Optimizer, Field(description="How an update follows from the gradients.")
    ] = Adam()
    losses: Annotated[
        tuple[Loss, ...] | None,
        Field(
            max_length=64,
            description="What is made small; the data's task decides unless said.",
        ),
    ] = None
    steps: Annotated[
        tuple[Step, ...] | None,
        Field(
            min_length=1,
            max_length=limits.STEPS,
            description="How several networks are trained in alternation.",
        ),
    ] = None
    metrics: Annotated[
        tuple[Metric, ...] | None,
        Field(
            max_length=8,
            description="What is counted beside the losses; confusion once, in the results.",
        ),
    ] = None
    order: Annotated[
        Literal["shuffled", "sorted", "stratified"],
        Field(
            description="Of the samples in an epoch: shuffled anew; class by class; shuffled with "
            "the classes evenly mixed."
        ),
    ] = "shuffled"
    schedule: Annotated[
        Schedule, Field(description="How the learning rate changes as epochs go by.")
    ] = Constant()
    clip: Annotated[
        Clip | None, Field(description="Bound on the gradients before an update, or none.")
    ] = None
    gradient_noise: Annotated[
        GradientNoise | None, Field(description="Noise added to the gradients, or none.")
    ] = None
    l1: Annotated[NotNegative, Field(description="Weight of the sum of |w| added to the loss.")] = (
        0.0
    )
    l2: Annotated[
        NotNegative, Field(description="Weight of half the sum of w² added to the loss.")
    ] = 0.0
    weight_decay: Annotated[
        NotNegative,
        Field(
            description="Every weight shrinks by learning_rate · weight_decay a step, beside its "
            "gradient; biases do not."
        ),
    ] = 0.0
    early_stopping: Annotated[
        EarlyStopping | None,
        Field(description="When to end before all epochs are over, or never."),
    ] = None
    ensemble: Annotated[
        Ensemble | None,
        Field(description="Several networks that are trained side by side and answer together."),
    ] = None
    devices: Annotated[
        int,
        Field(
            strict=True,
            ge=1,
            le=64,
            description="How many devices of one machine share each batch, one process for each.",
        ),
    ] = 1
    tier: Annotated[
        Literal["auto", "eager"],
        Field(description="eager keeps to plain steps, for bitwise repeats."),
    ] = "auto"
    precision: Annotated[
        Literal["float32", "float64", "bfloat16"],
        Field(
            description="Numbers that are computed with; bfloat16 in products of matrices and "
            "convolutions, float32 elsewhere."
        ),
    ] = "float32"
    on_nan: Annotated[
        Literal["continue"] | None,
        Field(
            description="A loss that is not a number pauses or fails a run unless it may continue."
        ),
    ] = None
    seed: Annotated[Seed, Field(description="Seed of initial values, batches and dropout.")] = 0
