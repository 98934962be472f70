"""Graphs of any form: whatever names and references say, a plan is whole or there are problems."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.plan import plan, plan_resolved
from gradus.problems import SpecError

# Few names, some reserved, some like those that unnamed layers and joins get.
NAMES = ["a", "b", "relu_1", "relu_2", "add_1", "concat_1", "input", "target", "repeat_1"]
REFERENCES = [*NAMES, "repeat_1/0/a", "branches_1/1/relu_1", "", None, 3]
TYPES = ["relu", "softmax", "linear", "add", "concat", "mean", "dropout", "flatten"]

sources = st.one_of(
    st.sampled_from(REFERENCES), st.lists(st.sampled_from(REFERENCES), max_size=3), st.just({})
)
marks = st.fixed_dictionaries({}, optional={"name": st.sampled_from(NAMES), "from": sources})


def marked(entries: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda entry, mark: {**entry, **mark}, entries, marks)


def composites(entries: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    bodies = st.lists(entries, min_size=1, max_size=3)
    repeat = st.builds(lambda body: {"type": "repeat", "times": 2, "body": body}, bodies)
    residual = st.builds(lambda body: {"type": "residual", "body": body}, bodies)
    branches = st.builds(
        lambda sides, merge: {"type": "branches", "branches": sides, "merge": merge},
        st.lists(st.lists(entries, max_size=2), min_size=2, max_size=3),
        st.sampled_from(["add", "concat"]),
    )
    return marked(st.one_of(repeat, residual, branches, st.just({"type": "block", "use": "b"})))


plain = st.one_of(st.just("relu"), marked(st.sampled_from(TYPES).map(lambda type: {"type": type})))
lists = st.lists(st.recursive(plain, composites, max_leaves=6), min_size=1, max_size=6)


@given(lists, lists, st.sampled_from([None, "iris", "circle"]))
@settings(max_examples=200, deadline=None)
def test_a_graph_is_planned_whole_or_refused(
    layers: list[Any], body: list[Any], data: str | None
) -> None:
    document = {
        "spec": "nn/1",
        "network": {"input": [2] if data == "circle" else [4], "layers": layers},
        "blocks": {"b": {"layers": body}},
        "data": data,
    }
    try:
        planned = plan(document)
    except SpecError:
        return
    known = list(planned.network.inputs)
    for layer in planned.network.layers:
        assert set(layer.inputs) <= set(known)
        assert layer.name not in known
        known.append(layer.name)
    assert planned.network.output in known
    assert plan_resolved(planned.resolved).hash == planned.hash
