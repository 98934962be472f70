"""A recurrent layer of convolutions. N samples, T steps, C channels, F filters."""

from gradus.export.onnx.graph import Graph
from gradus.export.onnx.layers import cells
from gradus.export.onnx.tensors import FLOAT
from gradus.planned import LayerPlan


def conv_rnn(g: Graph, layer: LayerPlan, x: str, state: str | None = None) -> tuple[str, ...]:
    """[N, T, C, H, W] → [N, T, F, H, W] or [N, F, H, W], and the states at the end."""
    fields, shape = layer.fields, layer.input_shapes[0]
    fields["bias"]
    kernel, cell = fields["kernel"], fields["cell"]
    zeros = g.zeros(x, fields["filters"], *shape[2:])
    start = [state or zeros, *[zeros] * (cells.STATES[cell] - 1)]

    def step(body: Graph, states: list[str], now: list[str]) -> tuple[list[str], list[str]]:
        inputs = _same(body, now[0], kernel, "ih")
        before = _same(body, states[0], kernel, "hh")
        states = cells.CELLS[cell](body, inputs, before, states)
        return states, [states[0]]

    ends, (steps,) = g.scan(step, start, [(x, FLOAT)])
    return (ends[0] if fields["returns"] == "last" else steps), *ends


def _same(g: Graph, x: str, kernel: list[int], of: str) -> str:
    """A convolution that keeps the size of its maps; an odd cell more goes behind."""
    bias = g.maybe(f"bias_{of}")
    pads = [(side - 1) // 2 for side in kernel] + [side // 2 for side in kernel]
    given = [x, g.own(f"weight_{of}"), *([bias] if bias else [])]
    return g.op("Conv", *given, kernel_shape=kernel, pads=pads)
