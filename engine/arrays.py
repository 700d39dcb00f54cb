"""The array type that every room of the engine shares."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""A float64 array; docstrings give its shape, with ``n`` variables last and batch axes before."""

Mask: TypeAlias = NDArray[np.bool_]
"""True or false an element."""
