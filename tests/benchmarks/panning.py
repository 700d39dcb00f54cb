"""Critical points of a view inside a box that was searched before, against a search of the view.

    python tests/benchmarks/panning.py

Milliseconds of CPU, the median over the notches of a pan across the box and of a zoom into it.
"""

import statistics
import time

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.narrowed import narrowed
from curvtui.engine.surface.surface import open_surface

SURFACES = ("rastrigin", "himmelblau", "six_hump_camel", "quartic", "monkey_saddle", "peaks", "rosenbrock")


def views(box, notches=12):
    """Yield the views of a pan with windows of a third of the box, and of a zoom by 0.85 a notch."""
    for k in range(notches):
        share = 0.66 * (k + 0.37) / notches
        yield tuple((a + share * (b - a), a + (share + 0.33) * (b - a)) for a, b in box)
    for k in range(1, notches + 1):
        half = 0.5 * 0.85**k
        yield tuple((a + (0.52 - half) * (b - a), a + min(0.52 + half, 1.0) * (b - a)) for a, b in box)


def milliseconds(call, *arguments):
    """Return what a call answers and the CPU time it took."""
    began = time.process_time()
    answer = call(*arguments)
    return answer, 1e3 * (time.process_time() - began)


def main() -> None:
    """Print a table."""
    print(f"{'surface':18}{'points':>8}{'searched':>11}{'narrowed':>11}{'searched again':>17}")
    for name in SURFACES:
        surface = open_surface(name)
        known = analyse_box(surface)
        searched, part, refused = [], [], 0
        for view in views(surface.box):
            if any(low < a or high > b for (low, high), (a, b) in zip(view, surface.box, strict=True)):
                continue
            searched.append(milliseconds(analyse_box, surface, view)[1])
            answer, spent = milliseconds(narrowed, known, surface, view)
            part.append(spent)
            refused += answer is None
        print(
            f"{name:18}{len(known.points):8}{statistics.median(searched):8.1f} ms{statistics.median(part):8.1f} ms"
            f"{refused:10} of {len(part)}"
        )


if __name__ == "__main__":
    main()
