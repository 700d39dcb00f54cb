"""What is measured where a run stands is measured once, and anew as soon as it stands elsewhere."""

import numpy as np
import pytest

from curvtui.engine.descent.evidence import evidence_of
from curvtui.engine.descent.run import RECENT, Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.descent.status import Status, judge
from curvtui.engine.surface.surface import Surface, open_surface

ROSENBROCK = open_surface("rosenbrock")


def descent(steps=0, **values):
    run = Run(ROSENBROCK, RunSettings("gd", {"lr": 0.001} | values), (-1.2, 1.0))
    run.step(steps)
    return run


def counted(monkeypatch, name):
    """Let a method of every surface count its calls."""
    plain, calls = getattr(Surface, name), []

    def counting(self, x):
        calls.append(tuple(x))
        return plain(self, x)

    monkeypatch.setattr(Surface, name, counting)
    return calls


def test_all_that_is_asked_of_an_iterate_takes_its_hessian_once(monkeypatch):
    run = descent(5)
    evidence_of(run)
    calls = counted(monkeypatch, "hessian_at")
    run.step()
    for _ in range(3):
        judge(run)
        evidence_of(run)
        _ = run.report
    assert calls.count(tuple(run.x.tolist())) == 1


@pytest.mark.parametrize(
    "move",
    [
        lambda run: run.step(),
        lambda run: run.back(),
        lambda run: run.jump(2),
        lambda run: run.restart(),
        lambda run: run.advance(3, float("inf")),
    ],
)
def test_an_answer_is_forgotten_when_the_run_moves(move):
    run = descent(5)
    before = run.report
    assert run.report is before
    move(run)
    assert run.report is not before
    np.testing.assert_array_equal(run.report.point, run.x)


def test_an_answer_is_forgotten_when_the_settings_change():
    run = descent(5)
    before = evidence_of(run)
    run.change(run.settings.with_values(lr=0.002))
    assert evidence_of(run).learning_rate == 0.002 != before.learning_rate


def test_an_answer_is_forgotten_when_the_run_comes_to_its_end_where_it_stands():
    run = Run(Surface.from_formula("log(x)"), RunSettings("gd", {"lr": 0.3}), (0.5,))
    assert judge(run).status is Status.RUNNING
    assert not run.step()
    assert judge(run).status is Status.UNDEFINED


def test_a_branch_has_answers_of_its_own():
    run = descent(5)
    _ = run.report
    other = run.branch(3)
    np.testing.assert_array_equal(other.report.point, other.x)
    np.testing.assert_array_equal(run.report.point, run.x)


@pytest.mark.parametrize("limit", [256, 16_384])
@pytest.mark.parametrize("length", [0, 1, RECENT - 1, RECENT, 700])
def test_the_recent_iterates_are_those_of_single_jumps(monkeypatch, limit, length):
    monkeypatch.setattr("curvtui.engine.descent.history.MOST_RECORDS", limit)
    run = descent(length)
    recent = run.recent
    assert recent.steps.tolist() == list(range(max(0, length - RECENT), length + 1))
    for step, point, value, slope in zip(*recent, strict=True):
        np.testing.assert_array_equal(point, run.iterate(int(step)))
        assert value == ROSENBROCK.value_at(point.tolist())
        assert slope == pytest.approx(np.hypot(*ROSENBROCK.gradient_at(point.tolist())), rel=1e-15)


def test_recent_iterates_far_into_a_thinned_run_are_not_each_stepped_to_from_afar(monkeypatch):
    monkeypatch.setattr("curvtui.engine.descent.history.MOST_RECORDS", 256)
    run = descent(8_000)
    assert run.record_stride >= 32
    calls = counted(monkeypatch, "value_and_gradient_at")
    _ = run.recent
    assert RECENT < len(calls) < RECENT + 2 * run.record_stride
