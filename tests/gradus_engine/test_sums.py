"""The terms that are told of a number add up to that number, in every layer that tells them."""

import pytest
import torch

from gradus.plan import plan
from gradus.probes import SumProbe
from gradus_engine.opening import open_session
from gradus_engine.probes import probe
from gradus_engine.session import Session
from tests.gradus.alternations import gan
from tests.gradus_engine.documents import document

NET = document(
    [
        {
            "type": "conv2d",
            "filters": 6,
            "stride": [2, 1],
            "padding": "same",
            "activation": "tanh",
            "name": "a",
        },
        {"type": "conv2d", "filters": 6, "groups": 2, "dilation": 2, "flip": True, "name": "b"},
        {"type": "batch_norm", "name": "n"},
        {"type": "relu", "name": "r"},
        {"type": "add", "from": ["a", "r"], "name": "sum"},
        {"type": "max_pool2d", "size": 3, "padding": "same", "name": "peak"},
        {"type": "avg_pool2d", "size": 2, "name": "level"},
        "flatten",
        {"type": "linear", "units": 20, "activation": "elu", "name": "dense"},
        {"type": "linear", "units": 10, "name": "last"},
    ],
    "digits",
)

# Layers that normalize over a sample, rearrange, or spread.
OTHERS = document(
    [
        {"type": "conv2d", "filters": 4, "name": "a"},
        {"type": "local_response_norm", "size": 3, "alpha": 0.5, "name": "near"},
        {"type": "local_response_norm", "across": "within", "name": "within"},
        {"type": "group_norm", "groups": 2, "name": "groups"},
        {"type": "layer_norm", "name": "level"},
        {"type": "pad", "sides": [[1, 0], [0, 1]], "channels": [1, 0], "value": 2, "name": "pad"},
        {"type": "concat", "from": ["pad", "pad"], "name": "both"},
        {"type": "conv_transpose2d", "filters": 4, "stride": 2, "groups": 2, "name": "spread"},
        {"type": "upsample", "factor": 2, "name": "copied"},
        {"type": "upsample", "factor": 2, "mode": "bilinear", "name": "blended"},
        {"type": "permute", "axes": [1, 0, 2], "name": "turned"},
        {"type": "select", "axis": 0, "index": -2, "name": "row"},
        {"type": "reshape", "shape": [8, -1], "name": "laid"},
        {"type": "flatten", "name": "flat"},
        {"type": "linear", "units": 10, "name": "last"},
        {"type": "log_softmax", "name": "log"},
    ],
    "digits",
)


def looked_at(net=NET):
    session = Session(plan(net))
    random = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for key, value in session.network.layers.state_dict().items():
            if value.is_floating_point():
                low = 0.3 if key.endswith("running_var") else -0.5
                value.uniform_(low, 1 if low > 0 else 0.5, generator=random)
    return session


@pytest.mark.proves("F1", "F3")
@pytest.mark.parametrize(
    ("layer", "kinds"),
    [
        ("a", ["patch", "function"]),
        ("b", ["patch"]),
        ("n", ["norm"]),
        ("r", ["function"]),
        ("sum", ["join"]),
        ("peak", ["window"]),
        ("level", ["window"]),
        ("dense", ["terms", "function"]),
        ("last", ["terms"]),
    ],
)
def test_the_last_total_is_the_number_itself(layer, kinds):
    session = looked_at()
    session.network.eval().requires_grad_(False)
    values = session.network.outputs(session.dataset.validation.inputs[:1])[layer][0]
    size = values[0].numel()
    for unit, place in ((0, 0), (len(values) - 1, size - 1), (1, size // 2)):
        shown = probe(session, SumProbe(layers=(layer,), unit=unit, place=place))
        steps = shown.meta["sums"]
        assert [step["kind"] for step in steps] == kinds
        number = float(values[unit].flatten()[place])
        assert steps[-1]["total"] == pytest.approx(number, abs=1e-4)
        assert shown.meta["value"] == pytest.approx(number, abs=1e-6)


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        ("near", "response"),
        ("within", "response"),
        ("groups", "norm"),
        ("level", "norm"),
        ("pad", "moved"),
        ("both", "moved"),
        ("spread", "patch"),
        ("copied", "moved"),
        ("blended", "terms"),
        ("turned", "moved"),
        ("row", "moved"),
        ("laid", "moved"),
        ("flat", "moved"),
        ("log", "share"),
    ],
)
def test_what_normalizes_rearranges_or_spreads_is_told_to_its_number_too(layer, kind):
    session = looked_at(OTHERS)
    session.network.eval().requires_grad_(False)
    values = session.network.outputs(session.dataset.validation.inputs[:1])[layer][0]
    rows = values.reshape(len(values), -1)
    for unit, place in ((0, 0), (len(rows) - 1, rows.shape[1] - 1), (1, rows.shape[1] // 2)):
        step = probe(session, SumProbe(layers=(layer,), unit=unit, place=place)).meta["sums"][-1]
        assert step["kind"] == kind
        assert step["total"] == pytest.approx(float(rows[unit, place]), abs=1e-4)


def test_a_moved_number_says_where_it_was_and_a_filled_one_that_it_was_nowhere():
    session = looked_at(OTHERS)
    filled = probe(session, SumProbe(layers=("pad",), unit=0, place=3)).meta["sums"][0]
    assert (filled["layer"], filled["at"], filled["total"]) == (None, [], 2)
    # Channels of the second input follow those of the first.
    again = probe(session, SumProbe(layers=("both",), unit=6, place=12)).meta["sums"][0]
    assert (again["layer"], again["at"]) == ("pad", [2, 2, 4])


def test_parts_of_a_patch_and_products_of_a_row_add_up():
    session = looked_at()
    patch = probe(session, SumProbe(layers=("b",), unit=5, place=9)).meta["sums"][0]
    assert {part["channel"] for part in patch["parts"]} == {3, 4, 5}
    for part in patch["parts"]:
        products = [
            (cell or 0) * weight for cell, weight in zip(part["patch"], part["kernel"], strict=True)
        ]
        assert part["total"] == pytest.approx(sum(products), abs=1e-9)
    assert patch["total"] == pytest.approx(
        sum(part["total"] for part in patch["parts"]) + patch["bias"]
    )
    row = probe(session, SumProbe(layers=("dense",), unit=2)).meta["sums"][0]
    sizes = [abs(term["weight"] * term["value"]) for term in row["products"]]
    assert sizes == sorted(sizes, reverse=True)
    assert row["left"] == len(session.network.layers["dense"].weight[0]) - len(sizes)


def test_a_number_of_one_of_several_networks_is_told_too():
    session = open_session(plan(gan()))
    for layers in (("g/linear_1",), ("d/linear_1",)):
        shown = probe(session, SumProbe(layers=layers, unit=1)).meta
        assert [step["kind"] for step in shown["sums"]] == ["terms", "function"]
        assert shown["sums"][-1]["total"] == pytest.approx(shown["value"], abs=1e-5)
    with pytest.raises(ValueError, match="no layer 'd/nowhere' in network 'd'"):
        probe(session, SumProbe(layers=("d/nowhere",)))


def test_layers_of_one_card_are_told_one_after_the_other():
    shown = probe(looked_at(), SumProbe(layers=("b", "n", "r"), unit=1, place=4))
    assert [step["kind"] for step in shown.meta["sums"]] == ["patch", "norm", "function"]
    assert shown.meta["sums"][-1]["total"] == pytest.approx(shown.meta["value"], abs=1e-5)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"layers": ("nowhere",)}, "no layer 'nowhere'"),
        ({"layers": ("last",), "unit": 10}, "no number 0 of unit 10"),
        ({"layers": ("a",), "place": 99}, "no number 99 of unit 0"),
    ],
)
def test_a_number_that_is_not_there_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        probe(looked_at(), SumProbe(**asked))


def test_of_layers_of_unlike_shapes_those_are_told_that_have_the_number():
    session = Session(plan(document([{"type": "linear", "units": 9, "name": "a"}, "linear"])))
    told = probe(session, SumProbe(layers=("linear_2", "a"), unit=8)).meta["sums"]
    assert len(told) == 1
    assert told[0]["total"] == pytest.approx(
        probe(session, SumProbe(layers=("a",), unit=8)).meta["value"]
    )
