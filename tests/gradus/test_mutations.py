"""Whatever is written, the answer is a plan or problems: never another error."""

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradus.export.pytorch import pytorch
from gradus.plan import plan
from gradus.problems import Problem, SpecError
from tests.gradus.patches import apply, put, resolve
from tests.gradus.vocabulary import documents_of_all_words, words

MANY = 10_000_000  # parameters of what only its size makes slow to write
# Seconds of CPU are enough, but Hypothesis may shrink a failure for five minutes: cut off within
# that time, it tells of a generator that is not steady in place of the failure.
PATIENCE = pytest.mark.timeout(900)
# The same documents each time; the soak draws others.
STEADY = settings(derandomize=True, deadline=None)
TAUGHT_A_LIST = {
    "spec": "nn/1",
    "function": {"expression": "x", "start": [1]},
    "train": [{}, "batch_size"],
}
WORDS = [
    "linear",
    "repeat",
    "block",
    "branches",
    "residual",
    "add",
    "input",
    "type",
    "from",
    "$n",
    "all",
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(WORDS),
)
KEYS = st.one_of(
    st.text(max_size=3), st.sampled_from([*WORDS, "body", "times", "use", "with", "name"])
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


def places(value: Any, pointer: str = "") -> list[str]:
    """Pointers to everything inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, child in items:
        written = str(key).replace("~", "~0").replace("/", "~1")
        found.append(f"{pointer}/{written}")
        if isinstance(child, dict | list):
            found += places(child, found[-1])
    return found


@st.composite
def mutated_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Sound documents in which some values are replaced by others."""
    document = copy.deepcopy(draw(documents_of_all_words()))
    if "network" in document and draw(st.booleans()):
        document["blocks"] = {"b": {"params": ["n"], "layers": [{"type": "linear", "units": "$n"}]}}
        use = {"type": "block", "use": "b", "with": {"n": 3}}
        document["network"]["layers"].insert(-1, use)
    for _ in range(draw(st.integers(1, 3))):
        put(document, draw(st.sampled_from(places(document))), draw(JSON), insert=False)
    return document


@given(JSON)
@example({"/": [1], "~": {"a/b": 2}, "~1": 3})
@settings(max_examples=50, deadline=None)
def test_every_place_leads_to_a_value(value: Any) -> None:
    if isinstance(value, dict | list):
        for pointer in places(value):
            resolve(value, pointer)


def problems(document: Any) -> tuple[Problem, ...]:
    try:
        plan(document)
    except SpecError as refused:
        return refused.problems
    return ()


def answer(document: Any) -> None:
    for found in problems(document):
        resolve(document, found.path)
        assert found.message


def export(document: Any) -> None:
    """A script of what can be planned; refused by nothing but problems."""
    with contextlib.suppress(SpecError):
        planned = plan(document)
        if planned.totals.parameters < MANY:
            compile(pytorch(planned), "model.py", "exec")


@PATIENCE
@given(mutated_documents())
@settings(STEADY, max_examples=60)
def test_a_fix_mends_the_fault_that_it_comes_with(document: dict[str, Any]) -> None:
    for found in problems(document):
        if found.fix is not None:
            left = problems(apply(document, found.fix))
            assert found not in left


@PATIENCE
@given(mutated_documents())
@example(TAUGHT_A_LIST)
@settings(STEADY, max_examples=300)
def test_a_mutated_document_is_planned_or_refused(document: dict[str, Any]) -> None:
    answer(document)
    export(document)


@pytest.mark.soak
@given(mutated_documents())
@settings(max_examples=10_000, deadline=None)
def test_ten_thousand_mutated_documents_are_planned_or_refused(document: dict[str, Any]) -> None:
    answer(document)
    export(document)


@pytest.mark.parametrize("word", sorted(words()))
def test_every_field_of_every_word_takes_nothing_but_what_it_says(word: str) -> None:
    example = words()[word]["example"]["document"]
    for name in words()[word]["fields"]:
        for value in (
            None,
            True,
            -1,
            2**70,
            1e308,
            "no such word",
            [],
            [[1]],
            {"type": 7},
            [-1] * 9,
        ):
            document = copy.deepcopy(example)
            layers = document["network"]["layers"]
            for at, entry in enumerate(layers):
                if entry == word or (isinstance(entry, dict) and entry["type"] == word):
                    own = {"type": word} if isinstance(entry, str) else entry
                    layers[at] = {**own, name: value}
            answer(document)


@given(JSON)
@settings(max_examples=50, deadline=None)
def test_any_value_is_refused_with_problems(value: Any) -> None:
    answer(value)


@given(st.lists(JSON, max_size=4), JSON, JSON, JSON)
@settings(max_examples=100, deadline=None)
def test_any_value_in_any_part_is_planned_or_refused(
    layers: list[Any], data: Any, train: Any, blocks: Any
) -> None:
    network = {"input": [4], "layers": layers}
    answer({"spec": "nn/1", "network": network, "data": data, "train": train, "blocks": blocks})
