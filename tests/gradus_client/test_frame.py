"""Frames as the service packs them, taken apart without NumPy."""

import numpy as np
import pytest

from gradus_client.frame import decode
from gradus_runs import frames
from gradus_runs.frames import Scaled, encode

HEAD = {
    "v": 1,
    "run": "run_1",
    "probe": "0" * 16,
    "kind": "field",
    "step": 7,
    "epoch": 1,
    "meta": {},
}


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<i4"])
def test_numbers_come_back_exactly(dtype):
    sent = np.arange(-6, 6).reshape(3, 4).astype(dtype)
    frame = decode(encode(HEAD, {"output": sent}))
    assert frame.step == 7
    assert frame.arrays["output"].shape == (3, 4)
    assert frame.arrays["output"].values == sent.ravel().tolist()


@pytest.mark.parametrize("each", [False, True])
def test_scaled_bytes_come_back_as_the_service_reads_them(each):
    sent = np.linspace(-3, 5, 24).reshape(2, 3, 4) * np.array([1, 10]).reshape(2, 1, 1)
    packed = encode(HEAD, {"units": Scaled(sent, each)})
    ours, theirs = decode(packed).arrays["units"], frames.decode(packed).arrays["units"]
    assert ours.shape == theirs.shape
    assert ours.values == pytest.approx(theirs.ravel().tolist(), rel=1e-5)


def test_bytes_that_are_no_frame_are_refused():
    with pytest.raises(ValueError, match="no frame"):
        decode(b"\x05\x00\x00\x00hello")
    with pytest.raises(ValueError, match="no frame"):
        decode(b"")
    with pytest.raises(ValueError, match="no frame"):
        decode(encode(HEAD, {"output": np.zeros(9)})[:-1])
