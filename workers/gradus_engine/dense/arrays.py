"""Arrays that the compiled loop reads and writes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float32]  # of numbers, one a sample
Rows = NDArray[np.float32]  # one row a unit
Vector = NDArray[np.float32]  # of all parameters
Indices = NDArray[np.int64]
Number = Any  # float32 in compiled code: Python's own number would make all float64
