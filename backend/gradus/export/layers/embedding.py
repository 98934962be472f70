"""Learned vectors of words, and where in a sequence they stand."""

from gradus.export.code import Code, Results, call, module, unless
from gradus.planned import LayerPlan

PADDED = '''
class PaddedEmbedding(nn.Embedding):
    """Rows of a table, and a mask of the words; what only fills a text up has the row 0."""

    def __init__(self, words, units, filler):
        super().__init__(words, units)
        self.filler = filler

    def forward(self, x):
        mask = (x != self.filler).to(self.weight.dtype)
        return super().forward(x) * mask.unsqueeze(-1), mask
'''
BAG = '''
class EmbeddingBag(nn.Module):
    """Mean or sum of the vectors of words, and of runs of up to `ngrams` words, which share
    `buckets` further rows by a hash: [N, L] → [N, D] (Joulin et al. 2017)."""

    FACTOR = 2_654_435_761  # Knuth's; products stay below 2⁶²
    MODULUS = 2**31 - 1

    def __init__(self, words, units, buckets=0, ngrams=1, mean=True, padding=None):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(words + (buckets if ngrams > 1 else 0), units))
        self.words, self.buckets, self.ngrams = words, buckets, ngrams
        self.mean, self.padding = mean, padding

    def forward(self, x):
        rows, counts = zip(*self.runs(x))
        kept = torch.cat(counts, 1).to(self.weight.dtype)
        total = (F.embedding(torch.cat(rows, 1), self.weight) * kept.unsqueeze(-1)).sum(1)
        return total / kept.sum(1, keepdim=True).clamp(min=1) if self.mean else total

    def runs(self, x):
        """Rows of the table and whether they count, for runs of each length."""
        counts = torch.ones_like(x) if self.padding is None else (x != self.padding).long()
        found, hashed, kept = [(x, counts)], x + 1, counts
        for _ in range(min(self.ngrams, x.shape[1]) - 1):
            # A run is its beginning and one word more; it counts where all its words do.
            hashed = (hashed[:, :-1] * self.FACTOR + x[:, -hashed.shape[1] + 1 :] + 1) % self.MODULUS
            kept = kept[:, :-1] * counts[:, -kept.shape[1] + 1 :]
            found.append((self.words + hashed % self.buckets, kept))
        return found
'''
WAVES = '''
class Waves(nn.Module):
    """Adds sin and cos of t / 10000^(2i / D): [N, L, D] → the same (Vaswani et al. 2017)."""

    def __init__(self, factor=1.0):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        length, units = x.shape[1:]
        steps = torch.arange(length, dtype=torch.float64, device=x.device)[:, None]
        even = torch.arange(0, units, 2, dtype=torch.float64, device=x.device)
        angles = steps / 10_000 ** (even / units)
        both = torch.stack([angles.sin(), angles.cos()], 2).flatten(1)
        return x * self.factor + both[:, :units].to(x.dtype)
'''
PLACES = '''
class Places(nn.Module):
    """Adds a learned vector for each step: [N, L, D] → the same."""

    def __init__(self, longest, units, factor=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(longest, units))
        self.factor = factor

    def forward(self, x):
        return x * self.factor + self.weight[: x.shape[1]]
'''


def embedding(layer: LayerPlan) -> Code:
    fields = layer.fields
    words, units, padding = fields["words"], fields["units"], fields["padding"]
    if padding is None:
        return module(call("nn.Embedding", words, units))
    text = call("PaddedEmbedding", words, units, padding)
    return module(text, PADDED, results=Results("{output}, {mask}"))


def embedding_bag(layer: LayerPlan) -> Code:
    fields = layer.fields
    rows, units = layer.parameters[0].shape
    words, ngrams = fields["words"], fields["ngrams"]
    mode, buckets = fields["mode"], fields["buckets"]
    text = call(
        "EmbeddingBag",
        words,
        units,
        buckets=unless(rows - words, 0) and buckets,
        ngrams=unless(ngrams, 1),
        mean=unless(mode == "mean", True),
        padding=fields["padding"],
    )
    fields["units"]
    return module(text, BAG)


def positional_encoding(layer: LayerPlan) -> Code:
    fields, units = layer.fields, layer.input_shapes[0][1]
    factor = float(units) ** 0.5 if fields["scale"] else None
    longest = fields["longest"]
    if fields["kind"] == "learned":
        return module(call("Places", longest, units, factor=factor), PLACES)
    return module(call("Waves", factor=factor), WAVES)
