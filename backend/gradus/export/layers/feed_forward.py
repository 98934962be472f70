"""The position-wise feed-forward net of a Transformer."""

from gradus.export.code import Code, Raw, call, module, unless
from gradus.export.layers.activations import DEFAULTS, FUNCTIONS
from gradus.planned import LayerPlan

FEED_FORWARD = '''
class FeedForward(nn.Module):
    """Two matrices with a function between them, at every step by itself (Vaswani et al. 2017)."""

    def __init__(self, units, hidden, function, bias=True):
        super().__init__()
        self.function = function
        self.hidden_weight = nn.Parameter(torch.empty(hidden, units))
        self.hidden_bias = nn.Parameter(torch.empty(hidden)) if bias else None
        self.output_weight = nn.Parameter(torch.empty(units, hidden))
        self.output_bias = nn.Parameter(torch.empty(units)) if bias else None
        for name, parameter in self.named_parameters():
            nn.init.uniform_(parameter, -self.bound(name), self.bound(name))

    def bound(self, name):
        """How far from 0 a parameter may start."""
        matrix = self.hidden_weight if name.startswith("hidden") else self.output_weight
        return 1 / math.sqrt(matrix.shape[1])

    def forward(self, x):
        hidden = self.function(F.linear(x, self.hidden_weight, self.hidden_bias))
        return F.linear(hidden, self.output_weight, self.output_bias)
'''


def feed_forward(layer: LayerPlan) -> Code:
    fields = layer.fields
    behind = FUNCTIONS[fields["activation"]](DEFAULTS)
    (step,) = behind.steps
    text = call(
        "FeedForward",
        layer.input_shapes[0][-1],
        fields["hidden"],
        Raw(step.module),
        bias=unless(fields["bias"], True),
    )
    return module(text, *behind.helpers, FEED_FORWARD)
