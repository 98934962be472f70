"""Seeds: one for each purpose, the same everywhere."""

from hypothesis import given
from hypothesis import strategies as st

from gradus.seeds import derive


def test_a_seed_never_changes_between_versions() -> None:
    # Runs are repeated from these; another value here would change every stored run.
    assert derive(0, "init", "linear_1.weight") == 5088979564710331024
    assert derive(1, "batches", step=7) == 4323096257749816862


@given(st.integers(0, 2**53), st.text(max_size=20), st.text(max_size=20), st.integers(0, 10**9))
def test_a_seed_fits_63_bits(seed: int, purpose: str, path: str, step: int) -> None:
    assert 0 <= derive(seed, purpose, path, step) < 2**63


def test_every_part_of_the_question_counts() -> None:
    seeds = {
        derive(0, "init"),
        derive(1, "init"),
        derive(0, "dropout"),
        derive(0, "init", "a"),
        derive(0, "init", "a", 1),
        derive(0, "init", step=1),
    }
    assert len(seeds) == 6
