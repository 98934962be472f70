"""Trees and graphs as toys that are learned whole: sentiment of phrases, groups of nodes."""

import random

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from gradus.plan import plan
from gradus_engine.build import build

WORDS = {"": 0, "good": 1, "bad": 2, "not": 3, "film": 4}  # "" stands for a phrase of two
NODES = 7


def phrase(random, depth=3):
    """A parsed phrase and whether it praises: a word, `film` beside a phrase, or one with `not`."""
    word = random.choice(["good", "bad"])
    if depth == 0:
        return word, word == "good"
    inner, praises = phrase(random, depth - 1)
    return random.choice(
        [(("not", inner), not praises), (("film", inner), praises), (word, word == "good")]
    )


def laid_out(tree):
    """Children before their parents: words and parents of all nodes, filled up to NODES."""
    words, parents = [], []

    def lay(node):
        children = [] if isinstance(node, str) else [lay(each) for each in node]
        words.append(WORDS[node] if isinstance(node, str) else 0)
        parents.append(-1)
        for child in children:
            parents[child] = len(words) - 1
        return len(words) - 1

    lay(tree)
    empty = NODES - len(words)
    return words + [0] * empty, parents + [-1] * empty, [1.0] * len(words) + [0.0] * empty


def phrases(count, seed):
    source = random.Random(seed)
    drawn = [phrase(source) for _ in range(count)]
    words, parents, mask = zip(*(laid_out(tree) for tree, _ in drawn), strict=True)
    inputs = {
        "words": torch.tensor(words),
        "parents": torch.tensor(parents),
        "mask": torch.tensor(mask),
    }
    return inputs, torch.tensor([[float(praises)] for _, praises in drawn])


def trained(network, loss, rate, steps):
    optimizer = torch.optim.Adam(network.parameters(), rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()


@pytest.mark.proves("B10.sentiment")
def test_a_tree_network_learns_that_not_turns_a_phrase_round():
    whole = {"shape": [NODES], "dtype": "int64"}
    tree = {"input": "e", "parents": "parents", "mask": "mask"}
    layers = [
        {"type": "embedding", "words": len(WORDS), "units": 8, "from": "words", "name": "e"},
        {"type": "tree_lstm", "units": 16, "returns": "root", "from": tree},
        {"type": "linear", "units": 1},
    ]
    inputs = {"words": whole, "parents": whole, "mask": [NODES]}
    network = build(plan({"spec": "nn/1", "network": {"inputs": inputs, "layers": layers}}), seed=0)
    (given, praised), (new, truth) = phrases(120, 0), phrases(200, 1)
    trained(network, lambda: binary_cross_entropy_with_logits(network(given), praised), 0.02, 60)
    assert ((network(new) > 0) == truth.bool()).double().mean() > 0.95


@pytest.mark.proves("B10.nodes")
def test_two_known_nodes_tell_the_groups_of_a_graph():
    source = random.Random(0)
    count = 24
    edges = torch.zeros(1, count, count)
    for i in range(count):
        for j in range(i):
            same = (i < count // 2) == (j < count // 2)
            if source.random() < (0.5 if same else 0.04):
                edges[0, i, j] = edges[0, j, i] = 1.0
    classes = torch.tensor([0] * (count // 2) + [1] * (count // 2))
    layers = [
        {
            "type": "graph_conv",
            "units": 8,
            "activation": "tanh",
            "name": "one",
            "from": ["x", "edges"],
        },
        {"type": "graph_conv", "units": 2, "from": ["one", "edges"]},
    ]
    inputs = {"x": [count, count], "edges": [count, count]}
    network = build(plan({"spec": "nn/1", "network": {"inputs": inputs, "layers": layers}}), seed=0)
    given, known = {"x": torch.eye(count)[None], "edges": edges}, [0, count - 1]
    trained(network, lambda: cross_entropy(network(given)[0, known], classes[known]), 0.02, 60)
    assert (network(given)[0].argmax(1) == classes).double().mean() > 0.9
