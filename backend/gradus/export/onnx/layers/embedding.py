"""Learned vectors of words, and where in a sequence they stand. N samples, L steps, D units."""

import math

from gradus.export.onnx.graph import Graph
from gradus.planned import ANY, LayerPlan

# Of the hash of a run of words: Knuth's factor, and what keeps products within 62 bits.
FACTOR = 2_654_435_761
MODULUS = 2**31 - 1


def embedding(g: Graph, layer: LayerPlan, x: str) -> str | tuple[str, str]:
    """[N, L] → [N, L, D], and the mask [N, L] where there is a padding."""
    fields = layer.fields
    fields["words"], fields["units"]  # said by the weights
    y = g.op("Gather", g.own("weight"), x, axis=0)
    if fields["padding"] is None:
        return y
    mask = g.as_float(_counts(g, x, fields["padding"]))
    return g.times(y, g.unsqueeze(mask, -1)), mask


def _counts(g: Graph, x: str, padding: int | None) -> str:
    """1 for a word that counts, 0 for one that only fills up, as whole numbers."""
    filler = g.whole(-1 if padding is None else padding)
    return g.as_whole(g.op("Not", g.op("Equal", x, filler)))


def embedding_bag(g: Graph, layer: LayerPlan, x: str) -> str:
    """[N, L] → [N, D]."""
    fields = layer.fields
    fields["units"]
    rows, counts = zip(*_runs(g, layer, x), strict=True)
    kept = g.as_float(g.concat(counts, 1))
    vectors = g.op("Gather", g.own("weight"), g.concat(rows, 1), axis=0)
    total = g.total(g.times(vectors, g.unsqueeze(kept, -1)), 1)
    if fields["mode"] == "sum":
        return total
    return g.op("Div", total, g.op("Max", g.total(kept, 1, keep=True), g.number(1.0)))


def _runs(g: Graph, layer: LayerPlan, x: str) -> list[tuple[str, str]]:
    """Rows of the table and whether they count, for runs of each length."""
    fields = layer.fields
    words, buckets, (length,) = fields["words"], fields["buckets"], layer.input_shapes[0]
    longest = fields["ngrams"] if length == ANY else min(fields["ngrams"], length)
    one, kept = g.whole(1), _counts(g, x, fields["padding"])
    found, hashed, counts = [(x, kept)], g.add(x, one), kept
    for behind in range(1, longest):
        # A run is its beginning and one word more; it counts where all its words do.
        begun = g.times(g.cut(hashed, 1, 0, -1), g.whole(FACTOR))
        hashed = g.add(begun, g.cut(x, 1, behind), one)
        hashed = g.op("Mod", hashed, g.whole(MODULUS))
        kept = g.times(g.cut(kept, 1, 0, -1), g.cut(counts, 1, behind))
        found.append((g.add(g.op("Mod", hashed, g.whole(buckets)), g.whole(words)), kept))
    return found


def positional_encoding(g: Graph, layer: LayerPlan, x: str) -> str:
    fields, units = layer.fields, layer.input_shapes[0][1]
    fields["longest"]
    scaled = g.times(x, g.number(math.sqrt(units))) if fields["scale"] else x
    if fields["kind"] == "learned":
        rows = g.op("Slice", g.own("weight"), g.row([0]), g.shape(x, 1, 2), g.row([0]))
        return g.add(scaled, rows)
    return g.add(scaled, _waves(g, x, units))


def _waves(g: Graph, x: str, units: int) -> str:
    """sin and cos of t / 10000^(2i / D) by turns, each as a sine: [L, D]."""
    steps = g.unsqueeze(g.as_double(g.places(x, 1)), 1)
    periods = [10_000 ** (place // 2 * 2 / units) for place in range(units)]
    shifts = [place % 2 * math.pi / 2 for place in range(units)]
    angles = g.add(g.op("Div", steps, g.double(*periods)), g.double(*shifts))
    return g.as_float(g.op("Sin", angles))
