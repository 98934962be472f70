"""Arithmetic of sliding windows, on its own and over everything that could be written."""

from hypothesis import given
from hypothesis import strategies as st

from gradus.layers.window import positions, sides


def test_same_puts_the_odd_cell_behind_as_tensorflow_does() -> None:
    assert sides("same", 0, 8, kernel=3, stride=2) == (0, 1)
    assert sides("symmetric", 0, 8, kernel=3, stride=2) == (1, 1)


@given(st.integers(1, 300), st.integers(1, 12), st.integers(1, 6), st.integers(1, 4))
def test_same_gives_the_input_over_the_stride_rounded_up(
    size: int, kernel: int, stride: int, dilation: int
) -> None:
    before, after = sides("same", 0, size, kernel, stride, dilation)
    assert positions(size, before, after, kernel, stride, dilation) == -(-size // stride)
    assert 0 <= after - before <= 1
