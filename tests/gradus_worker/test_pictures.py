"""A picture that cannot be drawn is answered with a reason."""

from types import SimpleNamespace

import pytest

from gradus.probes import FieldProbe, Probe
from gradus_runs.frames import decode
from gradus_worker.shift import seen


@pytest.mark.parametrize("fault", [IndexError("index 9"), KeyError("a"), ZeroDivisionError("by 0")])
def test_whatever_a_picture_throws_is_an_answer(fault: Exception) -> None:
    def look(question: Probe) -> None:
        raise fault

    held = SimpleNamespace(run=SimpleNamespace(id="run_1"), job=SimpleNamespace(epoch=3), look=look)
    head = decode(seen(held, "0" * 16, FieldProbe())).head  # type: ignore[arg-type]
    assert (head["kind"], head["meta"]["code"]) == ("problem", "probe")
    assert head["meta"]["message"].startswith(type(fault).__name__)
