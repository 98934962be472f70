"""What the page's tests hold for the engine's answers is what the engine answers."""

import base64
import json

import numpy as np
import pytest

from gradus_runs.frames import decode
from tests.gradus_engine.recorded import FILE, NETS, record


@pytest.mark.parametrize("at", range(len(NETS)), ids=list(NETS))
@pytest.mark.parametrize("picture", ["weights", "field", "units"])
def test_the_page_is_held_to_what_the_engine_answers(at: int, picture: str) -> None:
    noted, found = json.loads(FILE.read_text(encoding="utf-8"))[at], record()[at]
    before = decode(base64.b64decode(noted[picture])).arrays
    now = decode(base64.b64decode(found[picture])).arrays
    assert noted["plan"] == json.loads(json.dumps(found["plan"]))
    assert before.keys() == now.keys()
    for name in now:
        # Other processors round otherwise; a changed rule is further off than that.
        np.testing.assert_allclose(before[name], now[name], atol=2e-2)
