"""Print what basins cost: `python tests/benchmarks/basins.py [NAME…]`, in seconds of CPU.

Each number is the time from the call to the last picture of 100 × 70 starts with 200 steps each, all pictures
before it included, with the methods' default settings. The last columns are the time to the first picture on
rosenbrock, and the longest time between two questions whether the work is still wanted, in milliseconds.
"""

import sys
import time

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.descent.basins.basins import basins
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.surface.surface import open_surface

SURFACES = ("rosenbrock", "himmelblau", "rastrigin")
COLUMNS, ROWS, STEPS = 100, 70, 200


class Watch:
    """Notes the longest time between two questions."""

    def __init__(self) -> None:
        self.last = time.process_time()
        self.longest = 0.0

    def __call__(self) -> bool:
        now = time.process_time()
        self.longest, self.last = max(self.longest, now - self.last), now
        return False


def main() -> None:
    surfaces = {name: open_surface(name) for name in SURFACES}
    points = {name: analyse_box(surface).points for name, surface in surfaces.items()}
    for surface in surfaces.values():
        list(basins(surface, RunSettings("newton"), surface.box, 8, 8, quick=2, most=2))
    print(f"{'':20}" + "".join(f"{name:>12}" for name in (*SURFACES, "first", "poll, ms")))
    for name in sys.argv[1:] or OPTIMIZERS:
        row, first, watch = [], float("nan"), Watch()
        for which, surface in surfaces.items():
            begin = watch.last = time.process_time()
            try:
                pictures = basins(
                    surface, RunSettings(name), surface.box, COLUMNS, ROWS, points[which],
                    quick=STEPS, most=STEPS, cancelled=watch,
                )  # fmt: skip
                for number, _ in enumerate(pictures):
                    if number == 0 and which == SURFACES[0]:
                        first = time.process_time() - begin
            except SettingError:
                row.append("–")
            else:
                row.append(f"{time.process_time() - begin:.2f}")
        print(f"{name:20}" + "".join(f"{each:>12}" for each in (*row, f"{first:.3f}", f"{watch.longest * 1e3:.0f}")))


if __name__ == "__main__":
    main()
