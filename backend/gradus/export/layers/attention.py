"""Attention, with the parts of it that the layer's fields ask for."""

from collections.abc import Mapping
from typing import Any

from gradus.export.code import Code, Results, call, module, unless
from gradus.planned import LayerPlan

CLASS = '''
class NAME(nn.Module):
    """MEANING: [N, L, units], and the weights [N, heads, L, M]."""

INIT
    def bound(self, name):
        """How far from 0 a parameter may start (Glorot and Bengio 2010)."""
        shape = self.get_parameter(name).shape
        return 0.0 if name.endswith("_bias") else math.sqrt(6 / sum((1, *shape)[-2:]))

    def split(self, x):
        return x.reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)  # [N, heads, L, D]

PROJECT    def forward(self, query, key=None, value=None, mask=None):
        key = query if key is None else key
        value = key if value is None else value
BODY
'''
INIT = """\
    def __init__(self, units, heads, key=None, value=None, width=None, bias=True):
        super().__init__()
        key, width = key or units, width or units
        self.heads = heads
        self.query_weight = nn.Parameter(torch.empty(width, units))
        self.key_weight = nn.Parameter(torch.empty(width, key))
        self.value_weight = nn.Parameter(torch.empty(width, value or key))
        self.output_weight = nn.Parameter(torch.empty(units, width))
        self.query_bias = nn.Parameter(torch.empty(width)) if bias else None
        self.key_bias = nn.Parameter(torch.empty(width)) if bias else None
        self.value_bias = nn.Parameter(torch.empty(width)) if bias else None
        self.output_bias = nn.Parameter(torch.empty(units)) if bias else None
SCORES        for name, parameter in self.named_parameters():
            nn.init.uniform_(parameter, -self.bound(name), self.bound(name))
"""
INIT_PLAIN = """\
    def __init__(self, units, heads, key=None):
        super().__init__()
        self.heads = heads
SCORES        for name, parameter in self.named_parameters():
            nn.init.uniform_(parameter, -self.bound(name), self.bound(name))
"""
TENSORS = {
    "bilinear": """\
        self.score_weight = nn.Parameter(torch.empty(heads, ASKED, TOLD))
""",
    "additive": """\
        self.score_query = nn.Parameter(torch.empty(heads, ASKED, ASKED))
        self.score_key = nn.Parameter(torch.empty(heads, ASKED, TOLD))
        self.score_weight = nn.Parameter(torch.empty(heads, ASKED))
""",
}
PROJECT = """\
    def project(self, name, x):
        return F.linear(x, getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias"))

"""
PROJECTED = """\
        query, key = self.project("query", query), self.project("key", key)
        value = self.project("value", value)
"""
SPLIT = """\
        query, key, value = self.split(query), self.split(key), self.split(value)
"""
SCORES = {
    "scaled_dot": """\
        scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[3])
""",
    "dot": """\
        scores = query @ key.transpose(2, 3)
""",
    "bilinear": """\
        scores = query @ self.score_weight @ key.transpose(2, 3)
""",
    "additive": """\
        asked, told = query @ self.score_query.mT, key @ self.score_key.mT
        both = torch.tanh(asked.unsqueeze(3) + told.unsqueeze(2))  # [N, heads, L, M, D]
        scores = torch.einsum("nhlmd,hd->nhlm", both, self.score_weight)
""",
}
MASK = """\
        if mask is not None:
            scores = scores.masked_fill(mask[:, None, None, :] == 0, float("-inf"))
"""
CAUSAL = """\
        later = torch.ones(scores.shape[2:], dtype=torch.bool, device=scores.device).triu(1)
        scores = scores.masked_fill(later, float("-inf"))
"""
WEIGHTS = """\
        weights = torch.softmax(scores, 3).nan_to_num(0.0)  # 0 where every key is hidden
"""
SAMPLED = """\
        if self.training:  # the largest of scores under Gumbel noise is a draw by the weights
            uniform = torch.rand_like(scores).clamp(1e-12, 1 - 1e-7)
            scores = scores - (-uniform.log()).log()
"""
HARD = """\
        best = F.one_hot(scores.argmax(3), scores.shape[3]).to(weights.dtype)
        best = best.masked_fill((scores == float("-inf")).all(3, keepdim=True), 0.0)
        # The value of the best key, the gradient of the soft weights.
        weights = best + weights - weights.detach()
"""
READ = """\
        read = (weights @ value).transpose(1, 2).flatten(2)  # [N, L, heads · D]
"""


def attention(layer: LayerPlan) -> Code:
    fields = {name: layer.fields[name] for name in _FIELDS}
    given = dict(zip(layer.ports, layer.input_shapes, strict=True))
    units = given["query"][1]
    key = given.get("key", given["query"])[1]
    value = given.get("value", given.get("key", given["query"]))[1]
    projected = fields["projected"]
    text = call(
        _name(fields),
        units,
        heads=fields["heads"],
        key=unless(key, units),
        value=unless(value, key) if projected else None,
        width=unless(fields["units"] or units, units) if projected else None,
        bias=unless(fields["bias"], True) if projected else None,
    )
    return module(text, _class(fields), results=Results("{output}, {weights}"))


_FIELDS = ("heads", "units", "score", "causal", "mode", "projected", "bias")


def _name(fields: Mapping[str, Any]) -> str:
    """Classes of different bodies have different names."""
    words = ["causal"] if fields["causal"] else []
    words += [fields["mode"]] if fields["mode"] != "soft" else []
    words += [fields["score"]] if fields["score"] != "scaled_dot" else []
    words += [] if fields["projected"] else ["plain"]
    return "".join(word.title().replace("_", "") for word in [*words, "attention"])


def _class(fields: Mapping[str, Any]) -> str:
    projected, score = fields["projected"], fields["score"]
    init = INIT if projected else INIT_PLAIN
    # With matrices before it every head compares vectors of one length.
    asked, told = ("width // heads",) * 2 if projected else ("units", "key or units")
    tensors = TENSORS.get(score, "").replace("ASKED", asked).replace("TOLD", told)
    if score in ("dot", "scaled_dot") and not projected:
        init = init.split("SCORES")[0]  # nothing is learned
    meaning = "Each step reads those before it" if fields["causal"] else "Each step reads all steps"
    return (
        CLASS.replace("NAME", _name(fields))
        .replace("MEANING", meaning)
        .replace("INIT", init.replace("SCORES", tensors))
        .replace("PROJECT", PROJECT if projected else "")
        .replace("BODY", _body(fields))
    )


def _body(fields: Mapping[str, Any]) -> str:
    mode = fields["mode"]
    parts = [PROJECTED] if fields["projected"] else []
    parts += [SPLIT, SCORES[fields["score"]], MASK]
    parts += [CAUSAL] if fields["causal"] else []
    parts += [WEIGHTS]
    parts += [SAMPLED] if mode == "sampled" else []
    parts += [HARD] if mode != "soft" else []
    returned = 'self.project("output", read)' if fields["projected"] else "read"
    return "".join([*parts, READ, f"        return {returned}, weights"])
