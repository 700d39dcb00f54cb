"""Print what a step costs: `python tests/benchmarks/stepping.py`."""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.surface.surface import Surface

PARTICLES = 10_000
LONG = 1_000_000


def best(action: Callable[[], int], repeats: int = 5) -> float:
    """Return the least seconds per step over a few repeats; `action` returns the steps it made."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        steps = action()
        times.append((time.perf_counter() - begin) / steps)
    return min(times)


def stepper(name: str, surface: Surface, x: np.ndarray, steps: int, noise: float = 0.0) -> Callable[[], int]:
    """Return an action that makes steps without any history."""
    optimizer = OPTIMIZERS[name]
    values = optimizer.values({"lr": 1e-3})

    def act() -> int:
        oracle = Oracle(surface, noise=noise)
        state = optimizer.init(x, values)
        for index in range(steps):
            oracle.begin(index)
            state = optimizer.step(state, oracle, values)
        return steps

    return act


def run_stepper(name: str, surface: Surface, start: list[float], steps: int) -> Callable[[], int]:
    """Return an action that makes steps with history, value and gradient norm."""
    return lambda: Run(surface, RunSettings(name, {"lr": 1e-3}), start).step(steps)


def main() -> None:
    quartic = Surface.from_formula("x**4 + y**4 - 4*x*y + 1")
    rosenbrock = Surface.from_formula("(1 - x)**2 + 100*(y - x**2)**2")
    start = [0.5, -0.4]
    cloud = np.random.default_rng(0).uniform(-2, 2, (PARTICLES, 2))
    print(f"{'':14}{'step, µs':>10}{'noisy, µs':>11}{'Run.step, µs':>14}{f'{PARTICLES} at once, M/s':>22}")
    for name in OPTIMIZERS:
        alone = best(stepper(name, quartic, np.array(start), 4000)) * 1e6
        noisy = best(stepper(name, quartic, np.array(start), 1000, noise=0.1)) * 1e6
        whole = best(run_stepper(name, quartic, start, 4000)) * 1e6
        batch = PARTICLES / best(stepper(name, rosenbrock, cloud, 50)) / 1e6
        print(f"{name:14}{alone:10.1f}{noisy:11.1f}{whole:14.1f}{batch:22.1f}")

    run = Run(quartic, RunSettings("adam", {"lr": 1e-3}), start)
    begin_time = time.perf_counter()
    run.step(LONG)
    print(f"\n{LONG} steps of adam: {time.perf_counter() - begin_time:.1f} s, every {run.record_stride}th recorded")
    jumps = []
    for position in np.random.default_rng(1).integers(0, LONG, 200).tolist():
        begin_time = time.perf_counter()
        run.jump(position)
        jumps.append(time.perf_counter() - begin_time)
    print(f"jump: median {np.median(jumps) * 1e3:.2f} ms, worst {max(jumps) * 1e3:.2f} ms")
    tracemalloc.start()
    begin = tracemalloc.get_traced_memory()[0]
    copy = Run(quartic, RunSettings("adam", {"lr": 1e-3}), start)
    copy.step(30_000)
    used = tracemalloc.get_traced_memory()[0] - begin
    tracemalloc.stop()
    per_record = used / len(copy.path.steps)
    print(f"memory: {per_record:.0f} bytes a record, {per_record * len(run.full_path.steps) / 1e6:.1f} MB in all")


if __name__ == "__main__":
    main()
