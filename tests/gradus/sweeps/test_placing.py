"""A value put at a place of a document."""

import pytest

from gradus.sweeps.placing import Misplaced, placed


def test_a_place_that_stands_short_is_written_out() -> None:
    short = {"data": "circle", "network": {"layers": ["relu", "linear"]}, "train": {}}
    assert placed(short, "/data/options/noise", 0.1)["data"] == {
        "name": "circle",
        "options": {"noise": 0.1},
    }
    assert placed(short, "/network/layers/1/units", 3)["network"]["layers"] == [
        "relu",
        {"type": "linear", "units": 3},
    ]


def test_what_is_missing_is_made() -> None:
    assert placed({}, "/train/optimizer/learning_rate", 0.1) == {
        "train": {"optimizer": {"type": "adam", "learning_rate": 0.1}}
    }


def test_the_document_itself_stays_as_it_is() -> None:
    written = {"network": {"layers": [{"type": "linear", "units": 1}]}}
    assert placed(written, "/network/layers/0/units", 2) != written
    assert written == {"network": {"layers": [{"type": "linear", "units": 1}]}}


def test_a_key_may_hold_a_slash() -> None:
    assert placed({"tie": {}}, "/tie/a~1b~0", "c") == {"tie": {"a/b~": "c"}}


@pytest.mark.parametrize(
    "pointer", ["/layers/2", "/layers/-", "/layers/x", "/layers/٣", "/epochs/a"]
)
def test_nothing_stands_where_a_list_or_a_number_is_in_the_way(pointer: str) -> None:
    with pytest.raises(Misplaced):
        placed({"layers": [1, 2], "epochs": 3}, pointer, 0)
