"""Trees and graphs: the published sums written out node by node."""

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from tests.gradus_engine.layers.reference import assert_equals, draw
from tests.gradus_engine.layers.test_recurrent import sigmoid

D, H = 3, 2
INPUTS = {
    "x": ["*", D],
    "parents": {"shape": ["*"], "dtype": "int64"},
    "mask": ["*"],
    "edges": ["*", "*"],
}


def network(layer):
    document = {"spec": "nn/1", "network": {"inputs": INPUTS, "layers": [{**layer, "name": "g"}]}}
    return build(plan(document), seed=1).double()


class Given:
    """A network of several inputs, all but `x` fixed, as one of one input."""

    def __init__(self, network, **fixed):
        self.network, self.layers, self.fixed = network, network.layers, fixed

    def __call__(self, x):
        fixed = {name: torch.from_numpy(each) for name, each in self.fixed.items()}
        return self.network({"x": x, **fixed})


#   4        3
#  / \      / \
# 2   3    0   2
# |\           |
# 0 1          1     (and one node that only fills up)
PARENTS = np.array([[2, 2, 4, 4, -1], [3, 2, 3, -1, -1]])
REAL = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]])


def tree(x, p):
    """The child-sum tree, each node by recursion to its children: [N, L, H]."""
    w_i, w_f, w_o, w_u = np.split(p["g.weight_ih"], 4)
    u_i, u_f, u_o, u_u = np.split(p["g.weight_hh"], 4)
    b_i, b_f, b_o, b_u = np.split(p["g.bias"], 4)
    answer = np.zeros((*x.shape[:2], H))
    for sample, parents, real in zip(range(len(x)), PARENTS, REAL, strict=True):

        def node(place, sample=sample, parents=parents):
            v = x[sample, place]
            below = [node(k) for k in np.flatnonzero(parents == place)]
            h = sum((h for h, _ in below), np.zeros(H))
            i = sigmoid(w_i @ v + u_i @ h + b_i)
            o = sigmoid(w_o @ v + u_o @ h + b_o)
            u = np.tanh(w_u @ v + u_u @ h + b_u)
            c = i * u + sum(sigmoid(w_f @ v + u_f @ hk + b_f) * ck for hk, ck in below)
            return o * np.tanh(c), c

        for place in np.flatnonzero(real):
            answer[sample, place] = node(place)[0]
    return answer


PORTS = {"input": "x", "parents": "parents", "mask": "mask"}


@pytest.mark.proves("B10.tree")
def test_each_node_of_a_tree_gathers_its_children():
    layer = {"type": "tree_lstm", "units": H, "from": PORTS}
    given = Given(network(layer), parents=PARENTS, mask=REAL)
    assert_equals(given, tree, draw(2, 5, D))


@pytest.mark.proves("B10.tree")
def test_the_root_is_the_last_node_that_there_is():
    layer = {"type": "tree_lstm", "units": H, "returns": "root", "from": PORTS}
    given = Given(network(layer), parents=PARENTS, mask=REAL)
    assert_equals(given, lambda x, p: tree(x, p)[[0, 1], [4, 3]], draw(2, 5, D))


@pytest.mark.proves("B10.tree")
def test_a_chain_is_a_sequence_without_a_mask():
    layer = {"type": "tree_lstm", "units": H, "from": {"input": "x", "parents": "parents"}}
    chain = network(layer)
    x, parents = torch.from_numpy(draw(1, 4, D)), torch.tensor([[1, 2, 3, -1]])
    whole = chain({"x": x, "parents": parents})
    part = chain({"x": x[:, :2], "parents": parents[:, :2]})
    torch.testing.assert_close(whole[:, :2], part)
    values = chain.outputs({"x": x, "parents": parents})
    torch.testing.assert_close(values["g.state"], whole[:, -1])


@pytest.mark.proves("B10.graph")
@pytest.mark.parametrize("activation", ["identity", "tanh"])
def test_a_graph_mixes_each_node_with_its_neighbours(activation):
    layer = {"type": "graph_conv", "units": H, "activation": activation, "from": ["x", "edges"]}
    edges = np.array([[[0, 1, 0, 0], [1, 0, 2, 0], [0, 2, 0, 0], [0, 0, 0, 0]]] * 2, dtype=float)

    def formula(x, p):
        own = edges[0] + np.eye(4)
        degrees = np.diag(own.sum(1) ** -0.5)
        y = degrees @ own @ degrees @ x @ p["g.weight"].T + p["g.bias"]
        return np.tanh(y) if activation == "tanh" else y

    assert_equals(Given(network(layer), edges=edges), formula, draw(2, 4, D))
