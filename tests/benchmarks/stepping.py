"""Print what a step costs: `python tests/benchmarks/stepping.py [NAME…]`, beside torch and optax if installed.

`pip install .[bench]` installs these. A step's time includes all its evaluations; methods that have converged
before the last of 2000 steps spend the rest on searches that find nothing.
"""

import math
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import rivals

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
    values = optimizer.values(rate(name))

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
    return lambda: Run(surface, RunSettings(name, rate(name)), start).step(steps)


def calls(name: str, surface: Surface, x: np.ndarray, steps: int) -> float:
    """Return how many evaluations of any kind a step takes in the mean."""
    optimizer = OPTIMIZERS[name]
    values, oracle = optimizer.values(rate(name)), Oracle(surface)
    state = optimizer.init(x, values)
    for index in range(steps):
        oracle.begin(index)
        state = optimizer.step(state, oracle, values)
    return sum(oracle.evaluations) / steps


def rate(name: str) -> dict[str, float]:
    """Return a small learning rate for a method that has one."""
    return {"lr": 1e-3} if OPTIMIZERS[name].hyperparameter("lr") else {}


def microseconds(action: Callable[[], int] | None) -> float:
    """Return the cost of a step, NaN for what is not installed."""
    return math.nan if action is None else best(action) * 1e6


def millions(action: Callable[[], int] | None) -> float:
    """Return the particle-steps a microsecond, NaN for what is not there."""
    return math.nan if action is None else PARTICLES / best(action) / 1e6


def main() -> None:
    quartic = Surface.from_formula("x**4 + y**4 - 4*x*y + 1")
    rosenbrock = Surface.from_formula("(1 - x)**2 + 100*(y - x**2)**2")
    start = [0.5, -0.4]
    cloud = np.random.default_rng(0).uniform(-2, 2, (PARTICLES, 2))
    heads = ("calls a step", "step, µs", "noisy, µs", "Run.step, µs", "torch, µs", "optax, µs")
    heads += ("batch, M/s", "optax, M/s")
    print(f"{'':20}" + "".join(f"{head:>14}" for head in heads))
    for name in sys.argv[1:] or OPTIMIZERS:
        check, batched = OPTIMIZERS[name].check, OPTIMIZERS[name].batched
        refused = check is not None and check(quartic, np.array(start)) is not None
        surface = rosenbrock if refused else quartic
        numbers = (
            calls(name, surface, np.array(start), 2000),
            microseconds(stepper(name, surface, np.array(start), 2000)),
            microseconds(stepper(name, surface, np.array(start), 1000, noise=0.1)),
            microseconds(run_stepper(name, surface, start, 2000)),
            microseconds(rivals.torch_stepper(name, 300)),
            microseconds(rivals.optax_stepper(name, 2000)),
            millions(stepper(name, rosenbrock, cloud, 20) if batched else None),
            millions(rivals.optax_cloud(name, cloud, 20)),
        )
        print(f"{name:20}" + "".join(f"{'' if math.isnan(each) else f'{each:.1f}':>14}" for each in numbers))

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
