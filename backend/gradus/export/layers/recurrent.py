"""Recurrent layers: torch's own where it has the cell, else the cell written out."""

from typing import Any

from gradus.export.code import Code, Results, call, module, unless
from gradus.planned import LayerPlan

# A layer that walks through its steps itself: with a mask, a given state, or another cell.
WALKED = '''
class NAME(nn.TORCH):
    """Steps one by one: a step under 0 of `mask` leaves the state as it is and gives 0, and
    `state` is what the last layer begins with."""

    def cell(self, x, state, weights):
        w, u, *biases = weights
        b, c = biases or (None, None)
CELL

    def forward(self, x, mask=None, state=None):
        ways = 2 if self.bidirectional else 1
        zeros = x.new_zeros(self.num_layers * ways, len(x), self.hidden_size)
        first = zeros
        if state is not None:
            given = state.view(len(x), ways, self.hidden_size).transpose(0, 1)
            first = torch.cat([zeros[ways:], given])
        last = []
        for layer in range(self.num_layers):
            steps, last = [], []
            for way in range(ways):
                place = layer * ways + way
                start = (first[place], *[zeros[place]] * (STATES - 1))
                outputs, end = self.walk(x, start, self.all_weights[place], mask, way == 1)
                steps.append(outputs)
                last.append(end)
            x = torch.cat(steps, 2)
        return x, *(torch.cat(part, 1) for part in zip(*last))

    def walk(self, x, state, weights, mask, backwards):
        order = range(x.shape[1])
        outputs = [None] * x.shape[1]
        for step in reversed(order) if backwards else order:
            after = self.cell(x[:, step], state, weights)
            kept = 1.0 if mask is None else mask[:, step, None].to(x.dtype)
            state = tuple(kept * now + (1 - kept) * old for now, old in zip(after, state))
            outputs[step] = kept * state[0]
        return torch.stack(outputs, 1), state
'''
TANH = """\
        return (torch.tanh(F.linear(x, w, b) + F.linear(state[0], u, c)),)"""
RELU = """\
        return (torch.relu(F.linear(x, w, b) + F.linear(state[0], u, c)),)"""
LSTM = """\
        i, f, g, o = (F.linear(x, w, b) + F.linear(state[0], u, c)).chunk(4, 1)
        memory = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(memory), memory"""
GRU = """\
        (hidden,) = state
        x_r, x_z, x_n = F.linear(x, w, b).chunk(3, 1)
        h_r, h_z, h_n = F.linear(hidden, u, c).chunk(3, 1)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
"""
# The reset gate on what the state gives (torch), or on the state itself (Cho et al. 2014).
RESET = {
    "after": """\
        new = torch.tanh(x_n + r * h_n)
""",
    "before": """\
        rows = slice(2 * self.hidden_size, None)
        bias = None if c is None else c[rows]
        new = torch.tanh(x_n + F.linear(r * hidden, u[rows], bias))
""",
}
UPDATE = {
    "torch": "        return ((1 - z) * new + z * hidden,)",
    "notes": "        return (z * new + (1 - z) * hidden,)",
}
FORGET = """\
for name, bias in {0}.named_parameters():
    if name.startswith("bias"):  # the gates stand in the order i, f, g, o
        bias[UNITS : 2 * UNITS] = BIAS if name.startswith("bias_ih") else 0.0"""


def rnn(layer: LayerPlan) -> Code:
    activation = layer.fields["activation"]
    cell = RELU if activation == "relu" else TANH
    name = "SteppedReluRNN" if activation == "relu" else "SteppedRNN"
    return _recurrent(layer, "RNN", name, cell, nonlinearity=unless(activation, "tanh"))


def lstm(layer: LayerPlan) -> Code:
    code = _recurrent(layer, "LSTM", "SteppedLSTM", LSTM)
    forget, units = layer.fields["forget_bias"], layer.fields["units"]
    if forget is None:
        return code
    settle = FORGET.replace("UNITS", str(units)).replace("BIAS", repr(float(forget)))
    return Code(code.steps, code.helpers, code.results, (settle,))


def gru(layer: LayerPlan) -> Code:
    reset, update = layer.fields["reset"], layer.fields["update"]
    own = (reset, update) != ("after", "torch")
    name = f"{reset}_{update}_GRU".title().replace("_", "") if own else "SteppedGRU"
    return _recurrent(layer, "GRU", name, GRU + RESET[reset] + UPDATE[update], own=own)


def _recurrent(
    layer: LayerPlan, kind: str, stepped: str, cell: str, own: bool = False, **more: Any
) -> Code:
    fields = layer.fields
    both = fields["bidirectional"]
    walked = own or len(layer.ports) > 1
    text = call(
        stepped if walked else f"nn.{kind}",
        layer.input_shapes[0][1],
        fields["units"],
        num_layers=unless(fields["layers"], 1),
        bias=unless(fields["bias"], True),
        batch_first=True,
        bidirectional=unless(both, False),
        **more,
    )
    output = "state" if fields["returns"] == "last" else "steps"
    states = ["state", "memory"] if kind == "LSTM" else ["state"]
    if walked:
        helper = (
            WALKED.replace("NAME", stepped)
            .replace("TORCH", kind)
            .replace("CELL", cell)
            .replace("STATES", str(len(states)))
        )
        pattern = ", ".join(["{steps}", *(f"{{{each}}}" for each in states)])
        return module(text, helper, results=Results(pattern, output))
    # Torch gives the last states of all layers and ways, the highest layer's at the end.
    last = "torch.cat([{0}[-2], {0}[-1]], 1)" if both else "{0}[-1]"
    inner = "({state}, {memory})" if kind == "LSTM" else "{state}"
    return module(text, results=Results(f"{{steps}}, {inner}", output, dict.fromkeys(states, last)))
