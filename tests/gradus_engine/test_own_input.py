"""An input of one's own is answered as the same sample of the data is."""

import numpy as np
import pytest
from pydantic import ValidationError

from gradus.plan import plan
from gradus.probes import MOST_VALUES, PROBE, canonical
from gradus_engine.session import Session
from tests.gradus_engine.documents import digits_cnn
from tests.gradus_engine.test_probes import ask, trained


def test_values_of_a_sample_give_its_units():
    session = trained(digits_cnn())
    values = session.dataset.test.inputs[3].tolist()
    own = ask(session, kind="units", sample={"values": values})
    drawn = ask(session, kind="units", sample={"part": "test", "index": 3})
    for name, array in drawn.arrays.items():
        np.testing.assert_array_equal(own.arrays[name], array)
    assert own.meta["target"] is None


def test_nested_and_flat_values_are_one_question():
    nested = {"kind": "units", "sample": {"values": [[[1, 2], [3, 4]]]}}
    flat = {"kind": "units", "sample": {"values": [1, 2, 3, 4]}}
    assert canonical(PROBE.validate_python(nested)) == canonical(PROBE.validate_python(flat))


def test_values_that_do_not_fit_are_refused_with_the_count_that_does():
    session = Session(plan(digits_cnn()))
    with pytest.raises(ValueError, match=r"holds 60 numbers; the network reads 64, \[1, 8, 8\]"):
        ask(session, kind="units", sample={"values": [0] * 60})


@pytest.mark.parametrize(
    "values", [[], [float("nan")], [True], ["1"], 3, [[[[[1]]]]], [0] * (MOST_VALUES + 1)]
)
def test_what_is_no_input_is_no_question(values):
    with pytest.raises(ValidationError):
        PROBE.validate_python({"kind": "units", "sample": {"values": values}})


def test_the_largest_input_is_a_question():
    PROBE.validate_python({"kind": "units", "sample": {"values": [0] * MOST_VALUES}})


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "units"},
        {"kind": "units", "sample": {"values": [0.5]}},
        {"kind": "samples", "order": "wrong", "cell": {"truth": 3, "answer": 8}},
        {"kind": "samples"},
        {"kind": "ablation", "layer": "a"},
        {"kind": "ablation", "layer": "a", "units": [1]},
        {"kind": "kernels", "layer": "a", "of": "gradients"},
    ],
)
def test_a_question_survives_its_way_as_canonical_text(asked):
    question = PROBE.validate_python(asked)
    assert PROBE.validate_json(canonical(question)) == question
