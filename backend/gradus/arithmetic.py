"""Arithmetic as a person writes it: numbers, variables, + − × ÷, powers and a few functions.

An expression is read once, without recursion, to a list of steps for a stack; nothing of it is
ever run as code. Constant parts are computed while reading, in floating point, so a tower such as
`9**9**9**9` is refused before anybody computes with it.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from gradus import limits
from gradus.faults import nearest

T = TypeVar("T")
SIGNS = str.maketrans({"−": "-", "×": "*", "·": "*", "÷": "/"})
_TOKEN = re.compile(
    r"\s*((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[A-Za-z_][A-Za-z0-9_]*|\*\*|\^|[-+*/()])"
)
_VARIABLE = re.compile(r"[a-z]\d{0,3}")
_CONSTANTS = {"pi": math.pi}
# How strongly each operator binds; a sign before a number binds less than a power behind it.
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "negative": 3, "**": 4}
FUNCTIONS = ("sin", "cos", "exp", "tanh", "sqrt", "log")


class Unreadable(Exception):
    """A text that is no expression; holds the code of the problem and its params."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Step(NamedTuple):
    """One step for a stack: push a number or a variable, or call with what lies on top."""

    kind: str  # "number", "variable" or "call"
    value: float | str


Steps = tuple[Step, ...]
Calls = Mapping[str, Callable[..., Any]]
_ARITY = {**dict.fromkeys(("+", "-", "*", "/", "**"), 2), "negative": 1} | dict.fromkeys(
    FUNCTIONS, 1
)
REAL: Calls = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": math.pow,
    "negative": operator.neg,
    **{name: getattr(math, name) for name in FUNCTIONS},
}


def read(text: str) -> Steps:
    """The steps of an expression. Raises Unreadable.

    >>> [step.value for step in read("2*x**2")]
    [2.0, 'x', 2.0, '**', '*']
    """
    return _Reader(text).read()


def variables(steps: Steps) -> tuple[str, ...]:
    """The variables of an expression in the order of the alphabet."""
    return tuple(sorted({str(step.value) for step in steps if step.kind == "variable"}))


def evaluate(steps: Steps, values: Mapping[str, T], calls: Calls) -> T:
    """What an expression comes to at a point, by the arithmetic of `calls`."""
    stack: list[Any] = []
    for step in steps:
        if step.kind == "number":
            stack.append(step.value)
        elif step.kind == "variable":
            stack.append(values[str(step.value)])
        else:
            arity = _ARITY[str(step.value)]
            stack[-arity:] = [calls[str(step.value)](*stack[-arity:])]
    result: T = stack[0]
    return result


def real(steps: Steps, values: Mapping[str, float]) -> float:
    """The value at a point; nan where there is none."""
    try:
        return evaluate(steps, values, REAL)
    except (OverflowError, ValueError, ZeroDivisionError):
        return math.nan


class _Reader:
    """Dijkstra's shunting yard: no recursion, whatever the brackets."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._steps: list[Step] = []
        self._waiting: list[str] = []  # operators, functions and open brackets
        self._operand = True  # whether an operand must come next

    def read(self) -> Steps:
        if len(self._text) > limits.TEXT:
            raise Unreadable("function.long", count=len(self._text), limit=limits.TEXT)
        text, at = self._text.translate(SIGNS).rstrip(), 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found:
                raise self._unreadable(at)
            self._take(found[1].replace("^", "**"), at)
            at = found.end()
        if self._operand:
            raise self._unreadable(len(text))
        while self._waiting:
            if self._waiting[-1] == "(":
                raise self._unreadable(len(text))
            self._call(self._waiting.pop())
        return tuple(self._steps)

    def _take(self, token: str, at: int) -> None:
        if token == "(":
            self._open(at)
        elif token == ")":
            self._close(at)
        elif token in _RANK:
            self._operator(token, at)
        elif not self._operand or (self._waiting and self._waiting[-1] in FUNCTIONS):
            raise self._unreadable(at)
        elif token[0].isdigit() or token[0] == ".":
            self._push(Step("number", _within(float(token), token)))
        elif token in FUNCTIONS:
            self._waiting.append(token)
        else:
            self._push(_named(token))

    def _push(self, step: Step) -> None:
        self._steps.append(step)
        self._operand = False

    def _open(self, at: int) -> None:
        if not self._operand:
            raise self._unreadable(at)
        self._waiting.append("(")
        depth = self._waiting.count("(")
        if depth > limits.BRACKETS:
            raise Unreadable("function.deep", depth=depth, limit=limits.BRACKETS)

    def _close(self, at: int) -> None:
        if self._operand:
            raise self._unreadable(at)
        while self._waiting and self._waiting[-1] != "(":
            self._call(self._waiting.pop())
        if not self._waiting:
            raise self._unreadable(at)
        self._waiting.pop()
        if self._waiting and self._waiting[-1] in FUNCTIONS:
            self._call(self._waiting.pop())

    def _operator(self, token: str, at: int) -> None:
        if self._waiting and self._waiting[-1] in FUNCTIONS:
            raise self._unreadable(at)
        if self._operand:
            if token not in "+-":
                raise self._unreadable(at)
            if token == "-":
                self._waiting.append("negative")
            return
        right = token == "**"  # powers are taken from the right
        while self._waiting and _RANK.get(self._waiting[-1], 0) >= _RANK[token] + right:
            self._call(self._waiting.pop())
        self._waiting.append(token)
        self._operand = True

    def _call(self, name: str) -> None:
        """Appends a call, or its value where all that it takes is known."""
        arity = _ARITY[name]
        taken = self._steps[-arity:]
        if any(step.kind != "number" for step in taken):
            self._steps.append(Step("call", name))
            return
        try:
            value = REAL[name](*(step.value for step in taken))
        except OverflowError:
            value = math.inf
        except (ValueError, ZeroDivisionError):
            value = math.nan
        if math.isnan(value):
            raise Unreadable("function.undefined", text=self._text)
        self._steps[-arity:] = [Step("number", _within(value, self._text))]

    def _unreadable(self, at: int) -> Unreadable:
        return Unreadable("function.unreadable", text=self._text, place=at + 1)


def _within(value: float, text: str) -> float:
    if abs(value) > limits.CONSTANT:
        raise Unreadable("function.large", text=text, limit=f"{limits.CONSTANT:.0e}")
    return value


def _named(token: str) -> Step:
    if token in _CONSTANTS:
        return Step("number", _CONSTANTS[token])
    if not _VARIABLE.fullmatch(token):
        near = nearest(token, FUNCTIONS)
        raise Unreadable(
            "function.unknown", name=token[:80], nearest=near, known=", ".join(FUNCTIONS)
        )
    return Step("variable", token)
