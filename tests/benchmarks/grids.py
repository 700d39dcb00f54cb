"""How long a 400 x 300 grid of every preset takes, and one point's value, gradient and Hessian.

    python tests/benchmarks/grids.py

The reference in the same run is SymPy's ``lambdify`` of the same formula, over NumPy.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
import sympy

from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import Surface
from curvtui.engine.surface.symbolic import to_sympy


def median_ms(work: Callable[[], object], repeats: int) -> float:
    """Return the median milliseconds of a call."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return 1e3 * statistics.median(times)


def main() -> None:
    """Print the table."""
    print(f"{'surface':<20}{'compile ms':>11}{'grid ms':>9}{'lambdify ms':>12}{'f us':>7}{'grad us':>8}{'H us':>7}")
    worst = 0.0
    for preset in PRESETS.values():
        began = time.perf_counter()
        surface = Surface.from_preset(preset)
        assert surface.model.hessian is not None
        compiled = 1e3 * (time.perf_counter() - began)
        axes = tuple(np.linspace(low, high, count) for (low, high), count in zip(surface.box, (400, 300), strict=False))
        grid = median_ms(lambda surface=surface, axes=axes: surface.grid(axes), 7)
        worst = max(worst, grid)
        point = tuple(preset.start)
        calls = [
            1e3 * median_ms(lambda f=f, p=point: [f(p) for _ in range(200)], 7) / 200
            for f in (surface.value_at, surface.gradient_at, surface.hessian_at)
        ]
        symbols = [sympy.Symbol(name, real=True) for name in surface.model.inputs]
        try:
            compiled_by_sympy = sympy.lambdify(symbols, to_sympy(surface.model.tree), "numpy")
            mesh = [*np.meshgrid(*axes), *surface.parameters.values()]
            with np.errstate(all="ignore"):
                reference = median_ms(lambda f=compiled_by_sympy, m=mesh: f(*m), 7)
            shown = f"{reference:12.2f}"
        except (NameError, TypeError, AttributeError):
            shown = f"{'no printer':>12}"  # functions of ours that lambdify does not know
        print(f"{preset.name:<20}{compiled:11.2f}{grid:9.2f}{shown}" + "".join(f"{us:7.2f}" for us in calls))
    print(f"slowest grid: {worst:.2f} ms")


if __name__ == "__main__":
    main()
