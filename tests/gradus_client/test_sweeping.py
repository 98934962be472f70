"""What varies, as it is written on the command line."""

from pathlib import Path

import pytest
import typer

from gradus.sweeps.members import plan_sweep
from gradus.sweeps.request import SweepRequest
from gradus_client.document import read
from gradus_client.sweeping import asked, entry

WRITTEN = Path(__file__).parents[2] / "examples" / "sweeps" / "spiral.yaml"


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


def test_the_example_of_a_sweep_can_be_planned() -> None:
    body = asked(read("spiral.yaml", WRITTEN.read_text()).document, {})
    planned = plan_sweep(SweepRequest.model_validate(body))
    assert len(planned.members) == 3 * 2 * 2


def test_options_overrule_what_a_sweep_has_written_down() -> None:
    written = {"document": {"spec": "nn/1"}, "vary": [{"path": "/a", "values": [1]}], "seeds": 2}
    assert asked(written, {"seeds": 3}) == {**written, "seeds": 3}
    spec = {"spec": "nn/1"}
    assert asked(spec, {"vary": []}) == {"document": spec, "vary": []}
    with pytest.raises(typer.BadParameter, match="nothing varies"):
        asked(spec, {})
