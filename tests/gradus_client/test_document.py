"""Reading specs written by hand: YAML 1.2 core and JSON, with the place of everything."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.problems import SpecError
from gradus_client.document import read
from gradus_client.reading import Place

SPEC = """\
spec: nn/1   # a comment
data: {name: digits}
network:
  layers:
    - {type: conv2d, filters: 16}
    - max_pool2d
    - type: linear
      units: 10
"""


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


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1e-3", 0.001),
        ("3", 3),
        ("-0.5", -0.5),
        ("+7", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("010", 10),
        (".5", 0.5),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("12:30", "12:30"),
        ("2026-01-02", "2026-01-02"),
        ("1_000", "1_000"),
        ("<<", "<<"),
    ],
)
def test_plain_words_follow_the_core_schema(written, meant):
    value = document(f"a: {written}\n")["a"]
    assert value == meant
    assert type(value) is type(meant)


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        ("", 1, 1),
        ("/spec", 1, 1),
        ("/data/name", 2, 8),
        ("/network/layers/0", 5, 7),
        ("/network/layers/0/filters", 5, 22),
        ("/network/layers/1", 6, 7),
        ("/network/layers/2/units", 8, 7),
    ],
)
def test_every_pointer_has_its_line_and_column(pointer, line, column):
    assert read("spec.yaml", SPEC).place(pointer) == Place(line, column)


def test_what_is_not_written_stands_where_its_parent_stands():
    assert read("spec.yaml", SPEC).place("/network/layers/2/kernel/0") == Place(7, 7)


def test_json_has_lines_too():
    text = '{\n\t"network": {\n\t\t"layers": ["flatten", {"type": "linear", "units":0}]\n\t}\n}\n'
    source = read("spec.json", text)
    assert source.document == json.loads(text)
    assert source.place("/network/layers/1/units") == Place(3, 44)


def test_keys_with_slashes_and_tildes_are_escaped_in_pointers():
    assert read("spec.yaml", "a/b:\n  c~d: 1\n").place("/a~1b/c~0d") == Place(2, 3)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: &x 1\n", ("source.anchor", 1, 4)),
        ("a: *x\n", ("source.alias", 1, 4)),
        ("a: !!str 1\n", ("source.tag", 1, 4)),
        ("a: 1\nb: 2\na: 3\n", ("source.double", 3, 1)),
        ('{"a": 1,\n "a": 2}\n', ("source.double", 2, 2)),
        ("a: 1\n b: 2\n", ("source.syntax", 2, 3)),
        ("a:\n\t- b\n", ("source.syntax", 2, 1)),
        ("a: [1, 2\n", ("source.syntax", 2, 1)),
        ("a: 1\n---\nb: 2\n", ("source.several", 2, 1)),
        ("", ("source.empty", 1, 1)),
        ("# nothing\n", ("source.empty", 1, 1)),
        ("a: .nan\n", ("source.number", 1, 4)),
        ("a: 1e999\n", ("source.number", 1, 4)),
        ("? [a, b]\n: 1\n", ("source.key", 1, 3)),
        ("a: 1\nb: \x01\n", ("source.syntax", 2, 4)),
    ],
)
def test_what_a_spec_may_not_hold_is_named_with_its_place(text, fault):
    assert faults(text) == [fault]


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
