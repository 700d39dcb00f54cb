"""Searches of many points at once: the probes, decisions and counts of each alone, bit for bit."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.line_rules import TOLERANCE, Armijo, Probe, StrongWolfe, cubic_minimum
from curvtui.engine.optimizers.line_search import product, search
from curvtui.engine.optimizers.lockstep import cubic_minima
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.surface.surface import Surface

RULES = [
    Armijo(1e-4, 0.5),
    Armijo(0.4, 0.8, most=4),
    StrongWolfe(1e-4, 0.9),
    StrongWolfe(1e-4, 0.1),
    StrongWolfe(0.3, 0.3, TOLERANCE),
    StrongWolfe(1e-4, 1e-9),
    StrongWolfe(1e-4, 0.0, most=3),
]


@dataclass
class Waves:
    """A double well with ripples, undefined left of -2, by operations whose bits don't depend on the shape."""

    ripple: float
    box: tuple = ((-2.0, 2.0), (-2.0, 2.0))
    asked: list = field(default_factory=list)

    @np.errstate(all="ignore")
    def value(self, x):
        self.asked.append(x.size // 2)
        a, b = x[..., 0], x[..., 1]
        triangle = np.abs(7.0 * a - np.floor(7.0 * a) - 0.5)
        return (a * a - 1.0) * (a * a - 1.0) + b * b / (1.0 + a * a) + self.ripple * triangle + np.sqrt(a + 2.0)

    @np.errstate(all="ignore")
    def gradient(self, x):
        a, b = x[..., 0], x[..., 1]
        bend = 1.0 + a * a
        triangle = 7.0 * np.sign(7.0 * a - np.floor(7.0 * a) - 0.5)
        first = 4.0 * a * (a * a - 1.0) - 2.0 * a * b * b / (bend * bend) + self.ripple * triangle
        return np.stack((first + 0.5 / np.sqrt(a + 2.0), 2.0 * b / bend), -1)

    def value_at(self, x):
        return float(self.value(np.array([x]))[0])

    def gradient_at(self, x):
        return tuple(self.gradient(np.array([x]))[0].tolist())


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_a_batch_of_searches_makes_the_probes_that_each_makes_alone(rule, noise):
    random = np.random.default_rng(5)
    for ripple in (0.0, 0.03):
        landscape = Waves(ripple)
        x = random.uniform(-2.2, 2, (6, 5, 2))
        x[0, 0], x[0, 1] = np.nan, 0.0
        # Downhill, uphill, far too long and far too short.
        direction = -landscape.gradient(x) * random.choice([1.0, 1.0, 1.0, 1e-9, 30.0, -1.0], (6, 5, 1))
        direction[1] += random.normal(size=(5, 2))
        trial = 10.0 ** random.uniform(-3, 2, (6, 5, 1))
        trial[2, 0] = 0.0

        def oracle(particle, landscape=landscape):
            made = Oracle(landscape, noise=noise, seed=2, particle=particle)
            made.begin(3)
            return made

        with np.errstate(all="ignore"):
            value, gradient = landscape.value(x), landscape.gradient(x)
            together = search(rule, oracle(0), x, direction, value, gradient, trial)
            assert np.isfinite(together.value).sum() > 20
            for index, place in enumerate(np.ndindex(6, 5)):
                alone = search(
                    rule, oracle(index), x[place], direction[place], value[place], gradient[place], trial[place]
                )
                for name in ("x", "value", "gradient", "step_size", "accepted"):
                    one, other = getattr(together, name)[place], getattr(alone, name)
                    assert one.tobytes() == other.tobytes(), (name, place)
                count = len(alone.probe_steps)
                steps, values = together.probe_steps[place], together.probe_values[place]
                assert steps[:count].tobytes() == alone.probe_steps.tobytes()
                assert values[:count].tobytes() == alone.probe_values.tobytes()
                if count:
                    # A search that has ended repeats its last probe.
                    assert (steps[count:] == steps[count - 1]).all()


def test_a_search_that_has_ended_is_not_probed_any_more():
    landscape = Waves(0.0)
    x = np.random.default_rng(1).uniform(-1.5, 1.5, (50, 2))
    value, gradient = landscape.value(x), landscape.gradient(x)
    landscape.asked.clear()
    found = search(Armijo(0.1, 0.5), Oracle(landscape), x, -gradient, value, gradient, 1.0)
    needed = [1 + int(np.argmax(steps == size)) for steps, size in zip(found.probe_steps, found.step_size, strict=True)]
    assert sum(landscape.asked) == sum(needed) < 50 * len(landscape.asked)


numbers = st.floats(-1e3, 1e3)
probes = st.builds(Probe, st.floats(0, 10), numbers | st.just(np.inf), numbers, st.just(0))


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.tuples(probes, probes, st.floats(0, 10), st.floats(0, 10)), min_size=1, max_size=8))
def test_cubics_are_minimized_alike(cases):
    tables = [np.array([case[k][:3] for case in cases]).T for k in (0, 1)]
    least = np.array([min(case[2:]) for case in cases])
    most = np.array([max(case[2:]) for case in cases])
    with np.errstate(all="ignore"):
        together = cubic_minima(*tables, least, most)
    alone = [cubic_minimum(one, other, *sorted(ends)) for one, other, *ends in cases]
    np.testing.assert_array_equal(together, alone)


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20))
def test_inner_products_have_the_bits_that_arrays_give(pairs):
    one, other = map(list, zip(*pairs, strict=True))
    assert product(one, other) == float(np.add.reduce(np.array(one) * np.array(other)))


@pytest.mark.parametrize("name", ["conjugate_gradient", "bfgs"])
@pytest.mark.parametrize(
    "formula", ["x**4 + y**4 - 4*x*y + 1", "(1 - x)**2 + 100*(y - x**2)**2", "cosh(x) + sin(y)**2 + x*y/5"]
)
def test_a_search_that_rounding_decides_ends_soon_and_the_run_still_arrives(name, formula):
    # At the minimum no value tells one probe from another: 25 probes a step found nothing there.
    run = Run(Surface.from_formula(formula), RunSettings(name), [0.5, -0.4])
    run.step(80)
    assert run.gradient_norm < 1e-7
    before = run.evaluations
    run.step(40)
    assert sum(run.evaluations) - sum(before) <= 40 * 8


@pytest.mark.parametrize("name", ["line_search_gd", "conjugate_gradient", "bfgs", "lbfgs"])
@pytest.mark.parametrize("given", [{}, {"line_search": "strong_wolfe"}], ids=str)
def test_particles_of_a_cloud_go_where_lone_ones_go_bit_for_bit(name, given):
    method = OPTIMIZERS[name]
    if given and method.hyperparameter("line_search") is None:
        return
    values, landscape = method.values(given), Waves(0.01)
    starts = np.random.default_rng(8).uniform(-1.9, 1.9, (40, 2))

    def walked(x):
        oracle, state = Oracle(landscape), method.init(x, values)
        for index in range(25):
            oracle.begin(index)
            state = method.step(state, oracle, values)
        return state.x

    together = walked(starts)
    for start, end in zip(starts, together, strict=True):
        assert walked(start).tobytes() == end.tobytes()
