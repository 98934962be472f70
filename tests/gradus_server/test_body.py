import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus_server.body import MAX_BYTES, MAX_DEPTH, BodyRefused, parse, printable

texts = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Cf"]))
leaves = st.none() | st.booleans() | texts | st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    leaves | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=30,
)


@given(values)
def test_what_json_can_say_comes_through_unchanged(value: object) -> None:
    assert parse(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(raw: bytes) -> None:
    with contextlib.suppress(BodyRefused):
        parse(raw)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "http.body_json"),
        (b"{", "http.body_json"),
        (b'{"a": 1} x', "http.body_json"),
        (b"\xef\xbb\xbf{}", "http.body_json"),
        (b'"\xff"', "http.body_encoding"),
        (b"[" * 100_000, "http.body_depth"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "http.body_depth"),
        (b'{"a": {"b": 1, "b": 2}}', "http.body_duplicate"),
        (b"NaN", "http.body_number"),
        (b"[-Infinity]", "http.body_number"),
        (b"1e999", "http.body_number"),
        (b"9007199254740992", "http.body_integer"),
        (b"-9007199254740992", "http.body_integer"),
        (b"1" * 5_000, "http.body_integer"),
        (rb'"\ud800"', "http.body_character"),
        (rb'{"\udfff": 1}', "http.body_character"),
        (rb'"\u0000"', "http.body_character"),
        (rb'["\u202e"]', "http.body_character"),
        (b'"' + b"a" * MAX_BYTES + b'"', "http.body_size"),
    ],
)
def test_what_a_service_must_not_take_is_refused_by_name(raw: bytes, code: str) -> None:
    with pytest.raises(BodyRefused) as refused:
        parse(raw)
    assert refused.value.code == code


def test_a_fault_in_a_text_is_pointed_at() -> None:
    with pytest.raises(BodyRefused) as refused:
        parse(rb'{"layers": [{"name/x": "a\u0007b"}]}')
    assert refused.value.path == "/layers/0/name~1x"
    assert refused.value.params == {"character": "U+0007"}


def test_depth_is_counted_exactly() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_what_is_said_back_is_short_and_visible() -> None:
    assert printable("a\u202eb" + "c" * 500, 10) == "a\ufffdbccccccc"
