"""Weight decay as a modifier: everything a method asks is answered as if f were f + λ/2·‖x‖²."""

import json
import math

import numpy as np
import pytest

from curvtui.engine.descent.evidence import evidence_of
from curvtui.engine.descent.race import Race
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings, settings_from_dict
from curvtui.engine.files import Session, read_session, session_text
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.optimizers.hyperparameter import SettingError
from curvtui.engine.optimizers.optimizer import Need, RateScale
from curvtui.engine.optimizers.oracle import Oracle
from curvtui.engine.surface.surface import Surface

DECAY = 0.75
F = "(x - 2)**2 + (x*y - 1)**2 + (y**2/2 + 1)**2"
PLAIN = Surface.from_formula(F)
PENALIZED = Surface.from_formula(f"{F} + {DECAY}/2*x**2 + {DECAY}/2*y**2")
POINT = np.array([0.7, -0.4])
BATCH = np.array([POINT, [1.5, 0.2], [-0.3, 2.0]])

WITHOUT_OWN = [name for name, each in OPTIMIZERS.items() if each.hyperparameter("weight_decay") is None]


def rated(name, surface, start, *, weight_decay=0.0, **modifiers):
    method = OPTIMIZERS[name]
    given = {} if method.rate_scale is RateScale.FACTOR or method.hyperparameter("lr") is None else {"lr": 0.02}
    return Run(surface, RunSettings(name, given, weight_decay=weight_decay, **modifiers), start)


def test_these_methods_have_none_of_their_own():
    assert set(WITHOUT_OWN) == {
        "rprop", "perturbed_gd", "line_search_gd", "barzilai_borwein", "conjugate_gradient", "newton", "damped_newton",
        "saddle_free_newton", "trust_region", "bfgs", "lbfgs", "gauss_newton", "gradient_flow",
    }  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT_OWN)
def test_the_path_is_that_on_the_penalized_surface(name):
    one = rated(name, PLAIN, POINT, weight_decay=DECAY)
    other = rated(name, PENALIZED, POINT)
    # Few enough for searches, whose last digits are decided by rounding once they have converged.
    steps = 5 if Need.VALUE in one.settings.method.needs else 30
    assert one.step(steps) == other.step(steps)
    np.testing.assert_allclose(one.x, other.x, rtol=1e-8, atol=1e-10)
    assert one.evaluations == other.evaluations
    plain = rated(name, PLAIN, POINT)
    plain.step(steps)
    assert np.abs(plain.x - one.x).max() > 1e-3


@pytest.mark.parametrize("name", WITHOUT_OWN)
def test_what_a_run_reports_is_the_surface_itself(name):
    run = rated(name, PLAIN, POINT, weight_decay=DECAY)
    run.step(3)
    assert run.value == PLAIN.value_at(run.x.tolist())
    assert run.path.gradient_norms[-1] == np.hypot(*PLAIN.gradient_at(run.x.tolist()))


@pytest.mark.parametrize("x", [POINT, BATCH], ids=["point", "batch"])
def test_all_answers_belong_to_one_function(x):
    oracle, expected = Oracle(PLAIN, weight_decay=DECAY), Oracle(PENALIZED)
    for kind in ("value", "gradient", "hessian"):
        np.testing.assert_allclose(getattr(oracle, kind)(x), getattr(expected, kind)(x), rtol=1e-13)
    vector = np.ones_like(x)
    np.testing.assert_allclose(oracle.hessian_vector(x, vector), expected.hessian_vector(x, vector), rtol=1e-13)
    gradient, jacobian = oracle.least_squares(x)
    np.testing.assert_allclose(gradient, expected.gradient(x), rtol=1e-13)
    normal = np.swapaxes(jacobian, -1, -2) @ jacobian
    np.testing.assert_allclose(normal, (lambda j: np.swapaxes(j, -1, -2) @ j)(expected.least_squares(x)[1]), rtol=1e-13)
    # r of the plain f with √(λ/2)·x below it: f + λ/2·‖x‖² is their sum of squares.
    residuals = np.concatenate((PLAIN.residuals_and_jacobian(x)[0], np.sqrt(DECAY / 2) * x), axis=-1)
    np.testing.assert_allclose(np.sum(residuals**2, axis=-1), oracle.value(x), rtol=1e-13)


def test_decay_joins_after_noise_and_clipping():
    noisy = {"noise": 0.3, "clip_value": 0.5, "clip": 0.4, "seed": 3}
    difference = Oracle(PLAIN, **noisy, weight_decay=DECAY).gradient(POINT) - Oracle(PLAIN, **noisy).gradient(POINT)
    np.testing.assert_allclose(difference, DECAY * POINT, rtol=1e-13)


def test_settings_carry_it_wherever_it_is_given():
    settings = RunSettings("newton", {"weight_decay": 0.5})
    assert (settings.weight_decay, dict(settings.values)) == (0.5, {"lr": 1.0})
    assert settings == RunSettings("newton", weight_decay=0.5) == RunSettings("newton").with_values(weight_decay="0.5")
    assert settings.with_values(lr=0.5).weight_decay == 0.5
    assert settings_from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    assert settings.changed_from(RunSettings("newton")) == "weight_decay 0.0 → 0.5"
    assert RunSettings("gd", {"weight_decay": 0.5}).weight_decay == 0.0


@pytest.mark.parametrize("bad", [{"values": {"weight_decay": -1}}, {"weight_decay": -1}, {"weight_decay": math.inf}])
def test_a_bad_decay_gets_a_sentence(bad):
    with pytest.raises(SettingError, match="weight_decay must be zero or positive; "):
        RunSettings("newton", **bad)
    with pytest.raises(SettingError, match="adam has a hyperparameter weight_decay; it takes no other"):
        RunSettings("adam", weight_decay=0.1)
    with pytest.raises(SettingError, match="weight_decay must be a number"):
        settings_from_dict({"optimizer": "newton", "weight_decay": [1]})


@pytest.mark.parametrize("name", ["bfgs", "conjugate_gradient", "trust_region", "damped_newton", "line_search_gd"])
def test_a_change_of_it_forgets_what_was_carried_over_and_can_be_stepped_back_over(name):
    run = rated(name, PLAIN, POINT)
    run.step(3)
    before = run.x.tolist()
    run.change(run.settings.with_values(weight_decay=DECAY))
    run.step(2)
    fresh = rated(name, PLAIN, before, weight_decay=DECAY)
    fresh.step(2)
    assert run.x.tolist() == fresh.x.tolist()
    after = run.x.tolist()
    run.back(4)
    assert run.settings.weight_decay == 0.0
    run.step(4)
    assert run.x.tolist() == after


def test_the_schedule_runs_on_over_a_change_of_it():
    given = {"name": "exponential", "parameters": {"gamma": 0.5}}
    run = Run(PLAIN, settings_from_dict({"optimizer": "newton", "schedule": given}), POINT)
    run.step(3)
    run.change(run.settings.with_values(weight_decay=DECAY))
    assert run.schedule_factor == 0.125


def test_the_stability_limit_has_the_penalty_in_it():
    parabola = Surface.from_formula("3*x**2")
    # lr·(6 + 4) = 2 at lr = 0.2.
    for rate, stable in ((0.198, True), (0.202, False)):
        given = {"lr": rate, "threshold": 0.0, "weight_decay": 4.0}
        run = Run(parabola, RunSettings("perturbed_gd", given), [1.0])
        assert (evidence_of(run).load < 1.0) is stable
        run.step(500)
        assert bool(abs(run.x[0]) < 1.0) is stable


@pytest.mark.parametrize("name", WITHOUT_OWN)
def test_a_session_with_it_comes_back_bit_for_bit(name):
    run = rated(name, PLAIN, POINT, weight_decay=DECAY, noise=0.05, clip_value=5.0, seed=3)
    run.step(6)
    run.change(run.settings.with_values(weight_decay=0.25))
    run.step(6)
    run.back(2)
    again = read_session(session_text(Session(PLAIN, PLAIN.box, Race(run)))).run
    assert again.segments == run.segments
    for each in (run, again):
        each.step(4)
    assert again.path.iterates.tobytes() == run.path.iterates.tobytes()
    assert again.evaluations == run.evaluations
