"""A recurrent decoder."""

from gradus.export.code import Code, Raw, Results, call, module, unless
from gradus.export.layers.cells import CELLS, GATES, STATES
from gradus.planned import LayerPlan

DECODER = '''
class DecoderRnn(nn.Module):
    """Writes step by step, each step knowing those before and what it reads of a memory.

    `additive` (Bahdanau et al. 2015): the state before a step asks, and what is read enters the
    cell. `dot` (Luong et al. 2015): the state after a step asks, and both give the output.
    With `teacher` below 1 training reads a given step with that probability, else what the step
    before gave; evaluation reads the first given step alone (Bengio et al. 2015).
    """

    def __init__(
        self, inputs, units, cell, gates, states, attention=None, memory=0, bias=True, teacher=1
    ):
        super().__init__()
        self.units, self.cell, self.states, self.attention = units, cell, states, attention
        self.teacher = teacher
        columns = inputs + (memory if attention == "additive" else 0)
        self.weight_ih = nn.Parameter(torch.empty(gates * units, columns))
        self.weight_hh = nn.Parameter(torch.empty(gates * units, units))
        self.bias_ih = nn.Parameter(torch.empty(gates * units)) if bias else None
        self.bias_hh = nn.Parameter(torch.empty(gates * units)) if bias else None
        if attention == "additive":
            self.score_query = nn.Parameter(torch.empty(units, units))
            self.score_key = nn.Parameter(torch.empty(units, memory))
            self.score_weight = nn.Parameter(torch.empty(1, units))
        if attention == "dot":
            self.combine_weight = nn.Parameter(torch.empty(units, memory + units))
        if teacher < 1:
            self.feedback_weight = nn.Parameter(torch.empty(inputs, units))
        for name, parameter in self.named_parameters():
            nn.init.uniform_(parameter, -self.bound(name), self.bound(name))

    def bound(self, name):
        """How far from 0 a parameter may start."""
        return 1 / math.sqrt(self.units)

    def forward(self, x, state=None, memory=None, mask=None):
        zeros = x.new_zeros(len(x), self.units)
        states = (zeros if state is None else state, *[zeros] * (self.states - 1))
        keys = memory @ self.score_key.T if self.attention == "additive" else memory
        outputs, seen = [], []
        for step in range(x.shape[1]):
            word = x[:, step]
            if step and self.teacher < 1:
                word = self.feed(outputs[-1], word)
            if self.attention == "additive":
                context, weights = self.read(states[0], memory, keys, mask)
                word = torch.cat([word, context], 1)
            before = F.linear(states[0], self.weight_hh, self.bias_hh)
            states = self.cell(F.linear(word, self.weight_ih, self.bias_ih), before, states)
            output = states[0]
            if self.attention == "dot":
                context, weights = self.read(states[0], memory, keys, mask)
                both = torch.cat([context, states[0]], 1)
                output = torch.tanh(F.linear(both, self.combine_weight))
            outputs.append(output)
            if self.attention:
                seen.append(weights)
        steps = torch.stack(outputs, 1)
        return (steps, states[0], torch.stack(seen, 1)) if seen else (steps, states[0])

    def feed(self, output, word):
        """What a step reads after an output [N, units]: its own word [N, inputs] where drawn."""
        own = F.linear(output, self.feedback_weight)
        if not self.training or self.teacher == 0:
            return own
        told = torch.rand(len(word), 1, device=word.device) < self.teacher
        return torch.where(told, word, own)

    def read(self, query, memory, keys, mask):
        """What the query [N, units] reads: [N, D], and by which weights [N, M]."""
        if self.attention == "additive":
            bent = torch.tanh(F.linear(query, self.score_query).unsqueeze(1) + keys)
            scores = F.linear(bent, self.score_weight).squeeze(2)
        else:
            scores = (keys @ query.unsqueeze(2)).squeeze(2)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, 1).nan_to_num(0.0)  # 0 where all is hidden
        return (weights.unsqueeze(1) @ memory).squeeze(1), weights
'''


def decoder_rnn(layer: LayerPlan) -> Code:
    fields = layer.fields
    given = dict(zip(layer.ports, layer.input_shapes, strict=True))
    cell, attends = fields["cell"], unless(fields["attention"], "none")
    text = call(
        "DecoderRnn",
        given["input"][1],
        fields["units"],
        cell=Raw(cell),
        gates=GATES[cell],
        states=STATES[cell],
        attention=attends,
        memory=given["memory"][1] if attends else None,
        bias=unless(fields["bias"], True),
        teacher=unless(fields.get("teacher_forcing", 1.0), 1.0),
    )
    pattern = "{output}, {state}, {weights}" if attends else "{output}, {state}"
    return module(text, CELLS[cell], DECODER, results=Results(pattern))
