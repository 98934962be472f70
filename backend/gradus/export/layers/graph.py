"""Layers over trees and graphs."""

from gradus.export.code import Code, Results, call, module, unless
from gradus.export.layers.activations import activated
from gradus.planned import LayerPlan

TREE = '''
class TreeLstm(nn.Module):
    """The child-sum tree (Tai et al. 2015): [N, L, D] and parents [N, L] → the state of every node
    [N, L, H], and the root's."""

    def __init__(self, inputs, units, bias=True):
        super().__init__()
        self.units = units
        self.weight_ih = nn.Parameter(torch.empty(4 * units, inputs))
        self.weight_hh = nn.Parameter(torch.empty(4 * units, units))
        self.bias = nn.Parameter(torch.empty(4 * units)) if bias else None
        for name, parameter in self.named_parameters():
            nn.init.uniform_(parameter, -self.bound(name), self.bound(name))

    def bound(self, name):
        """How far from 0 a parameter may start."""
        return 1 / math.sqrt(self.units)

    def forward(self, x, parents, mask=None):
        own = torch.ones_like(x[..., 0]) if mask is None else mask.to(x.dtype)  # [N, L]
        inputs = F.linear(x, self.weight_ih, self.bias)  # the gates in the order i, f, o, u
        i, f, o, u = self.weight_hh.chunk(4, 0)
        others = torch.cat([i, o, u])
        hidden, memories, asked = [], [], []
        for node in range(x.shape[1]):
            x_i, x_f, x_o, x_u = inputs[:, node].chunk(4, 1)
            summed, remembered = torch.zeros_like(x_i), torch.zeros_like(x_i)
            if node:  # children stand before their parents
                child = (parents[:, :node] == node).unsqueeze(2).to(x.dtype)  # [N, node, 1]
                summed = (child * torch.stack(hidden, 1)).sum(1)
                gates = torch.sigmoid(x_f.unsqueeze(1) + torch.stack(asked, 1))
                remembered = (child * gates * torch.stack(memories, 1)).sum(1)
            h_i, h_o, h_u = F.linear(summed, others).chunk(3, 1)
            c = torch.sigmoid(x_i + h_i) * torch.tanh(x_u + h_u) + remembered
            kept = own[:, node, None]
            hidden.append(torch.sigmoid(x_o + h_o) * torch.tanh(c) * kept)
            memories.append(c * kept)
            asked.append(F.linear(hidden[-1], f))
        states = torch.stack(hidden, 1)
        places = torch.arange(x.shape[1], device=x.device)
        roots = (places * (own > 0)).argmax(1)  # the last node of each tree
        return states, states[torch.arange(len(x), device=x.device), roots]
'''
GRAPH = '''
class GraphConv(nn.Module):
    """D^−½ (A + I) D^−½ X Wᵀ + b: [N, L, D] and [N, L, L] → [N, L, H] (Kipf and Welling 2017)."""

    def __init__(self, inputs, units, bias=True):
        super().__init__()
        bound = 1 / math.sqrt(inputs)
        self.weight = nn.Parameter(torch.empty(units, inputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(units).uniform_(-bound, bound)) if bias else None

    def forward(self, x, adjacency):
        joined = adjacency.to(x.dtype) + torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
        scale = joined.sum(2, keepdim=True).rsqrt()
        mixed = scale * (joined @ (scale * F.linear(x, self.weight)))
        return mixed if self.bias is None else mixed + self.bias
'''


def tree_lstm(layer: LayerPlan) -> Code:
    fields = layer.fields
    bias = unless(fields["bias"], True)
    text = call("TreeLstm", layer.input_shapes[0][1], fields["units"], bias=bias)
    output = "state" if fields["returns"] == "root" else "steps"
    return module(text, TREE, results=Results("{steps}, {state}", output))


def graph_conv(layer: LayerPlan) -> Code:
    fields = layer.fields
    bias = unless(fields["bias"], True)
    text = call("GraphConv", layer.input_shapes[0][1], fields["units"], bias=bias)
    return activated(module(text, GRAPH), fields["activation"])
