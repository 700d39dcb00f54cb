import math

import pytest

from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.status import judge
from curvtui.engine.diagnosis import diagnose, evidence_of
from curvtui.engine.surface.surface import Surface


def diagnosed(formula, start, steps, optimizer="gd", noise=0.0, box=None, **values):
    run = Run(Surface.from_formula(formula, box), RunSettings(optimizer, values, noise=noise), start)
    run.step(steps)
    return diagnose(evidence_of(run))


@pytest.mark.parametrize(
    ("symptom", "formula", "start", "steps", "options"),
    [
        ("slow", "x**2 + y**2", [5, 5], 100, {"lr": 0.01}),
        ("slow", "100*x**2 + y**2", [1, 1], 100, {"lr": 0.005}),
        ("healthy", "x**2 + y**2", [5, 5], 5, {"lr": 0.1}),
        ("healthy", "x**2 + y**2", [5, 5], 100, {"lr": 0.1}),
        ("oscillation", "x**2 + y**2", [5, 5], 20, {"lr": 0.9}),
        ("oscillation", "x**2", [1], 50, {"lr": 1.0}),
        ("oscillation", "abs(x)", [0.55], 50, {"lr": 0.2}),
        ("divergence", "x**2 + y**2", [5, 5], 100, {"lr": 1.1}),
        ("divergence", "x**2 + y**2", [5, 5], 6, {"lr": 1.1}),
        ("divergence", "x**2 - y**2", [1, 1], 1000, {"lr": 0.1}),
        ("divergence", "log(x)", [1], 5, {"lr": 2.0}),
        ("divergence", "x**2", [10], 10_000, {"lr": 1e100}),
        ("saddle", "x**2 - y**2", [1e-10, 1e-10], 100, {"lr": 0.01}),
        ("saddle", "x**4 + y**4 - 4*x*y + 1", [0.5, -0.5], 1000, {"lr": 0.01}),
        ("sharp minimum", "10*x**2 + 9*y**2", [1, 1], 500, {"lr": 0.095}),
        ("plateau", "-exp(-x**2)", [3], 100, {"lr": 0.1}),
        ("plateau", "x**2", [1], 100, {"lr": 1e-30}),
        ("healthy", "x**4 + y**4 - 4*x*y + 1", [0.5, -0.4], 60, {"optimizer": "adam", "lr": 0.05}),
        ("healthy", "3*x**2 + 0.8*x*y + y**2", [2.5, -2], 1, {"optimizer": "newton"}),
        ("healthy", "x**2 + y**2", [1, 1], 100, {"lr": 0.1, "noise": 0.1}),
    ],
)  # fmt: skip
def test_the_first_finding(symptom, formula, start, steps, options):
    found = diagnosed(formula, start, steps, **options)
    assert 1 <= len(found) <= 2
    first = found[0]
    assert first.symptom == symptom, first
    assert first.cause
    assert first.remedy
    assert "nan" not in first.cause + first.remedy


def test_the_evidence_is_numbers_or_none():
    evidence = diagnosed("10*x**2 + y**2", [1, 1], 10, lr=0.05)[0].evidence
    assert evidence["lambda_min"] == pytest.approx(2)
    assert evidence["lambda_max"] == pytest.approx(20)
    assert evidence["lr_times_lambda_max"] == pytest.approx(1)
    for numbers in (
        diagnosed("sqrt(x)", [-1], 1)[0].evidence,
        diagnosed("log(x)", [1], 5, lr=2.0)[0].evidence,
    ):
        assert all(value is None or math.isfinite(value) for value in numbers.values())


def test_the_remedy_names_the_learning_rate_to_stay_below():
    found = diagnosed("10*x**2 + y**2", [1, 1], 30, lr=0.2)
    assert "0.1" in found[0].remedy
    momentum = diagnosed("10*x**2 + y**2", [1, 1], 200, "momentum", lr=0.25)
    assert "0.19" in momentum[0].remedy


def test_adam_is_held_against_its_preconditioned_sharpness():
    run = Run(Surface.from_formula("10*x**2 + y**2"), RunSettings("adam", {"lr": 0.01}), [1.0, 1.0])
    run.step(20)
    evidence = evidence_of(run)
    assert evidence.limit == pytest.approx(38)
    assert evidence.lambda_max == pytest.approx(20)
    assert evidence.sharpness < evidence.lambda_max


@pytest.mark.parametrize("start", [[math.nan, 0], [math.inf, 0], [1e308, 1e308], [0, 0]])
def test_any_start_gets_a_finding(start):
    for optimizer in ("gd", "adam", "newton"):
        assert diagnosed("log(x) + y**2", start, 5, optimizer)
        assert diagnosed("x**4 + y**4", start, 5, optimizer)


def test_what_overflows_upwards_after_a_fall_is_not_said_to_be_unbounded_below():
    settings = RunSettings("barzilai_borwein", {"lr": 0.7}, clip=0.25)
    run = Run(Surface.from_formula("cosh(x) + y**2"), settings, [-1.6, 0.35])
    run.step(100)
    assert run.ended
    assert run.value < run.surface.value_at([-1.6, 0.35])
    assert "the steps are too long" in judge(run).sentence
    (found,) = diagnose(evidence_of(run))
    assert found.symptom == "divergence"
    assert "too long" in found.cause
