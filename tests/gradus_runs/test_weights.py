"""Weights taken out of what a run keeps."""

import json

import pytest

from gradus_runs.errors import Damaged
from gradus_runs.weights import selected


def file(rows, body=b""):
    head = json.dumps(rows).encode()
    return len(head).to_bytes(8, "little") + head + body


def row(start, end):
    return {"dtype": "U8", "shape": [end - start], "data_offsets": [start, end]}


def test_only_the_networks_own_tensors_are_taken_by_name():
    kept = file(
        {
            "optimizer/first/a.weight": row(0, 2),
            "network/b.weight": row(2, 5),
            "network/a.weight": row(5, 9),
            "__metadata__": {"old": "1"},
        },
        b"oobbbaaaa",
    )
    taken = selected(kept, "network/", {"step": "7"})
    size = int.from_bytes(taken[:8], "little")
    assert size % 8 == 0
    assert json.loads(taken[8 : 8 + size]) == {
        "__metadata__": {"step": "7"},
        "a.weight": row(0, 4),
        "b.weight": row(4, 7),
    }
    assert taken[8 + size :] == b"aaaabbb"


@pytest.mark.parametrize("body", [b"", b"\x05\0\0\0\0\0\0\0[[[", file([1]), file({"network/a": 3})])
def test_what_is_no_such_file_is_damaged(body):
    with pytest.raises(Damaged):
        selected(body, "network/", {})
