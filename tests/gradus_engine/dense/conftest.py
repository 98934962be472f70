import pytest

from gradus_engine.dense.cache import ensure


@pytest.fixture(autouse=True, scope="session")
def compiled() -> None:
    """The loop, compiled for these sources."""
    assert ensure(), "Numba is not installed"
