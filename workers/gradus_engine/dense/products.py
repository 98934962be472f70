"""Products of matrices, sixteen columns at a time and six rows of them in registers.

Faster than a library's product at every size that is trained here (`docs/benchmarks.md`), because
nothing is copied, checked or shared out beforehand.
"""

from gradus_engine.dense.arrays import Number, Vector
from gradus_engine.dense.codes import WIDTH
from gradus_engine.dense.compiled import compiled
from gradus_engine.dense.functions import ZERO
from gradus_engine.dense.lanes import (
    add_product,
    fill,
    load,
    number,
    padded,
    store,
    store_first,
    turn_square,
)

TALL = 6  # rows at once: with the row of b and a number of a they fill the registers of AVX2


@compiled
def product(
    a: Vector,
    first: int,
    down: int,
    across: int,
    b: Vector,
    b_first: int,
    b_row: int,
    c: Vector,
    c_first: int,
    c_row: int,
    rows: int,
    inner: int,
    columns: int,
    starts: int,
) -> None:
    """c[r, n] = a[starts + r] + Σₖ a[r, k] · b[k, n], where a[r, k] is a[first + r · down + k · across].

    Sums begin with 0 where `starts` is negative. Only `columns` are written; b must have room to be
    read up to the next multiple of 16.
    """
    for column in range(0, columns, WIDTH):
        at, to, left = b_first + column, c_first + column, columns - column
        row = 0
        while row + TALL <= rows:
            begin, start = first + row * down, starts + row if starts >= 0 else -1
            _tall(
                a, begin, down, across, b, at, b_row, c, to + row * c_row, c_row, inner, left, start
            )
            row += TALL
        while row < rows:
            lanes, begin, read = fill(_start(a, starts, row)), first + row * down, at
            for _ in range(inner):
                lanes = add_product(number(a, begin), load(b, read), lanes)
                begin += across
                read += b_row
            store_first(c, to + row * c_row, left, lanes)
            row += 1


@compiled
def turn(x: Vector, first: int, stride: int, turned: Vector, rows: int, columns: int) -> None:
    """turned[n, r] = x[first + r · stride + n], in squares: there must be room for whole ones."""
    width = padded(rows)
    for row in range(0, rows, WIDTH):
        for n in range(0, columns, WIDTH):
            turn_square(x, first + row * stride + n, stride, turned, n * width + row, width)


@compiled
def _start(a: Vector, starts: int, row: int) -> Number:
    return number(a, starts + row) if starts >= 0 else ZERO


@compiled
def _tall(
    a: Vector,
    a0: int,
    down: int,
    across: int,
    b: Vector,
    at: int,
    b_row: int,
    c: Vector,
    to: int,
    c_row: int,
    inner: int,
    left: int,
    starts: int,
) -> None:
    """Six rows and sixteen columns of a product; `left` columns are to be written."""
    a1, a2, a3, a4, a5 = a0 + down, a0 + 2 * down, a0 + 3 * down, a0 + 4 * down, a0 + 5 * down
    c0, c1, c2 = fill(_start(a, starts, 0)), fill(_start(a, starts, 1)), fill(_start(a, starts, 2))
    c3, c4, c5 = fill(_start(a, starts, 3)), fill(_start(a, starts, 4)), fill(_start(a, starts, 5))
    for k in range(inner):
        lanes, along = load(b, at + k * b_row), k * across
        c0 = add_product(number(a, a0 + along), lanes, c0)
        c1 = add_product(number(a, a1 + along), lanes, c1)
        c2 = add_product(number(a, a2 + along), lanes, c2)
        c3 = add_product(number(a, a3 + along), lanes, c3)
        c4 = add_product(number(a, a4 + along), lanes, c4)
        c5 = add_product(number(a, a5 + along), lanes, c5)
    if left >= WIDTH:
        store(c, to, c0)
        store(c, to + c_row, c1)
        store(c, to + 2 * c_row, c2)
        store(c, to + 3 * c_row, c3)
        store(c, to + 4 * c_row, c4)
        store(c, to + 5 * c_row, c5)
    else:
        store_first(c, to, left, c0)
        store_first(c, to + c_row, left, c1)
        store_first(c, to + 2 * c_row, left, c2)
        store_first(c, to + 3 * c_row, left, c3)
        store_first(c, to + 4 * c_row, left, c4)
        store_first(c, to + 5 * c_row, left, c5)
