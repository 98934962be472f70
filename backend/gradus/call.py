"""One use of a network within a step, as it is written."""

from typing import Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, Tag

from gradus import limits
from gradus.section import Flag, Section

Word = Annotated[str, Field(min_length=1, max_length=limits.NAME)]


def _word_or_inputs(value: Any) -> str:
    return "inputs" if isinstance(value, dict) else "word"


Source = Annotated[
    Annotated[Word, Tag("word")]
    | Annotated[dict[str, Word], Field(min_length=1, max_length=64), Tag("inputs")],
    Discriminator(_word_or_inputs),
]


class Call(Section):
    """One use of a network: what it is given, and whether gradients stop at what it gives."""

    model_config = ConfigDict(populate_by_name=False)  # `from` alone, not the name that it has here

    name: Annotated[
        Word | None, Field(description="The network and its ordinal among the calls unless said.")
    ] = None
    network: Annotated[Word, Field(description="The network that is called.")]
    source: Annotated[
        Source,
        Field(
            alias="from",
            description="batch, target, noise or an earlier call; by the names of its inputs where "
            "the network has several.",
        ),
    ] = "batch"
    detach: Annotated[
        Flag, Field(description="Whether no gradient flows back through what it gives.")
    ] = False
