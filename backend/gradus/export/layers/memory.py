"""Memories for questions."""

from gradus.export.code import Code, Results, call, module, unless
from gradus.export.layers.cells import GRU
from gradus.planned import LayerPlan

EPISODIC = '''
class EpisodicMemory(nn.Module):
    """Reads facts several times over, each time led by what it found before: [N, F, D] and
    [N, D] → [N, D], and the gates [N, passes, F] (Kumar et al. 2016)."""

    def __init__(self, units, hidden, passes):
        super().__init__()
        self.passes = passes
        shapes = {
            "compare_weight": (units, units),
            "hidden_weight": (hidden, 7 * units + 2),
            "hidden_bias": (hidden,),
            "gate_weight": (1, hidden),
            "gate_bias": (1,),
        }
        for cell in ("fact", "memory"):
            shapes[f"{cell}_weight_ih"] = shapes[f"{cell}_weight_hh"] = (3 * units, units)
            shapes[f"{cell}_bias_ih"] = shapes[f"{cell}_bias_hh"] = (3 * units,)
        for name, shape in shapes.items():
            self.register_parameter(name, nn.Parameter(torch.empty(shape)))
        for name, parameter in self.named_parameters():
            nn.init.uniform_(parameter, -self.bound(name), self.bound(name))

    def bound(self, name):
        """How far from 0 a parameter may start."""
        matrices = {"hidden": self.hidden_weight, "gate": self.gate_weight}
        matrix = matrices.get(name.partition("_")[0], self.compare_weight)
        return 1 / math.sqrt(matrix.shape[1])

    def forward(self, facts, question, mask=None):
        inputs = self.sums("fact", "ih", facts)
        compared = facts @ self.compare_weight
        memory, seen = question, []
        for _ in range(self.passes):
            gates = self.gates(facts, compared, memory, question)
            if mask is not None:
                gates = gates * mask.to(gates.dtype)
            episode = facts.new_zeros(len(facts), facts.shape[2])
            for fact in range(facts.shape[1]):
                before = self.sums("fact", "hh", episode)
                (after,) = gru(inputs[:, fact], before, (episode,))
                gate = gates[:, fact, None]
                episode = gate * after + (1 - gate) * episode
            sums = self.sums("memory", "ih", episode), self.sums("memory", "hh", memory)
            (memory,) = gru(*sums, (memory,))
            seen.append(gates)
        return memory, torch.stack(seen, 1)

    def sums(self, cell, part, x):
        weight = self.get_parameter(f"{cell}_weight_{part}")
        return F.linear(x, weight, self.get_parameter(f"{cell}_bias_{part}"))

    def gates(self, facts, compared, memory, question):
        """How much each fact counts: [N, F]."""
        m, q = memory.unsqueeze(1).expand_as(facts), question.unsqueeze(1).expand_as(facts)
        products = [compared @ each.unsqueeze(2) for each in (question, memory)]
        features = [facts, m, q, facts * q, facts * m, (facts - q).abs(), (facts - m).abs()]
        features = torch.cat([*features, *products], 2)
        hidden = torch.tanh(F.linear(features, self.hidden_weight, self.hidden_bias))
        return torch.sigmoid(F.linear(hidden, self.gate_weight, self.gate_bias))[..., 0]
'''
ENTITY = '''
class EntityMemory(nn.Module):
    """Slots that each keep track of one thing: [N, T, D] and [N, D] → the answer [N, D], the
    memory [N, S, D], its gates [N, T, S] and what was read [N, S] (Henaff et al. 2017)."""

    def __init__(self, units, slots, prelu=True):
        super().__init__()
        self.prelu = prelu
        self.keys = nn.Parameter(torch.empty(slots, units))
        for name in ("content", "key", "sentence", "answer"):
            matrix = nn.Parameter(torch.empty(units, units))
            self.register_parameter(f"{name}_weight", matrix)
        for name, parameter in self.named_parameters():
            nn.init.uniform_(parameter, -self.bound(name), self.bound(name))
        if prelu:
            self.slope = nn.Parameter(torch.ones(units))

    def bound(self, name):
        """How far from 0 a parameter may start."""
        return 1 / math.sqrt(self.key_weight.shape[1])

    def forward(self, sentences, question, mask=None):
        memory = self.keys.expand(len(sentences), *self.keys.shape)
        told = F.linear(sentences, self.sentence_weight)
        keyed = F.linear(self.keys, self.key_weight)
        seen = []
        for step in range(sentences.shape[1]):
            sentence = sentences[:, step].unsqueeze(2)  # [N, D, 1]
            gates = torch.sigmoid(memory @ sentence + self.keys @ sentence)  # [N, S, 1]
            heard = None if mask is None else mask[:, step, None, None] > 0
            if heard is not None:
                gates = gates * heard
            new = F.linear(memory, self.content_weight) + keyed + told[:, step].unsqueeze(1)
            written = F.normalize(memory + gates * self.bend(new), dim=2)
            # Only a written memory comes to length 1; one that is passed over stays as it is.
            memory = written if heard is None else torch.where(heard, written, memory)
            seen.append(gates.squeeze(2))
        weights = torch.softmax((memory @ question.unsqueeze(2)).squeeze(2), 1)
        read = (weights.unsqueeze(1) @ memory).squeeze(1)
        answer = self.bend(question + F.linear(read, self.answer_weight))
        return answer, memory, torch.stack(seen, 1), weights

    def bend(self, x):
        return torch.where(x > 0, x, self.slope * x) if self.prelu else x
'''


def episodic_memory(layer: LayerPlan) -> Code:
    fields, units = layer.fields, layer.input_shapes[0][1]
    text = call("EpisodicMemory", units, fields["hidden"] or units, fields["passes"])
    return module(text, GRU, EPISODIC, results=Results("{output}, {gates}"))


def entity_memory(layer: LayerPlan) -> Code:
    fields, units = layer.fields, layer.input_shapes[0][1]
    prelu = fields["activation"] == "prelu"
    text = call("EntityMemory", units, fields["slots"], prelu=unless(prelu, True))
    return module(
        text,
        ENTITY,
        results=Results("{output}, {memory}, {gates}, {weights}"),
        settle=("{0}.slope.fill_(1.0)",) if prelu else (),
    )
