"""Networks that turn one sequence into another, and that write text sign by sign."""

from collections.abc import Mapping
from typing import Any

from gradus.zoo.entry import Entry

WORDS = {"shape": ["*"], "dtype": "int64"}  # a text as places in a list of words


def reading(
    name: str,
    inputs: Mapping[str, Any],
    layers: list[Any],
    tie: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A document of one network with named inputs, without data."""
    network = {"inputs": dict(inputs), "layers": layers}
    document: dict[str, Any] = {"spec": "nn/1", "name": name, "network": network}
    return {**document, "tie": dict(tie)} if tie else document


def embed(name: str, source: str, words: int, units: int) -> dict[str, Any]:
    return {"type": "embedding", "name": name, "words": words, "units": units, "from": source}


_PAIR = {"source": WORDS, "target": WORDS}


def seq2seq(words: int = 15_000, vectors: int = 100, units: int = 1000) -> list[Any]:
    """An encoder whose last state is all that the decoder knows of the source."""
    return [
        embed("source_words", "source", words, vectors),
        {"type": "gru", "name": "encoder", "units": units},
        embed("target_words", "target", words, vectors),
        {
            "type": "decoder_rnn",
            "name": "decoder",
            "units": units,
            "from": {"input": "target_words", "state": "encoder.state"},
        },
        {"type": "linear", "name": "head", "units": words},
    ]


def seq2seq_attention(words: int = 30_000, vectors: int = 620, units: int = 1000) -> list[Any]:
    """An encoder in both directions, read by the decoder at every step."""
    return [
        embed("source_words", "source", words, vectors),
        {"type": "gru", "name": "encoder", "units": units, "bidirectional": True},
        {
            "type": "linear",
            "name": "start",
            "units": units,
            "activation": "tanh",
            "from": "encoder.state",
        },
        embed("target_words", "target", words, vectors),
        {
            "type": "decoder_rnn",
            "name": "decoder",
            "units": units,
            "attention": "additive",
            "from": {"input": "target_words", "state": "start", "memory": "encoder"},
        },
        {"type": "linear", "name": "head", "units": words},
    ]


def transformer(units: int, hidden: int, heads: int, rate: float, words: int = 37_000) -> list[Any]:
    """Encoder and decoder of six layers each."""
    fields = {"layers": 6, "heads": heads, "hidden": hidden, "rate": rate}
    places = {"type": "positional_encoding", "scale": True}
    drop = {"type": "dropout", "rate": rate}
    return [
        embed("source_words", "source", words, units),
        places,
        drop,
        {"type": "transformer_encoder", "name": "encoder", **fields},
        embed("target_words", "target", words, units),
        places,
        {**drop, "name": "shifted"},
        {
            "type": "transformer_decoder",
            "name": "decoder",
            **fields,
            "from": {"input": "shifted", "memory": "encoder"},
        },
        {"type": "linear", "name": "head", "units": words, "bias": False},
    ]


_CHARACTERS = [
    embed("signs", "text", 65, 128),
    {"type": "lstm", "units": 512, "layers": 2},
    {"type": "linear", "name": "head", "units": 65},
]
_CHARACTER_TRANSFORMER = [
    embed("signs", "text", 65, 384),
    {"type": "positional_encoding", "kind": "learned", "longest": 256},
    {
        "type": "transformer_decoder",
        "layers": 6,
        "heads": 6,
        "hidden": 1536,
        "activation": "gelu",
        "rate": 0.2,
        "norm": "before",
    },
    {"type": "linear", "name": "head", "units": 65, "bias": False},
]
# One matrix for both tables and the head, as both languages share their words.
_ONE_TABLE = {"target_words.weight": "source_words.weight", "head.weight": "source_words.weight"}
_TRANSFORMER_NOTE = (
    "37,000 words that both languages share: the two tables and the head are one matrix, as in the "
    "paper. The matrices of its attention have biases (`attention_bias: false` leaves them out)."
)

SEQUENCES = (
    Entry(
        "seq2seq",
        "Encoder-decoder",
        "Cho et al. 2014",
        24_627_000,
        reading("Encoder-decoder", _PAIR, seq2seq()),
        "15,000 words, without the maxout layer before the head.",
    ),
    Entry(
        "seq2seq_attention",
        "Encoder-decoder with attention",
        "Bahdanau et al. 2015",
        92_830_000,
        reading("Encoder-decoder with attention", _PAIR, seq2seq_attention()),
        "30,000 words. The first state is made of both directions, and no maxout layer stands "
        "before the head.",
    ),
    Entry(
        "transformer_base",
        "Transformer, base",
        "Vaswani et al. 2017",
        63_082_496,
        reading("Transformer, base", _PAIR, transformer(512, 2048, 8, 0.1), _ONE_TABLE),
        _TRANSFORMER_NOTE,
    ),
    Entry(
        "transformer_big",
        "Transformer, big",
        "Vaswani et al. 2017",
        214_245_376,
        reading("Transformer, big", _PAIR, transformer(1024, 4096, 16, 0.3), _ONE_TABLE),
        _TRANSFORMER_NOTE,
    ),
    Entry(
        "char_rnn",
        "Character LSTM",
        "Graves 2013",
        3_457_729,
        reading("Character LSTM", {"text": WORDS}, _CHARACTERS),
        "65 signs, two layers; each step tells the next sign.",
    ),
    Entry(
        "char_transformer",
        "Character Transformer",
        "Radford et al. 2019",
        10_770_816,
        reading(
            "Character Transformer",
            {"text": WORDS},
            _CHARACTER_TRANSFORMER,
            {"head.weight": "signs.weight"},
        ),
        "The form of GPT-2 at a small size: 65 signs, 256 places, table and head one matrix.",
    ),
)
