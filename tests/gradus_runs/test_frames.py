"""Frames: what goes in comes out, and what is cut short is refused."""

import struct

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from numpy.typing import NDArray

from gradus_runs.frames import Scaled, decode, encode

HEAD = {"run": "run_1", "probe": "ab", "kind": "maps", "step": 7, "epoch": 1, "meta": {"a": [1]}}
SHAPES = arrays_of.array_shapes(min_dims=1, max_dims=4, max_side=6)


@given(
    st.dictionaries(
        st.text(max_size=8),
        st.sampled_from([np.float16, np.float32, np.int32]).flatmap(
            lambda dtype: arrays_of.arrays(dtype, SHAPES)
        ),
        max_size=4,
    )
)
def test_arrays_come_back_with_type_shape_and_every_bit(arrays: dict[str, NDArray]) -> None:  # type: ignore[type-arg]
    frame = decode(encode(HEAD, arrays))
    assert list(frame.arrays) == list(arrays)
    for name, array in arrays.items():
        assert frame.arrays[name].dtype == array.dtype
        assert frame.arrays[name].shape == array.shape
        assert frame.arrays[name].tobytes() == array.tobytes()


@given(arrays_of.arrays(np.float32, SHAPES, elements=st.floats(-1e6, 1e6, width=32)), st.booleans())
def test_scaled_arrays_come_back_within_half_a_shade(
    values: NDArray[np.float32], each: bool
) -> None:
    back = decode(encode(HEAD, {"field": Scaled(values, each=each)})).arrays["field"]
    rows = values.reshape(len(values), -1) if each else values.reshape(1, -1)
    span = rows.astype(float).max(axis=1) - rows.astype(float).min(axis=1)
    error = np.abs(back.reshape(rows.shape).astype(float) - rows)
    assert back.shape == values.shape
    rounding = 1e-6 * np.abs(rows) + 2 * np.finfo(np.float32).smallest_subnormal
    assert (error <= span[:, None] / 510 * 1.001 + rounding).all()


def test_head_is_the_one_of_the_contract() -> None:
    encoded = encode(HEAD, {"maps": Scaled(np.array([[0.0, 4.0], [-2.0, 2.0]]), each=True)})
    (length,) = struct.unpack_from("<I", encoded)
    head = msgpack.unpackb(encoded[4 : 4 + length])
    assert head == {
        **HEAD,
        "v": 1,
        "arrays": [
            {"name": "maps", "shape": [2, 2], "dtype": "u8", "offset": 0,
             "low": [0.0, -2.0], "high": [4.0, 2.0]}
        ],
    }  # fmt: skip
    assert encoded[4 + length :] == bytes([0, 255, 0, 255])


def test_numbers_that_cannot_be_drawn_go_to_the_ends_of_the_range() -> None:
    values = np.array([np.nan, -np.inf, 1.0, 3.0, np.inf])
    assert decode(encode(HEAD, {"x": Scaled(values)})).arrays["x"].tolist() == [1, 1, 1, 3, 3]


def test_array_without_a_finite_number_is_drawn_as_zero() -> None:
    back = decode(encode(HEAD, {"x": Scaled(np.full((2, 2), np.nan), each=True)}))
    assert (back.arrays["x"] == 0).all()


@pytest.mark.parametrize("each", [False, True])
def test_empty_arrays_travel(each: bool) -> None:
    arrays = {"none": Scaled(np.zeros((0, 3)), each=each), "also": np.zeros((2, 0), np.float32)}
    frame = decode(encode(HEAD, arrays))
    assert [array.shape for array in frame.arrays.values()] == [(0, 3), (2, 0)]


def test_wider_numbers_are_narrowed_where_nothing_is_lost() -> None:
    arrays = {"f": np.array([1.5]), "i": np.array([2**31 - 1]), "b": np.array([True])}
    frame = decode(encode(HEAD, arrays))
    assert [array.dtype.str for array in frame.arrays.values()] == ["<f4", "<i4", "<i4"]


@pytest.mark.parametrize("array", [np.array([2**31]), np.array([1j]), np.array(["text"])])
def test_other_numbers_are_refused_by_the_name_of_the_array(array: NDArray) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match="'weights'"):
        encode(HEAD, {"weights": array})


def test_every_cut_frame_is_refused() -> None:
    whole = encode(HEAD, {"x": np.arange(6, dtype=np.float32)})
    for length in range(len(whole)):
        with pytest.raises(ValueError, match="frame"):
            decode(whole[:length])
