"""The spectrum of a Hessian: eigenpairs, determinant, trace, condition number and sharpness."""

import math
from dataclasses import dataclass

import numpy as np

from ..arrays import Array

ZERO_EIGENVALUE = 1e-10
"""An eigenvalue counts as zero when its magnitude is at most this times the largest one."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The eigenpairs of a symmetric matrix and what follows from them.

    Every number is NaN if an entry of the matrix is not finite. ``eigenvalues`` (n,) ascend;
    ``eigenvectors`` (n, n) holds the unit eigenvector of ``eigenvalues[k]`` in row k. ``zero`` (n,) marks
    the eigenvalues that count as zero. ``condition_number`` is max|λ| / min|λ| over the other ones, and NaN
    if there are none. Both arrays are read-only.
    """

    eigenvalues: Array
    eigenvectors: Array
    zero: tuple[bool, ...]
    determinant: float
    trace: float
    condition_number: float

    @property
    def sharpness(self) -> float:
        """The largest eigenvalue λ_max, which bounds the stable learning rate."""
        return float(self.eigenvalues[-1])

    @property
    def smallest(self) -> float:
        """The smallest eigenvalue λ_min, negative where the surface curves down."""
        return float(self.eigenvalues[0])

    @property
    def norm(self) -> float:
        """The spectral norm, max|λ|."""
        return max(abs(self.smallest), abs(self.sharpness))

    @property
    def signs(self) -> tuple[int, ...]:
        """−1, 0 or 1 for each eigenvalue, 0 where it counts as zero; empty if undefined."""
        if not self.defined:
            return ()
        return tuple(
            0 if zero else (1 if eigenvalue > 0 else -1)
            for zero, eigenvalue in zip(self.zero, self.eigenvalues.tolist(), strict=True)
        )

    @property
    def defined(self) -> bool:
        """Whether every entry of the matrix was finite."""
        return not math.isnan(self.eigenvalues[0])

    @property
    def positive_definite(self) -> bool:
        """Whether every eigenvalue is positive and none counts as zero."""
        return self.defined and not any(self.zero) and self.smallest > 0


def spectrum(hessian: Array, floor: float = 0.0) -> Spectrum:
    """Decompose one symmetric matrix.

    ``hessian`` is (n, n); only its symmetric part counts. An eigenvalue counts as zero if its magnitude is
    at most ``ZERO_EIGENVALUE`` times the largest, or at most ``floor``, the magnitude below which a caller
    knows that entries are rounding noise. Never raises and never warns: non-finite entries give NaN
    throughout.
    """
    eigenvalues, eigenvectors = eigenpairs(hessian)
    values: list[float] = eigenvalues.tolist()
    largest = max(abs(value) for value in values)
    if not math.isfinite(largest):
        return Spectrum(_frozen(eigenvalues), _frozen(eigenvectors), (False,) * len(values), *(math.nan,) * 3)
    threshold = max(ZERO_EIGENVALUE * largest, floor)
    zero = tuple(abs(value) <= threshold for value in values)
    nonzero = [abs(value) for value, is_zero in zip(values, zero, strict=True) if not is_zero]
    return Spectrum(
        eigenvalues=_frozen(eigenvalues),
        eigenvectors=_frozen(eigenvectors),
        zero=zero,
        determinant=_determinant(np.asarray(hessian, dtype=np.float64), values),
        trace=float(sum(np.diagonal(hessian).tolist())),
        condition_number=largest / min(nonzero) if nonzero else math.nan,
    )


def eigenpairs(hessian: Array) -> tuple[Array, Array]:
    """Return the ascending eigenvalues and the eigenvectors of symmetric matrices (…, n, n).

    Eigenvalues are (…, n); the eigenvectors (…, n, n) are rows in the same order. The sign of a vector is
    fixed: its component of largest magnitude (the first of equals) is positive. A matrix with a non-finite
    entry gives NaN.
    """
    matrix = np.asarray(hessian, dtype=np.float64)
    # Scaling by a power of two is exact, and keeps LAPACK and the sum below away from the ends of the
    # double range.
    with np.errstate(all="ignore"):
        largest = np.max(np.abs(matrix), axis=(-2, -1), keepdims=True)
        defined = np.isfinite(largest)
        exponent = np.frexp(np.where(defined & (largest > 0), largest, 1.0))[1]
        scaled = np.where(defined, np.ldexp(matrix, -exponent), 0.0)
        scaled = 0.5 * (scaled + np.swapaxes(scaled, -1, -2))
        values, columns = np.linalg.eigh(scaled)
        values = np.where(defined[..., 0], np.ldexp(values, exponent[..., 0]), np.nan)
        rows = np.where(defined, _signed(np.swapaxes(columns, -1, -2)), np.nan)
    return values, rows


def _signed(rows: Array) -> Array:
    # Magnitudes are rounded before they are compared, so that (−0.7071…, 0.7071…) is not decided by its
    # last bit. Adding zero turns a negative zero into a positive one.
    pivot = np.argmax(np.round(np.abs(rows), 9), axis=-1)[..., np.newaxis]
    signs: Array = np.where(np.take_along_axis(rows, pivot, axis=-1) < 0, -1.0, 1.0)
    return rows * signs + 0.0


def _determinant(matrix: Array, eigenvalues: list[float]) -> float:
    if matrix.shape == (2, 2):
        # Exact for small whole numbers, where a product of rounded eigenvalues would show 15.999999999999996.
        (a, b), (c, d) = matrix.tolist()
        determinant = float(a * d - b * c)
        if math.isfinite(determinant):
            return determinant
    return math.prod(eigenvalues)


def _frozen(array: Array) -> Array:
    array.setflags(write=False)
    return array
