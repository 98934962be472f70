"""Sixteen numbers at once, which the compiler is not left to find by itself.

A `Lanes` is a value of compiled code alone: sixteen float32, one register of AVX-512, two of AVX2,
four of NEON. Places in arrays are counted from the beginning and never checked, because a check
a number would cost more than the product it belongs to.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

from gradus_engine.dense.codes import WIDTH
from gradus_engine.dense.compiled import compiled

_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, WIDTH)
_FLAGS = ir.VectorType(ir.IntType(1), WIDTH)
_INT = ir.IntType(32)
_INTS = ir.VectorType(_INT, WIDTH)
# Which numbers of two rows stand in turn in the first and in the second half of both shuffled.
_HALVES = tuple(
    ir.Constant(
        _INTS, [n + WIDTH * row for n in range(start, start + WIDTH // 2) for row in (0, 1)]
    )
    for start in (0, WIDTH // 2)
)


def emitted(code: Callable[..., Any]) -> Any:
    """A function that compiled code may call, by the instructions that stand for it."""
    return intrinsic(code)


def _function(module: Any, kind: Any, name: str) -> Any:
    """An operation of LLVM's own."""
    return cgutils.get_or_insert_function(module, kind, name)  # type: ignore[no-untyped-call]


@compiled
def padded(count: int) -> int:
    """`count` rounded up to whole lanes."""
    return (count + WIDTH - 1) // WIDTH * WIDTH


class Lanes(types.Type):
    """The type of sixteen numbers."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


LANES = Lanes()


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """As a vector of LLVM."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VECTOR)  # type: ignore[no-untyped-call]


def _place(context: Any, builder: Any, array_type: Any, array: Any, at: Any) -> Any:
    """The address of number `at` of an array."""
    found = context.make_array(array_type)(context, builder, array)
    return builder.gep(found.data, [at])


def _filled(builder: Any, number: Any) -> Any:
    single = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, _INT(0))
    zeros = ir.Constant(_INTS, [0] * WIDTH)
    return builder.shuffle_vector(single, ir.Constant(_VECTOR, ir.Undefined), zeros)


def _first(builder: Any, count: Any) -> Any:
    """Flags of the first `count` lanes."""
    single = builder.insert_element(
        ir.Constant(_INTS, ir.Undefined), builder.trunc(count, _INT), _INT(0)
    )
    zeros = ir.Constant(_INTS, [0] * WIDTH)
    counts = builder.shuffle_vector(single, ir.Constant(_INTS, ir.Undefined), zeros)
    return builder.icmp_signed("<", ir.Constant(_INTS, list(range(WIDTH))), counts)


def _vector(builder: Any, place: Any) -> Any:
    return builder.bitcast(place, _VECTOR.as_pointer())


@emitted
def number(typing: Any, array: Any, at: Any) -> Any:
    """array[at]"""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.load(_place(context, builder, signature.args[0], *given))

    return types.float32(array, types.intp), code


@emitted
def load(typing: Any, array: Any, at: Any) -> Any:
    """array[at : at + 16]"""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = _vector(builder, _place(context, builder, signature.args[0], *given))
        return builder.load(place, align=4)

    return LANES(array, types.intp), code


@emitted
def load_first(typing: Any, array: Any, at: Any, count: Any) -> Any:
    """array[at : at + count], and zeros beyond."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array, at, count = given
        place = _vector(builder, _place(context, builder, signature.args[0], array, at))
        kind = ir.FunctionType(_VECTOR, [place.type, _INT, _FLAGS, _VECTOR])
        called = _function(builder.module, kind, f"llvm.masked.load.v{WIDTH}f32.p0")
        zeros = ir.Constant(_VECTOR, [0.0] * WIDTH)
        return builder.call(called, [place, _INT(4), _first(builder, count), zeros])

    return LANES(array, types.intp, types.intp), code


@emitted
def store(typing: Any, array: Any, at: Any, lanes: Any) -> Any:
    """array[at : at + 16] = lanes"""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array, at, lanes = given
        place = _vector(builder, _place(context, builder, signature.args[0], array, at))
        builder.store(lanes, place, align=4)
        return context.get_dummy_value()

    return types.none(array, types.intp, LANES), code


@emitted
def store_first(typing: Any, array: Any, at: Any, count: Any, lanes: Any) -> Any:
    """array[at : at + count] = lanes[:count]"""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array, at, count, lanes = given
        place = _vector(builder, _place(context, builder, signature.args[0], array, at))
        kind = ir.FunctionType(ir.VoidType(), [_VECTOR, place.type, _INT, _FLAGS])
        called = _function(builder.module, kind, f"llvm.masked.store.v{WIDTH}f32.p0")
        builder.call(called, [lanes, place, _INT(4), _first(builder, count)])
        return context.get_dummy_value()

    return types.none(array, types.intp, types.intp, LANES), code


@emitted
def fill(typing: Any, number: Any) -> Any:
    """One number in every lane."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return _filled(builder, given[0])

    return LANES(types.float32), code


@emitted
def add_product(typing: Any, share: Any, lanes: Any, total: Any) -> Any:
    """total + share · lanes, for one number `share`."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        share, lanes, total = given
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        called = _function(builder.module, kind, f"llvm.fmuladd.v{WIDTH}f32")
        return builder.call(called, [_filled(builder, share), lanes, total])

    return LANES(types.float32, LANES, LANES), code


@emitted
def turn_square(
    typing: Any, array: Any, at: Any, row: Any, turned: Any, to: Any, turned_row: Any
) -> Any:
    """turned[to + j · turned_row + i] = array[at + i · row + j] for i, j below 16.

    Four times the first half of the rows is shuffled with the second as cards are.
    """

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array, at, row, turned, to, turned_row = given
        start = _place(context, builder, signature.args[0], array, at)
        end = _place(context, builder, signature.args[3], turned, to)
        steps = [ir.Constant(at.type, i) for i in range(WIDTH)]
        rows = [
            builder.load(_vector(builder, builder.gep(start, [builder.mul(i, row)])), align=4)
            for i in steps
        ]
        for _ in range(4):
            pairs = zip(rows[: WIDTH // 2], rows[WIDTH // 2 :], strict=True)
            rows = [builder.shuffle_vector(*pair, half) for pair in pairs for half in _HALVES]
        for i, each in zip(steps, rows, strict=True):
            place = builder.gep(end, [builder.mul(i, turned_row)])
            builder.store(each, _vector(builder, place), align=4)
        return context.get_dummy_value()

    where = types.intp
    return types.none(array, where, where, turned, where, where), code


@emitted
def total(typing: Any, lanes: Any) -> Any:
    """The sum of all lanes."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = ir.FunctionType(_FLOAT, [_FLOAT, _VECTOR])
        called = _function(builder.module, kind, f"llvm.vector.reduce.fadd.v{WIDTH}f32")
        # Without the flag the lanes would be added one after another.
        return builder.call(called, [ir.Constant(_FLOAT, 0.0), given[0]], fastmath=["reassoc"])

    return types.float32(LANES), code


@emitted
def power_of_two(typing: Any, exponent: Any) -> Any:
    """2^exponent for a whole exponent from −126 to 127, by its bits."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        bits = builder.shl(builder.add(given[0], _INT(127)), _INT(23))
        return builder.bitcast(bits, _FLOAT)

    return types.float32(types.int32), code
