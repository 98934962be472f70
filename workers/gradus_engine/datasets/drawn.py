"""Points that a document holds itself."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def drawn(options: Mapping[str, Any]) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """The points [N, 2] in the order of the document, with their classes [N] or targets [N, 1]."""
    table = np.array(options["points"], dtype=np.float64).reshape(-1, 3)
    points, labels = table[:, :2], table[:, 2]
    if options["task"] == "regression":
        return points, labels[:, None]
    return points, labels.astype(np.int64)
