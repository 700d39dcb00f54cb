"""Every optimizer of the catalogue against the same list of promises."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from curvtui.engine.optimizers.catalogue import OPTIMIZERS, optimizer_named
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.optimizers.optimizer import Need, RateScale
from curvtui.engine.optimizers.oracle import Evaluations, Oracle

every = pytest.mark.parametrize("optimizer", list(OPTIMIZERS.values()), ids=list(OPTIMIZERS))

CALLS_A_STEP = {
    "gd": Evaluations(gradient=1),
    "momentum": Evaluations(gradient=1),
    "nesterov": Evaluations(gradient=1),
    "adagrad": Evaluations(gradient=1),
    "adadelta": Evaluations(gradient=1),
    "rmsprop": Evaluations(gradient=1),
    "adam": Evaluations(gradient=1),
    "amsgrad": Evaluations(gradient=1),
    "adamw": Evaluations(gradient=1),
    "nadam": Evaluations(gradient=1),
    "radam": Evaluations(gradient=1),
    "adamax": Evaluations(gradient=1),
    "rprop": Evaluations(gradient=1),
    "lion": Evaluations(gradient=1),
    "signgd": Evaluations(gradient=1),
    "sam": Evaluations(gradient=2),
    "perturbed_gd": Evaluations(gradient=1),
    "barzilai_borwein": Evaluations(gradient=1),
    "newton": Evaluations(gradient=1, hessian=1),
    "saddle_free_newton": Evaluations(gradient=1, hessian=1),
    "lbfgs": Evaluations(gradient=1),
    "gauss_newton": Evaluations(gradient=1),
    "adahessian": Evaluations(gradient=1, hessian_vector=1),
}

# What a first step, a search or an integrator takes depends on where it is.
CALLS_IN_SEVEN_STEPS = {
    "line_search_gd": Evaluations(value=22, gradient=8),
    "conjugate_gradient": Evaluations(value=18, gradient=18),
    "damped_newton": Evaluations(value=8, gradient=7, hessian=7),
    "trust_region": Evaluations(value=8, gradient=7, hessian=7),
    "bfgs": Evaluations(value=8, gradient=8),
    "gradient_flow": Evaluations(gradient=211),
}


@dataclass(frozen=True)
class Quartic:
    """f = ½ xᵀAx + ¼ Σ w x⁴ in any number of variables, by hand."""

    matrix: np.ndarray
    weights: np.ndarray

    @property
    def box(self):
        return ((-2.0, 2.0),) * len(self.weights)

    def value(self, x):
        return 0.5 * np.einsum("...i,ij,...j->...", x, self.matrix, x) + 0.25 * np.sum(self.weights * x**4, -1)

    def gradient(self, x):
        return x @ self.matrix + self.weights * x**3

    def hessian(self, x):
        return self.matrix + 3 * (self.weights * x**2)[..., None] * np.eye(len(self.weights))

    def residuals_and_jacobian(self, x):
        root = np.linalg.cholesky(self.matrix).T / math.sqrt(2)
        squares = 0.5 * np.sqrt(self.weights) * x**2
        slopes = (np.sqrt(self.weights) * x)[..., None] * np.eye(len(self.weights))
        linear = np.broadcast_to(root, slopes.shape)
        return np.concatenate((x @ root.T, squares), -1), np.concatenate((linear, slopes), -2)

    def value_at(self, x):
        return float(self.value(np.array(x)))

    def gradient_at(self, x):
        return tuple(self.gradient(np.array(x)).tolist())

    def hessian_at(self, x):
        return tuple(map(tuple, self.hessian(np.array(x)).tolist()))


def surface(n=2):
    generator = np.random.default_rng(n)
    half = generator.normal(size=(n, n))
    return Quartic(half @ half.T + np.eye(n), generator.uniform(0.1, 1.0, n))


def options(optimizer, rate):
    """Hyperparameters with this learning rate, where it is one that suits the method."""
    own = optimizer.hyperparameter("lr") is None or optimizer.rate_scale is RateScale.FACTOR
    return optimizer.values({} if own else {"lr": rate})


def leaves(state):
    """The arrays and numbers of a state, those of a base method's state included."""
    return [leaf for part in state for leaf in (leaves(part) if isinstance(part, tuple) else [part])]


def walk(optimizer, surface, x, steps, values=None, **oracle_options):
    oracle = Oracle(surface, **oracle_options)
    values = options(optimizer, 0.02) if values is None else values
    state = optimizer.init(np.asarray(x, dtype=float), values)
    for index in range(steps):
        oracle.begin(index)
        state = optimizer.step(state, oracle, values)
    return state, oracle


@every
@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_batch_steps_as_its_particles_alone(optimizer, n):
    # A search among values that its noisy slopes contradict ends on a knife's edge: rounding decides.
    modifiers = {} if optimizer.name in ("bfgs", "conjugate_gradient") else {"noise": 0.1, "clip": 1.5}
    starts = np.random.default_rng(3).uniform(-1, 1, (2, 3, n))
    together, _ = walk(optimizer, surface(n), starts, 15, **modifiers, seed=4)
    for index, start in enumerate(starts.reshape(-1, n)):
        alone, _ = walk(optimizer, surface(n), start, 15, **modifiers, seed=4, particle=index)
        np.testing.assert_allclose(together.x.reshape(-1, n)[index], alone.x, rtol=1e-9, atol=1e-12)


class Columns:
    """`Quartic` by columns, so that a point is answered with the very bits that it gets in a batch."""

    def __init__(self, quartic):
        self.matrix, self.weights, self.box = quartic.matrix, quartic.weights, quartic.box
        self.root = np.linalg.cholesky(quartic.matrix).T / math.sqrt(2)

    def value(self, x):
        terms = [0.25 * self.weights[i] * x[..., i] ** 2 * x[..., i] ** 2 for i in range(x.shape[-1])]
        return sum(0.5 * x[..., i] * each for i, each in enumerate(self.linear(x, self.matrix))) + sum(terms)

    def linear(self, x, matrix):
        size = range(x.shape[-1])
        return [sum(matrix[i, j] * x[..., j] for j in size) for i in size]

    def gradient(self, x):
        return np.stack(self.linear(x, self.matrix), -1) + self.weights * x * x * x

    def hessian(self, x):
        return self.matrix + (3 * self.weights * x * x)[..., None] * np.eye(x.shape[-1])

    def residuals_and_jacobian(self, x):
        slopes = (np.sqrt(self.weights) * x)[..., None] * np.eye(x.shape[-1])
        residuals = np.concatenate((np.stack(self.linear(x, self.root), -1), 0.5 * np.sqrt(self.weights) * x * x), -1)
        return residuals, np.concatenate((np.broadcast_to(self.root, slopes.shape), slopes), -2)

    def value_at(self, x):
        return float(self.value(np.array([x]))[0])

    def gradient_at(self, x):
        return tuple(self.gradient(np.array([x]))[0].tolist())

    def hessian_at(self, x):
        return tuple(map(tuple, self.hessian(np.array([x]))[0].tolist()))


@every
@pytest.mark.parametrize("n", [1, 5])
@pytest.mark.parametrize(
    "modifiers", [{}, {"noise": 0.1, "seed": 4}, {"clip": 1.5, "clip_value": 0.7, "weight_decay": 0.3}], ids=str
)
def test_a_method_does_not_know_whether_it_is_in_a_batch(optimizer, n, modifiers):
    landscape = Columns(surface(n))
    starts = np.random.default_rng(3).uniform(-1, 1, (2, 2, n))
    together, _ = walk(optimizer, landscape, starts, 12, **modifiers)
    for index, start in enumerate(starts.reshape(-1, n)):
        alone, _ = walk(optimizer, landscape, start, 12, **modifiers, particle=index)
        assert together.x.reshape(-1, n)[index].tobytes() == alone.x.tobytes()


@every
def test_a_learning_rate_for_each_particle_steps_as_each_alone(optimizer):
    if optimizer.hyperparameter("lr") is None:
        return
    rates = np.array([[0.01], [0.02], [0.05]])
    start = [0.7, -0.4]
    values = {**optimizer.values(), "lr": rates}
    together, _ = walk(optimizer, surface(), [start] * 3, 10, values)
    for index, rate in enumerate(rates[:, 0]):
        alone, _ = walk(optimizer, surface(), start, 10, optimizer.values({"lr": rate}), particle=index)
        np.testing.assert_allclose(together.x[index], alone.x, rtol=1e-10, atol=1e-13)


@every
def test_renaming_the_variables_renames_the_path(optimizer):
    plain, order = surface(5), [3, 0, 4, 1, 2]
    if optimizer.name == "adahessian":
        # Its random signs belong to positions: only where they cancel out, on a diagonal, are paths permuted.
        plain = Quartic(np.diag(np.diag(plain.matrix)), plain.weights)
    permuted = Quartic(plain.matrix[np.ix_(order, order)], plain.weights[order])
    start = np.linspace(-0.8, 0.9, 5)
    one, _ = walk(optimizer, plain, start, 20)
    other, _ = walk(optimizer, permuted, start[order], 20)
    np.testing.assert_allclose(other.x, one.x[order], rtol=1e-9, atol=1e-13)


@every
def test_five_variables_descend(optimizer):
    bowl = surface(5)
    start = np.full(5, 0.8)
    rate = {"adagrad": 0.3, "adadelta": 1.0}.get(optimizer.name, 0.02)
    steps = {"adadelta": 1500, "radam": 600}.get(optimizer.name, 200)
    state, _ = walk(optimizer, bowl, start, steps, options(optimizer, rate))
    assert bowl.value(state.x) < 0.1 * bowl.value(start)


@every
def test_calls_a_step(optimizer):
    _, oracle = walk(optimizer, surface(), [0.5, 0.5], 7)
    if optimizer.name in CALLS_IN_SEVEN_STEPS:
        assert oracle.evaluations == CALLS_IN_SEVEN_STEPS[optimizer.name]
    else:
        assert oracle.evaluations == Evaluations(*(7 * count for count in CALLS_A_STEP[optimizer.name]))
    assert (Need.HESSIAN in optimizer.needs) == (oracle.evaluations.hessian > 0)


@every
def test_noise_is_replayed_bit_for_bit_and_depends_on_the_seed(optimizer):
    first, _ = walk(optimizer, surface(), [0.5, 0.5], 30, noise=0.2, seed=11)
    again, _ = walk(optimizer, surface(), [0.5, 0.5], 30, noise=0.2, seed=11)
    other, _ = walk(optimizer, surface(), [0.5, 0.5], 30, noise=0.2, seed=12)
    assert all(np.array_equal(a, b) for a, b in zip(leaves(first), leaves(again), strict=True))
    # A sign or a line search may end at the same point; what is remembered tells.
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


@every
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e308, 5e-324])
def test_numbers_that_are_not_finite_are_survived_without_a_warning(optimizer, bad):
    state, _ = walk(optimizer, surface(), [bad, 0.3], 4)
    assert state.x.shape == (2,)
    batch, _ = walk(optimizer, surface(), [[bad, 0.3], [0.5, 0.2]], 4)
    alone, _ = walk(optimizer, surface(), [0.5, 0.2], 4, particle=1)
    np.testing.assert_allclose(batch.x[1], alone.x, rtol=1e-12)


@every
def test_a_step_writes_into_nothing_it_was_given(optimizer):
    values = optimizer.values()
    state = optimizer.init(np.array([0.3, 0.4]), values)
    for index in range(3):
        for part in state:
            if isinstance(part, np.ndarray):
                part.flags.writeable = False
        oracle = Oracle(surface())
        oracle.begin(index)
        state = optimizer.step(state, oracle, values)


@every
def test_the_stability_limit_is_where_a_parabola_stops_converging(optimizer):
    if optimizer.stability is None or optimizer.stability.preconditioner is not None:
        return
    sharpness = 3.0
    parabola = Quartic(np.array([[sharpness]]), np.zeros(1))
    for options in ({}, {"weight_decay": 0.7}, {"momentum": 0.5}, {"dampening": 0.3}, {"momentum": 0.0}):
        known = {k: v for k, v in options.items() if optimizer.hyperparameter(k)}
        if optimizer.hyperparameter("threshold"):
            known["threshold"] = 0.0  # perturbations are no instability
        # The limit depends on lr where there is weight decay: find lr with lr·λ = limit(lr).
        low, high = 0.0, 10.0
        for _ in range(80):
            middle = (low + high) / 2
            inside = middle * sharpness < optimizer.stability.limit(optimizer.values({**known, "lr": middle}))
            low, high = (middle, high) if inside else (low, middle)
        below, _ = walk(optimizer, parabola, [1.0], 4000, optimizer.values({**known, "lr": low * 0.99}))
        above, _ = walk(optimizer, parabola, [1.0], 4000, optimizer.values({**known, "lr": low * 1.01}))
        assert abs(below.x[0]) < 1e-3
        assert not abs(above.x[0]) < 1e3


@pytest.mark.parametrize("beta1", [0.0, 0.5, 0.9])
def test_adams_limit_holds_for_its_preconditioned_sharpness(beta1):
    adam = OPTIMIZERS["adam"]
    # ε far above the root makes P = ε nearly constant, so that adam is a linear method with a sharp limit.
    sharpness, eps = 2.0, 1e6
    parabola = Quartic(np.array([[sharpness]]), np.zeros(1))
    values = adam.values({"beta1": beta1, "eps": eps})
    critical = adam.stability.limit(values) * eps / sharpness
    for factor, stable in ((0.99, True), (1.01, False)):
        options = {**values, "lr": critical * factor}
        early, _ = walk(adam, parabola, [1e-250], 1000, options)
        state, _ = walk(adam, parabola, [1e-250], 2000, options)
        assert bool(abs(state.x[0]) < abs(early.x[0])) is stable
        preconditioner = adam.stability.preconditioner(state, values)
        np.testing.assert_allclose(preconditioner, eps, rtol=1e-3)


@every
def test_the_declaration_is_complete(optimizer):
    assert optimizer.title
    assert optimizer.summary.endswith(".")
    assert optimizer.source
    assert all(each.help for each in optimizer.hyperparameters)
    assert optimizer.init(np.zeros(2), optimizer.values())._fields[:2] == ("x", "step")


def test_an_unknown_name_is_answered_with_the_closest():
    with pytest.raises(SettingError, match=r"no optimizer 'admm'.*gd, momentum.*did you mean 'adam'"):
        optimizer_named("admm")
