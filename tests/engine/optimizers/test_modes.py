"""The iteration matrices, held against what the methods themselves do on quadratics."""

import cmath
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curvtui.engine.optimizers import modes
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.modes import IterationMatrix

FORMS = {
    "gd": ("plain", modes.plain),
    "momentum": ("heavy_ball", modes.heavy_ball),
    "nesterov": ("lookahead", modes.lookahead),
    "perturbed_gd": ("plain", modes.plain),
    "adagrad": ("plain", modes.plain),
    "adadelta": ("plain", modes.plain),
    "rmsprop": ("heavy_ball", modes.heavy_ball),
    "adam": ("averaged", modes.averaged),
    "amsgrad": ("averaged", modes.averaged),
    "adamax": ("averaged", modes.averaged),
    "adamw": ("averaged", modes.adamw),
    "nadam": ("averaged_lookahead", modes.averaged_lookahead),
    "radam": ("averaged", modes.averaged),
}
BUFFERS = ("momentum_buffer", "first_moment")
SCALES = ("square_avg", "second_moment", "sum", "infinity_norm", "largest_second_moment", "acc_delta")


class Parabola:
    """Answers with the gradient of λx²/2 in every coordinate."""

    noise = 0.0
    clip = clip_value = None

    def __init__(self, curvature):
        self.curvature = curvature

    def gradient(self, x):
        return self.curvature * x


def late(name, values, x, buffer):
    """A state of a method long after its start, its scale set to what stays as it is when nothing is added."""
    method = OPTIMIZERS[name]
    state = method.init(np.array([x]), values)
    changed = {"step": 10_000_000}
    for field in state._fields:
        if field in BUFFERS:
            changed[field] = np.array([buffer])
        elif field in SCALES:
            changed[field] = np.array([1.0])
        elif field == "momentum_product":
            changed[field] = 0.0
    return state._replace(**changed)


def matrix_of(name, values, curvature):
    """The map of (x, buffer) that one step of the method is, its second moments frozen, by columns."""
    columns = []
    for x, buffer in ((1.0, 0.0), (0.0, 1.0)):
        # So small that squares of it leave the second moments alone.
        tiny = 1e-12
        state = late(name, values, tiny * x, tiny * buffer)
        after = OPTIMIZERS[name].step(state, Parabola(curvature), values)
        held = [getattr(after, field)[0] for field in BUFFERS if hasattr(after, field)]
        columns.append([after.x[0] / tiny, (held[0] if held else 0.0) / tiny])
    return np.array(columns).T


FROZEN = {"beta2": 1.0 - 1e-13, "alpha": 1.0, "rho": 1.0, "lr_decay": 0.0, "eps": 0.0, "threshold": -1.0}
"""What keeps a method's scale as it is over a step."""

unit = st.floats(0.0, 0.98)


def drawn(name, data):
    method = OPTIMIZERS[name]
    values = {"lr": data.draw(st.floats(1e-3, 2.0))}
    for each in method.hyperparameters:
        if each.name in ("momentum", "beta1", "dampening"):
            values[each.name] = data.draw(unit)
        elif each.name == "weight_decay":
            values[each.name] = data.draw(st.sampled_from([0.0, 0.0, 0.1, 0.4]))
        elif each.name == "decoupled_weight_decay":
            values[each.name] = data.draw(st.sampled_from([0.0, 1.0]))
    return values


def test_every_method_with_a_limit_has_an_iteration_matrix():
    assert {name for name, each in OPTIMIZERS.items() if each.stability is not None} == set(FORMS)
    assert all(OPTIMIZERS[name].stability.modes is form for name, (_, form) in FORMS.items())


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_matrix_is_that_of_the_methods_own_step(name, data):
    given_values = drawn(name, data)
    method = OPTIMIZERS[name]
    known = {each.name for each in method.hyperparameters}
    frozen = {key: value for key, value in FROZEN.items() if key in known}
    if name == "adamax":
        frozen["beta2"] = 1.0 - 1e-16  # its norm is a maximum: it must not fall
    values = {**{each.name: each.default for each in method.hyperparameters}, **frozen, **given_values}
    curvature = data.draw(st.floats(-1.0, 8.0))
    own = matrix_of(name, values, curvature)
    state = late(name, values, 0.0, 0.0)
    stability = method.stability
    scale, penalty = 1.0, float(values.get("weight_decay", 0.0))
    if stability.preconditioner is not None:
        scale = float(stability.preconditioner(state, values)[0])
        penalty = float(stability.penalty(values)) if stability.penalty else 0.0
    found = stability.modes(values, values["lr"] * (curvature + penalty) / scale)
    size = max(1.0, np.abs(own).max() ** 2)
    assert found.trace == pytest.approx(np.trace(own), abs=2e-6 * size)
    assert found.determinant == pytest.approx(np.linalg.det(own), abs=2e-6 * size)
    expected = max(abs(np.linalg.eigvals(own)))
    # An eigenvalue of multiplicity two moves by the root of a disturbance.
    assert abs(found.dominant) == pytest.approx(expected, abs=5e-3 * size)


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_at_the_limit_the_mode_neither_grows_nor_decays(name, data):
    values = drawn(name, data)
    stability = OPTIMIZERS[name].stability
    limit = float(stability.limit(values))
    assume(limit > 1e-3)
    # A method without a preconditioner has the decay's part of the curvature taken off its limit.
    decay = values["lr"] * values.get("weight_decay", 0.0) if stability.preconditioner is None else 0.0
    assert abs(stability.modes(values, limit + decay).dominant) == pytest.approx(1.0, abs=1e-9)
    assert abs(stability.modes(values, 1.001 * limit + decay).dominant) > 1.0
    assert abs(stability.modes(values, 0.999 * limit + decay).dominant) < 1.0


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_the_dominant_eigenvalue_solves_the_characteristic_equation(trace, determinant):
    found = IterationMatrix(trace, determinant).dominant
    roots = np.roots([1.0, -trace, determinant])
    assert abs(found) == pytest.approx(max(abs(roots)), rel=1e-6, abs=1e-6)
    assert abs(found * found - trace * found + determinant) <= 1e-9 * max(1.0, trace * trace, abs(determinant))
    assert found.imag >= 0.0


@pytest.mark.parametrize("trace", [1e200, -1e200, 1e308, -1e308, math.inf, -math.inf])
def test_a_huge_matrix_raises_nothing(trace):
    assert abs(IterationMatrix(trace, 0.9).dominant) >= 1e200


def test_by_hand():
    # Critical damping: μ = (1 − √s)² makes both eigenvalues √μ.
    found = modes.heavy_ball({"momentum": 0.25}, 0.25)
    assert found == IterationMatrix(1.0, 0.25)
    assert found.dominant == 0.5
    assert modes.plain({}, 2.5).dominant == -1.5
    assert modes.lookahead({"momentum": 0.9}, 1.0) == IterationMatrix(0.0, 0.0)
    assert cmath.phase(modes.heavy_ball({"momentum": 0.81}, 1.81).dominant) == pytest.approx(math.pi / 2)
