"""The only source of randomness: every draw is seeded from what it is for, never from a global generator."""

from hashlib import blake2b


def derive(seed: int, purpose: str, path: str = "", step: int = 0) -> int:
    """A 63-bit seed for one draw, the same on every machine and in every process.

    Args:
        seed: the run's or the split's own seed.
        purpose: what is drawn, such as "init", "dropout", "batches".
        path: full name of the layer or parameter that it belongs to, "" for none.
        step: the step at which it is drawn, 0 where it is drawn once.

    >>> derive(0, "init", "linear_1.weight") == derive(0, "init", "linear_1.weight")
    True
    """
    key = f"{seed}\x1f{purpose}\x1f{path}\x1f{step}".encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") >> 1
