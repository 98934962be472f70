"""A recurrent layer of convolutions."""

from gradus.export.code import Code, Raw, Results, brief, call, module, unless
from gradus.export.layers.cells import CELLS, GATES, STATES
from gradus.planned import LayerPlan

CONV_RNN = '''
class ConvRnn(nn.Module):
    """A cell whose sums are convolutions: [N, T, C, H, W] → [N, T, F, H, W] and the last states."""

    def __init__(self, channels, filters, kernel, cell, gates, states, bias=True):
        super().__init__()
        self.filters, self.cell, self.states = filters, cell, states
        rows, sides = gates * filters, kernel if isinstance(kernel, tuple) else (kernel, kernel)
        self.weight_ih = nn.Parameter(torch.empty(rows, channels, *sides))
        self.weight_hh = nn.Parameter(torch.empty(rows, filters, *sides))
        self.bias_ih = nn.Parameter(torch.empty(rows)) if bias else None
        self.bias_hh = nn.Parameter(torch.empty(rows)) if bias else None
        for name, parameter in self.named_parameters():
            nn.init.uniform_(parameter, -self.bound(name), self.bound(name))

    def bound(self, name):
        """How far from 0 a parameter may start."""
        return 1 / math.sqrt(self.weight_hh[0].numel())

    def convolved(self, x, weight, bias):
        # As many cells as before; the odd one of an even kernel's padding stands right and below.
        height, width = weight.shape[2:]
        x = F.pad(x, (0, 1 - width % 2, 0, 1 - height % 2))
        return F.conv2d(x, weight, bias, padding=((height - 1) // 2, (width - 1) // 2))

    def forward(self, x, state=None):
        # What the input gives needs no earlier step: all steps in one convolution.
        inputs = self.convolved(x.flatten(0, 1), self.weight_ih, self.bias_ih)
        inputs = inputs.reshape(*x.shape[:2], *inputs.shape[1:])
        zeros = x.new_zeros(len(x), self.filters, *x.shape[3:])
        states = (zeros if state is None else state, *[zeros] * (self.states - 1))
        steps = []
        for step in range(x.shape[1]):
            before = self.convolved(states[0], self.weight_hh, self.bias_hh)
            states = self.cell(inputs[:, step], before, states)
            steps.append(states[0])
        return torch.stack(steps, 1), *states
'''


def conv_rnn(layer: LayerPlan) -> Code:
    fields = layer.fields
    cell = fields["cell"]
    text = call(
        "ConvRnn",
        layer.input_shapes[0][1],
        fields["filters"],
        brief(fields["kernel"]),
        cell=Raw(cell),
        gates=GATES[cell],
        states=STATES[cell],
        bias=unless(fields["bias"], True),
    )
    states = ", ".join(f"{{{each}}}" for each in ("state", "memory")[: STATES[cell]])
    output = "state" if fields["returns"] == "last" else "steps"
    return module(text, CELLS[cell], CONV_RNN, results=Results(f"{{steps}}, {states}", output))
