"""What varies, as it is written on the command line."""

import pytest
import typer

from gradus_client.sweeping import entry


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/a=1,2.5", {"path": "/a", "values": [1, 2.5]}),
        ("/a=sgd,adam", {"path": "/a", "values": ["sgd", "adam"]}),
        ("/a=true,null", {"path": "/a", "values": [True, None]}),
        ("/a=[1,2],[3,4]", {"path": "/a", "values": [[1, 2], [3, 4]]}),
        ('/a={"type": "sgd"},adam', {"path": "/a", "values": [{"type": "sgd"}, "adam"]}),
        ("/a=4..64", {"path": "/a", "low": 4, "high": 64}),
        ("/a=1e-4..0.1:log", {"path": "/a", "low": 1e-4, "high": 0.1, "log": True}),
        ("/a=0..1:step=0.25", {"path": "/a", "low": 0, "high": 1, "step": 0.25}),
        ("/a=-2..-1", {"path": "/a", "low": -2, "high": -1}),
    ],
)
def test_values_and_ranges_are_read(text: str, asked: dict[str, object]) -> None:
    assert entry(text) == asked


@pytest.mark.parametrize("text", ["/a", "a=1", "/a="])
def test_what_is_neither_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="/train/epochs=5,10"):
        entry(text)
