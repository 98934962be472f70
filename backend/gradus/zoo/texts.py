"""Networks that classify texts or answer questions about them, and autoencoders."""

from typing import Any

from gradus.zoo.entry import Entry, document
from gradus.zoo.sequences import WORDS, embed, reading

_OVER_TIME = {"type": "permute", "axes": [1, 0]}  # [L, D] → [D, L], as pools read it


def _text(length: int | str = "*") -> dict[str, Any]:
    return {"text": {"shape": [length], "dtype": "int64"}}


def _responses(kernel: int) -> list[Any]:
    conv = {"type": "conv1d", "filters": 100, "kernel": kernel, "padding": "valid"}
    return [{**conv, "activation": "relu"}, "global_max_pool"]


_HALF = {"type": "dropout", "rate": 0.5}
_FASTTEXT = [
    {
        "type": "embedding_bag",
        "words": 100_000,
        "units": 10,
        "ngrams": 2,
        "buckets": 1_000_000,
        "from": "text",
    },
    {"type": "linear", "units": 4},
]
_TEXTCNN = [
    embed("words", "text", 20_000, 300),
    _OVER_TIME,
    {"type": "branches", "branches": [_responses(size) for size in (3, 4, 5)]},
    _HALF,
    {"type": "linear", "units": 2},
]
_TEXTRNN = [
    embed("words", "text", 20_000, 300),
    {"type": "lstm", "units": 128, "bidirectional": True, "returns": "last"},
    _HALF,
    {"type": "linear", "units": 2},
]
_RCNN = [
    embed("words", "text", 20_000, 50),
    {"type": "rnn", "name": "context", "units": 50, "bidirectional": True},
    {"type": "concat", "axis": 1, "from": ["context", "words"]},
    {"type": "linear", "units": 100, "activation": "tanh"},
    _OVER_TIME,
    "global_max_pool",
    {"type": "linear", "units": 20},
]
_TEXT_TRANSFORMER = [
    embed("words", "text", 20_000, 128),
    {"type": "positional_encoding", "scale": True},
    {"type": "transformer_encoder", "layers": 2, "heads": 4, "hidden": 512},
    _OVER_TIME,
    "global_avg_pool",
    {"type": "linear", "units": 2},
]


def _weighed(units: int) -> list[Any]:
    """The mean of all steps by weights that a learned question gives them: [L, 2u] → [2u]."""
    return [
        {"type": "gru", "name": "read", "units": units, "bidirectional": True},
        {"type": "linear", "name": "hidden", "units": 2 * units, "activation": "tanh"},
        {"type": "linear", "name": "scores", "units": 1, "bias": False},
        # The softmax of one number is 1, and with 1 as its query attention weighs by the scores.
        {"type": "select", "name": "one_score", "axis": 0, "index": -1},
        {"type": "softmax", "name": "one"},
        {"type": "reshape", "name": "query", "shape": [1, 1]},
        {
            "type": "attention",
            "name": "weigh",
            "score": "dot",
            "projected": False,
            "from": {"query": "query", "key": "scores", "value": "read"},
        },
        "flatten",
    ]


_HAN = [
    embed("words", "text", 20_000, 200),
    {"type": "each", "name": "sentences", "body": _weighed(50)},
    *_weighed(50),
    {"type": "linear", "units": 5},
]
_DYNAMIC_MEMORY = [
    embed("story_words", "story", 200, 80),
    {"type": "gru", "name": "facts", "units": 80},
    embed("question_words", "question", 200, 80),
    {"type": "gru", "name": "asked", "units": 80, "returns": "last"},
    {"type": "episodic_memory", "passes": 3, "from": ["facts", "asked"]},
    {"type": "linear", "units": 200},
]
_ENTITY_NETWORK = [
    {"type": "entity_memory", "slots": 20, "from": ["sentences", "question"]},
    {"type": "linear", "units": 200, "bias": False},
]


def _sigmoids(*units: int) -> list[Any]:
    return [{"type": "linear", "units": each, "activation": "sigmoid"} for each in units]


_AUTOENCODER = [
    *_sigmoids(1000, 500, 250),
    {"type": "linear", "name": "code", "units": 30},
    *_sigmoids(250, 500, 1000, 784),
]
_VAE = [
    {"type": "linear", "name": "hidden", "units": 500, "activation": "tanh"},
    {"type": "linear", "name": "mean", "units": 20},
    {"type": "linear", "name": "log_variance", "units": 20, "from": "hidden"},
    {"type": "sample_normal", "name": "code", "from": ["mean", "log_variance"]},
    {"type": "linear", "units": 500, "activation": "tanh"},
    {"type": "linear", "name": "logits", "units": 784},
    "sigmoid",
]
# The paper sums over the pixels, the loss takes their mean.
_PIXELS = {"type": "binary_cross_entropy", "input": "logits", "target": "batch", "weight": 784}
_VAE_LOSSES: list[Any] = [_PIXELS, {"type": "kl_normal", "input": "code"}]


def _trained(found: dict[str, Any], losses: list[Any]) -> dict[str, Any]:
    return {**found, "train": {"losses": losses}}


TEXTS = (
    Entry(
        "fasttext",
        "FastText",
        "Joulin et al. 2017",
        11_000_044,
        reading("FastText", _text(), _FASTTEXT),
        "100,000 words, and pairs of words in 1,000,000 buckets.",
    ),
    Entry(
        "textcnn",
        "TextCNN",
        "Kim 2014",
        6_360_902,
        reading("TextCNN", _text(64), _TEXTCNN),
        "20,000 words, texts of 64.",
    ),
    Entry(
        "textrnn",
        "TextRNN",
        "Liu et al. 2016",
        6_440_834,
        reading("TextRNN", _text(), _TEXTRNN),
        "20,000 words, an LSTM in both directions.",
    ),
    Entry(
        "rcnn",
        "RCNN",
        "Lai et al. 2015",
        1_027_320,
        reading("RCNN", _text(200), _RCNN),
        "20,000 words, texts of 200. A word's context holds the word itself too.",
    ),
    Entry(
        "text_transformer",
        "Text Transformer",
        "Vaswani et al. 2017",
        2_956_802,
        reading("Text Transformer", _text(200), _TEXT_TRANSFORMER),
        "20,000 words, texts of 200; the encoder alone, its mean over the steps classified.",
    ),
    Entry(
        "han",
        "Hierarchical attention network",
        "Yang et al. 2016",
        4_142_105,
        reading(
            "Hierarchical attention network", {"text": {"shape": [15, 30], "dtype": "int64"}}, _HAN
        ),
        "20,000 words, texts of 15 sentences of 30 words, five classes: the same reader, with weights "
        "of its own, for the words of a sentence and for the sentences of a text.",
    ),
    Entry(
        "dynamic_memory",
        "Dynamic memory network",
        "Kumar et al. 2016",
        255_241,
        reading("Dynamic memory network", {"story": WORDS, "question": WORDS}, _DYNAMIC_MEMORY),
        "200 words. Every word of the story is a fact; story and question share no weights.",
    ),
    Entry(
        "entity_network",
        "Recurrent entity network",
        "Henaff et al. 2017",
        62_100,
        reading(
            "Recurrent entity network",
            {"sentences": ["*", 100], "question": [100]},
            _ENTITY_NETWORK,
        ),
        "Reads sentences as vectors of 100: memory and head, without the encoder of words.",
    ),
    Entry(
        "autoencoder",
        "Autoencoder",
        "Hinton and Salakhutdinov 2006",
        2_837_314,
        _trained(
            document("Autoencoder", (784,), _AUTOENCODER), [{"type": "mse", "target": "batch"}]
        ),
        "For digits of 28×28; the code has 30 numbers.",
    ),
    Entry(
        "vae",
        "Variational autoencoder",
        "Kingma and Welling 2014",
        815_824,
        _trained(document("Variational autoencoder", (784,), _VAE), _VAE_LOSSES),
        "For digits of 28×28; 20 numbers are drawn by their means and variances.",
    ),
)
