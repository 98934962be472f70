"""The arithmetic of plain functions: what it means, and what it refuses, quickly."""

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.arithmetic import REAL, Unreadable, read, real, variables

pytestmark = pytest.mark.proves("D4")


def at(text: str, **values: float) -> float:
    return real(read(text), values)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2*x**2", 18),
        ("-x**2", -9),  # a power binds more than a sign before it
        ("2**-x", 0.125),
        ("2**3**2 + x", 515),  # from the right
        ("x - 1 - 1", 1),  # from the left
        ("x / 2 / 2", 0.75),
        ("2 * -x", -6),
        ("+x - -x", 6),
        ("(x + 1) * (x - 1)", 8),
        ("x × 2 ÷ 3 − 1", 1),
        ("x^2", 9),
        (".5*x + 1.5e1", 16.5),
        ("sqrt(x + 1) + log(exp(x))", 5),
        ("cos(pi)*x", -3),
        ("tanh(sin(x - 3))", 0),
    ],
)
def test_it_means_what_it_means_on_paper(text: str, value: float) -> None:
    assert at(text, x=3.0) == pytest.approx(value)


def test_variables_come_in_the_order_of_the_alphabet() -> None:
    assert variables(read("w2*x + b - w1*x")) == ("b", "w1", "w2", "x")


def test_there_may_be_no_value() -> None:
    assert math.isnan(at("log(x)", x=-1.0))
    assert math.isnan(at("1/x", x=0.0))
    assert math.isnan(at("x**0.5", x=-1.0))
    assert math.isnan(at("exp(exp(x))", x=9.0))


@pytest.mark.parametrize(
    ("text", "place"),
    [("x +", 4), ("2 x", 2), ("sin x", 4), ("sin*x", 4), ("(x", 3), ("x)", 2), ("", 1), ("()", 2),
     ("x.real", 2), ("x[0]", 2), ("'x'", 1), ("x;y", 2), ("*x", 1)],
)  # fmt: skip
def test_what_cannot_be_read_is_told_by_its_place(text: str, place: int) -> None:
    with pytest.raises(Unreadable) as found:
        read(text)
    assert (found.value.code, found.value.params["place"]) == ("function.unreadable", place)


@pytest.mark.parametrize("text", ["__import__('os')", "lambda", "eval(x)", "exec(x)", "X", "open"])
def test_no_word_but_its_own_is_known(text: str) -> None:
    with pytest.raises(Unreadable) as found:
        read(text)
    assert found.value.code == "function.unknown"


@pytest.mark.parametrize(
    ("text", "code", "limit"),
    [
        ("9**9**9**9", "function.large", "1e+12"),
        ("9**9**9**9**9**9**9*x", "function.large", "1e+12"),
        ("x + 1e999", "function.large", "1e+12"),
        ("9" * 190 + "*x", "function.large", "1e+12"),
        ("exp(exp(exp(9))) + x", "function.large", "1e+12"),
        ("(" * 90 + "x" + ")" * 90, "function.deep", 32),
        ("sin(" * 34 + "x" + ")" * 34, "function.deep", 32),
        ("x+" * 5_000_000 + "x", "function.long", 200),
    ],
)
def test_a_bomb_is_refused_in_no_time_with_the_limit(text: str, code: str, limit: object) -> None:
    started = time.thread_time()  # a busy machine is no slower by it
    with pytest.raises(Unreadable) as found:
        read(text)
    assert time.thread_time() - started < 0.1
    assert (found.value.code, found.value.params["limit"]) == (code, limit)


def test_as_many_brackets_as_allowed_are_read() -> None:
    assert at("(" * 32 + "x" + ")" * 32, x=2.0) == 2


def test_a_constant_part_without_a_value_is_refused() -> None:
    for text in ("x + 1/0", "log(0)*x", "(-1)**0.5 + x"):
        with pytest.raises(Unreadable) as found:
            read(text)
        assert found.value.code == "function.undefined"


# An expression as written, beside what it comes to at x = 0.7 and y = -1.3.
LEAVES = st.one_of(
    st.just(("x", 0.7)),
    st.just(("y", -1.3)),
    st.floats(0.25, 4).map(lambda number: (repr(round(number, 3)), round(number, 3))),
)
Written = tuple[str, float]


def _both(sides: tuple[Written, str, Written]) -> Written:
    (left, a), sign, (right, b) = sides
    try:
        value = REAL[sign](a, b)
    except (ValueError, OverflowError, ZeroDivisionError):
        value = math.nan
    return f"({left}) {sign} ({right})", value


def _inside(part: tuple[str, Written]) -> Written:
    name, (text, value) = part
    return f"{name}({text})", REAL[name](value) if abs(value) < 20 else math.nan


def _negated(part: Written) -> Written:
    return f"-({part[0]})", -part[1]


EXPRESSIONS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from(["+", "-", "*", "/", "**"]), parts).map(_both),
        st.tuples(st.sampled_from(["sin", "cos", "tanh"]), parts).map(_inside),
        parts.map(_negated),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
@settings(max_examples=300, deadline=None)
def test_any_expression_comes_to_what_its_parts_come_to(written: Written) -> None:
    text, value = written
    if len(text) > 200 or not abs(value) < 1e9:
        return
    try:
        found = at(text, x=0.7, y=-1.3)
    except Unreadable as refused:
        code = refused.code
    else:
        code = ""
        assert found == pytest.approx(value, rel=1e-9, abs=1e-12)
    assert code in ("", "function.large", "function.undefined")


@given(st.text(alphabet="x2(+-*/^).sine 9", max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    letters = dict.fromkeys("xsine", 1.5)
    code = "function.unread"
    try:
        steps = read(text)
    except Unreadable as refused:
        code = refused.code
    else:
        values = {name: letters[name[0]] for name in variables(steps)}
        assert isinstance(real(steps, values), float)
    assert code.startswith("function.")
