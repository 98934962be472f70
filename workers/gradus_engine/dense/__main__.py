"""`python -m gradus_engine.dense`: compile the loop for this machine, once, while others work."""

import os
import sys

from gradus_engine.dense.cache import ensure

INSTEAD = "dense networks train by PyTorch's own steps"


def main() -> None:
    os.nice(19)
    try:
        if not ensure():
            print(f"Numba is not installed: {INSTEAD}", file=sys.stderr)
    except OSError as error:
        print(f"{error.filename} cannot be written: {INSTEAD}", file=sys.stderr)


if __name__ == "__main__":
    main()
