"""What goes on inside a layer, beside the output that it gives. A new one is a line here.

`SAMPLE` layers tell of one sample, `CROWD` layers of many at once.
"""

from collections.abc import Callable, Mapping

from torch import Tensor

from gradus_engine.insides import (
    attention,
    embedding,
    inputs,
    memory,
    noise,
    norm,
    recurrent,
    ways,
)
from gradus_engine.insides.look import Look
from gradus_engine.layers.activations import FUNCTIONS

Inside = Callable[[Look], Mapping[str, Tensor]]

SAMPLE: dict[str, Inside] = {
    "rnn": recurrent.gates,
    "lstm": recurrent.gates,
    "gru": recurrent.gates,
    "conv_rnn": recurrent.maps,
    "decoder_rnn": attention.alignment,
    "attention": attention.weights,
    "embedding": embedding.table,
    "embedding_bag": embedding.table,
    "positional_encoding": embedding.places,
    "episodic_memory": memory.passes,
    "entity_memory": memory.slots,
}
CROWD: dict[str, Inside] = {
    "batch_norm": norm.scaling,
    "layer_norm": norm.scaling,
    "group_norm": norm.scaling,
    "local_response_norm": norm.scaling,
    "dropout": noise.mask,
    "dropout2d": noise.mask,
    "add": ways.norms,
    "multiply": ways.norms,
    "mean": ways.norms,
    "concat": ways.norms,
    **dict.fromkeys([*FUNCTIONS, "prelu", "rrelu", "maxout"], inputs.spread),
}

__all__ = ["CROWD", "SAMPLE", "Inside", "Look"]
