"""Reading specs written by hand: YAML 1.2 core and JSON, with the place of everything."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.problems import SpecError
from gradus_client.document import read
from gradus_client.reading import Place

# The page reads the same cases in `frontend/tests/text/reading.test.ts`.
CASES = json.loads((Path(__file__).parent / "readings.json").read_text())
SPEC = CASES["spec"]


def document(text):
    return read("spec.yaml", text).document


def faults(text):
    with pytest.raises(SpecError) as refused:
        read("spec.yaml", text)
    return [(p.code, p.params["line"], p.params["column"]) for p in refused.value.problems]


def test_a_spec_is_read_as_it_is_meant():
    assert document(SPEC) == {
        "spec": "nn/1",
        "data": {"name": "digits"},
        "network": {
            "layers": [
                {"type": "conv2d", "filters": 16},
                "max_pool2d",
                {"type": "linear", "units": 10},
            ]
        },
    }


@pytest.mark.parametrize("case", CASES["words"], ids=lambda case: case["written"])
def test_plain_words_follow_the_core_schema(case):
    value = document(f"a: {case['written']}\n")["a"]
    assert value == case["meant"]
    assert type(value) is type(case["meant"])


@pytest.mark.parametrize("case", CASES["places"], ids=lambda case: case["pointer"])
def test_every_pointer_has_its_line_and_column_or_its_parents(case):
    place = Place(case["line"], case["column"])
    assert read("spec.yaml", SPEC).place(case["pointer"]) == place


def test_json_has_lines_too():
    text = '{\n\t"network": {\n\t\t"layers": ["flatten", {"type": "linear", "units":0}]\n\t}\n}\n'
    source = read("spec.json", text)
    assert source.document == json.loads(text)
    assert source.place("/network/layers/1/units") == Place(3, 44)


def test_keys_with_slashes_and_tildes_are_escaped_in_pointers():
    assert read("spec.yaml", "a/b:\n  c~d: 1\n").place("/a~1b/c~0d") == Place(2, 3)


@pytest.mark.parametrize("case", CASES["faults"], ids=lambda case: case["text"])
def test_what_a_spec_may_not_hold_is_named_with_its_place(case):
    assert faults(case["text"]) == [(case["code"], case["line"], case["column"])]


def test_all_faults_of_a_file_are_told_at_once():
    text = "a: &x 1\nb: *x\nc: !t 2\na: .inf\n"
    codes = [code for code, _, _ in faults(text)]
    assert codes == [
        "source.anchor",
        "source.alias",
        "source.tag",
        "source.double",
        "source.number",
    ]


def test_a_number_of_ten_thousand_digits_is_refused():
    assert faults(f"a: {'9' * 10_000}\n") == [("source.number", 1, 4)]


def test_a_hundred_thousand_open_brackets_are_refused_at_the_limit():
    assert faults("[" * 100_000) == [("source.deep", 1, 33)]


plain = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_json_is_read_as_python_reads_it(value):
    assert document(json.dumps(value)) == value


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_places(text):
    problems = ()
    try:
        read("spec.yaml", text)
    except SpecError as refused:
        problems = refused.problems
    assert all(p.params["line"] >= 1 and p.params["column"] >= 1 for p in problems)
