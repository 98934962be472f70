"""Embeddings and places in a sequence as they are planned."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals

TOKENS: Any = {"shape": [20], "dtype": "int64"}


def test_each_number_becomes_a_row_of_the_table() -> None:
    layer = planned({"type": "embedding", "words": 100, "units": 8}, TOKENS)
    assert (layer.output, layer.parameter_count) == ((20, 8), 100 * 8)


def test_a_bag_is_one_vector_and_runs_have_rows_of_their_own() -> None:
    bag = {"type": "embedding_bag", "words": 100, "units": 8}
    assert planned(bag, TOKENS).output == (8,)
    assert planned(bag, TOKENS).parameter_count == 100 * 8
    assert planned({**bag, "ngrams": 2, "buckets": 50}, TOKENS).parameter_count == 150 * 8


def test_only_learned_places_have_parameters() -> None:
    learned = {"type": "positional_encoding", "kind": "learned", "longest": 50}
    assert planned("positional_encoding", [20, 8]).parameter_count == 0
    assert planned(learned, [20, 8]).parameter_count == 50 * 8


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        ({"type": "embedding", "words": 9, "units": 4}, [20], "shape.integers"),
        ({"type": "embedding", "words": 9, "units": 4, "padding": 9}, TOKENS, "embedding.padding"),
        (
            {"type": "embedding_bag", "words": 9, "units": 4, "ngrams": 2},
            TOKENS,
            "embedding.buckets",
        ),
        (
            {"type": "positional_encoding", "kind": "learned", "longest": 10},
            [20, 8],
            "embedding.longest",
        ),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: Any, code: str) -> None:
    assert refusals(layer, shape) == [code]
