"""``curvtui run`` as data: the contract's JSON, its numbers against independent computations, CSV, text, files."""

import csv
import io
import json
import math
import re
import threading
import types
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from curvtui.engine.descent.suggestion import suggested_rate
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import open_surface
from curvtui.tui import background, headless
from curvtui.tui.cli import main

from .answers import strict

REFERENCE = Path(__file__).parents[1] / "engine" / "reference"
TORCH = json.loads((REFERENCE / "torch_trajectories.json").read_text(encoding="utf-8"))["rows"]
DESCENT = json.loads((REFERENCE / "source_facts.json").read_text(encoding="utf-8"))["descent"]

KEYS = [
    "schema",
    "surface",
    "optimizer",
    "start",
    "seed",
    "steps",
    "status",
    "sentence",
    "path",
    "values",
    "gradient_norms",
    "evaluations",
    "diagnosis",
    "elapsed_seconds",
]


@pytest.fixture
def command(capsys):
    """Run a command that is understood; return its standard output."""

    def run(*words):
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert (code, err) == (0, "")
        return out

    return run


@pytest.fixture
def ran(command):
    """Run an optimizer; return the JSON, checked for what holds of every run."""

    def run(formula, start=None, **options):
        words = [] if start is None else ["--start", *start]
        for name, value in options.items():
            words += ["--" + name, value] if name != "given" else [f"--set={key}={each}" for key, each in value.items()]
        data = strict(command("run", formula, "--json", *words))
        assert list(data) == KEYS
        assert data["schema"] == 1
        assert {"name", "formula", "variables", "box", "gradient", "hessian"} <= set(data["surface"])
        assert {"name", "hyperparameters"} <= set(data["optimizer"])
        assert set(data["evaluations"]) == {"value", "gradient", "hessian", "hessian_vector"}
        rows = 1 if options.get("record") == "last" else data["steps"] + 1
        assert len(data["path"]) == len(data["values"]) == len(data["gradient_norms"]) == rows
        assert {len(point) for point in data["path"]} == {len(data["surface"]["variables"])} == {len(data["start"])}
        assert len(data["diagnosis"]) >= 1
        for finding in data["diagnosis"]:
            assert set(finding) == {"symptom", "cause", "remedy", "evidence"}
            assert {"lambda_min", "lambda_max", "lr_times_lambda_max"} <= set(finding["evidence"])
        assert data["status"] in ("running", "converged", "stalled", "diverged", "undefined")
        return data

    return run


def quartic(p):
    x, y = p
    return x**4 + y**4 - 4 * x * y + 1, np.array([4 * x**3 - 4 * y, 4 * y**3 - 4 * x])


def test_the_running_example_is_described(ran):
    data = ran("quartic", (0.5, -0.4), steps=3)
    surface = data["surface"]
    assert surface["name"] == "quartic"
    assert surface["formula"] == "x**4 + y**4 - 4*x*y + 1"
    assert surface["variables"] == ["x", "y"]
    assert surface["box"] == [[-2, 2], [-2, 2]]
    assert surface["gradient"] == ["4*x**3 - 4*y", "-4*x + 4*y**3"]
    assert surface["hessian"] == [["12*x**2", "-4"], ["-4", "12*y**2"]]
    assert data["optimizer"]["name"] == "gd"
    assert data["optimizer"]["hyperparameters"]["lr"] == 1e-3
    assert (data["start"], data["seed"], data["steps"]) == ([0.5, -0.4], 0, 3)
    assert data["evaluations"] == {"value": 0, "gradient": 3, "hessian": 0, "hessian_vector": 0}
    assert data["elapsed_seconds"] >= 0


def test_gradient_descent_by_hand(ran):
    data = ran("quartic", (1.3, -0.7), lr=0.02, steps=50)
    x = np.array([1.3, -0.7])
    for point, value, norm in zip(data["path"], data["values"], data["gradient_norms"], strict=True):
        f, g = quartic(x)
        np.testing.assert_allclose(point, x, rtol=1e-12)
        assert value == pytest.approx(f, rel=1e-12)
        assert norm == pytest.approx(math.hypot(*g), rel=1e-11)
        x = x - 0.02 * g


def test_adam_by_hand(ran):
    given = {"beta1": 0.8, "beta2": 0.95, "eps": 1e-3}
    data = ran("quartic", (1.3, -0.7), optimizer="adam", lr=0.07, given=given, steps=50)
    assert {name: data["optimizer"]["hyperparameters"][name] for name in given} == given
    x, m, v = np.array([1.3, -0.7]), np.zeros(2), np.zeros(2)
    for k, point in enumerate(data["path"]):
        np.testing.assert_allclose(point, x, rtol=1e-11)
        g = quartic(x)[1]
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g * g
        x = x - 0.07 * (m / (1 - 0.8 ** (k + 1))) / (np.sqrt(v / (1 - 0.95 ** (k + 1))) + 1e-3)


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov", "adam"])
def test_paths_are_torchs(ran, name):
    rows = [row for row in TORCH if row["optimizer"] == name]
    assert len(rows) == 3
    for row in rows:
        given = {key: value for key, value in row["hyperparameters"].items() if key not in ("betas", "nesterov")}
        given.update(zip(("beta1", "beta2"), row["hyperparameters"].get("betas", ()), strict=False))
        data = ran(row["surface"], row["start"], optimizer=name, given=given, steps=len(row["path"]) - 1)
        np.testing.assert_allclose(data["path"], row["path"], rtol=1e-12, atol=1e-15)


def test_with_record_last_only_the_end_is_kept(ran):
    whole = ran("quartic", optimizer="adam", lr=0.05, steps=40)
    last = ran("quartic", optimizer="adam", lr=0.05, steps=40, record="last")
    for name in ("path", "values", "gradient_norms"):
        assert last[name] == whole[name][-1:]
    assert [last[name] for name in KEYS[:8]] == [whole[name] for name in KEYS[:8]]
    watched = ran("bowl", lr=0.05, steps=4000, tol=1e-6, record="last")
    assert watched["steps"] < 4000
    assert watched["gradient_norms"][0] <= 1e-6


def test_zero_steps_report_the_start(ran):
    data = ran("quartic", (1, 1), steps=0)
    assert (data["path"], data["values"], data["gradient_norms"]) == ([[1, 1]], [-1], [0])
    assert (data["steps"], data["status"]) == (0, "converged")


# Every row of what the product's source texts state about descents.


def test_every_stated_descent_is_checked_below():
    assert [row["formula"] for row in DESCENT] == [
        *["x**2"] * 3, "x**2 + y**2", *["x**2 - y**2"] * 2, "x**4 + y**4 - 4*x*y + 1",
        "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)", "3*x**2 + 0.8*x*y + y**2",
    ]  # fmt: skip


def test_on_a_parabola_the_iterates_contract_by_eight_tenths(ran):
    row = DESCENT[0]
    data = ran(row["formula"], row["start"], lr=row["learning_rate"], steps=40)
    xs = [x for (x,) in data["path"]]
    np.testing.assert_allclose(np.divide(xs[1:], xs[:-1]), 0.8, rtol=1e-14)
    assert min(k for k, x in enumerate(xs) if abs(x) < 0.01) == 31


def test_on_a_parabola_one_half_is_the_best_rate(ran):
    row = DESCENT[1]
    data = ran(row["formula"], row["start"], lr=row["learning_rate"], steps=3)
    assert data["path"] == [[10], [0], [0], [0]]
    assert data["status"] == "converged"


def test_on_a_parabola_a_rate_above_one_diverges(ran):
    row = DESCENT[2]
    data = ran(row["formula"], row["start"], lr=row["learning_rate"], steps=100)
    xs = np.abs(data["path"])[:, 0]
    np.testing.assert_allclose(xs[1:] / xs[:-1], 1.2, rtol=1e-12)
    assert data["status"] == "diverged"
    assert data["diagnosis"][0]["symptom"] == "divergence"
    assert ran(row["formula"], row["start"], lr=0.99, steps=3000)["status"] == "converged"
    edge = ran(row["formula"], row["start"], lr=1, steps=10)
    assert [x for (x,) in edge["path"]] == [10, -10] * 5 + [10]


def test_on_a_round_bowl_five_rates_behave_in_five_ways(ran):
    row = DESCENT[3]
    slow, good, best, high, broken = (
        ran(row["formula"], row["start"], lr=rate, steps=100) for rate in row["learning_rates"]
    )
    assert slow["status"] == "running"
    assert slow["values"][-1] > 0.5
    assert slow["diagnosis"][0]["symptom"] == "slow"
    assert good["status"] == "converged"
    assert best["path"][1] == [0, 0]
    assert high["status"] == "converged"
    assert all(a[0] * b[0] < 0 and abs(b[0]) < abs(a[0]) for a, b in zip(high["path"], high["path"][1:], strict=False))
    assert high["diagnosis"][0]["symptom"] in ("oscillation", "sharp minimum")
    assert broken["status"] == "diverged"
    assert broken["values"][-1] > 1e15


def test_a_hair_beside_the_saddle_it_is_stuck(ran):
    row = DESCENT[4]
    data = ran(row["formula"], row["start"], lr=row["learning_rate"], steps=100)
    assert data["status"] == "stalled"
    assert math.hypot(*data["path"][-1]) < 1e-9
    assert data["diagnosis"][0]["symptom"] == "saddle"


def test_noise_escapes_the_saddle_and_no_tolerance_ends_it(ran):
    row = DESCENT[5]
    options = {"lr": row["learning_rate"], "noise": 0.1, "steps": 600, "tol": 1e-3}
    data = ran(row["formula"], row["start"], **options)
    assert data["gradient_norms"][0] == 0
    assert data["steps"] == 600
    assert abs(data["path"][-1][1]) > 1
    assert data["values"][-1] < -1
    quiet = ran(row["formula"], row["start"], lr=row["learning_rate"], steps=600)
    assert quiet["path"][-1] == [0, 0]
    assert quiet["status"] == "stalled"


def test_the_saddles_stable_manifold_leads_into_it_and_noise_leads_out(ran):
    row = DESCENT[6]
    data = ran(row["formula"], row["start"], lr=row["learning_rate"], steps=2000)
    assert all(y == -x for x, y in data["path"])
    assert math.hypot(*data["path"][-1]) < 1e-6
    assert data["status"] == "stalled"
    for seed in range(3):
        noisy = ran(row["formula"], row["start"], lr=row["learning_rate"], steps=2000, noise=0.01, seed=seed)
        x, y = noisy["path"][-1]
        assert x * y > 0
        assert math.hypot(abs(x) - 1, abs(y) - 1) < 0.02


def test_four_starts_on_rastrigin_end_in_four_minima(ran):
    row = DESCENT[7]
    ends = set()
    for start in row["starts"]:
        data = ran(row["formula"], start, lr=row["learning_rate"], steps=300)
        assert data["status"] == "converged"
        assert all(b <= a + 1e-12 for a, b in zip(data["values"], data["values"][1:], strict=False))
        ends.add(tuple(round(c) for c in data["path"][-1]))
    assert len(ends) == 4


def test_newton_lands_gradient_descent_zigzags_and_noise_makes_newton_jump(ran):
    row = DESCENT[8]
    newton = ran(row["formula"], row["start"], optimizer="newton", steps=1)
    np.testing.assert_allclose(newton["path"][1], [0, 0], atol=1e-12)
    assert newton["evaluations"]["hessian"] == 1
    zigzag = ran(row["formula"], row["start"], lr=0.3, steps=8)
    steep = [0.987 * x + 0.16 * y for x, y in zigzag["path"]]  # along the steep axis of the Hessian
    assert all(a * b < 0 for a, b in pairwise(steep))
    spread = {}
    for optimizer, rate in (("newton", 1), ("gd", 0.05)):
        noisy = ran(row["formula"], row["start"], optimizer=optimizer, lr=rate, noise=1, steps=400)
        spread[optimizer] = np.std(noisy["path"][100:], axis=0).max()
    assert spread["newton"] > 2 * spread["gd"]


# Options.


def test_a_tolerance_ends_the_run_at_the_first_iterate_that_meets_it(ran):
    data = ran("x**2", (10,), lr=0.1, tol=1e-3, steps=10_000)
    assert data["gradient_norms"][-1] <= 1e-3 < data["gradient_norms"][-2]
    assert data["steps"] == math.ceil(math.log(1e-3 / 20) / math.log(0.8))
    assert ran("x**2", (0,), tol=0, steps=5)["steps"] == 0


def test_the_seed_decides_the_noise(ran):
    one, again, other = (ran("quartic", noise=0.5, seed=seed, steps=20) for seed in (3, 3, 4))
    assert one["path"] == again["path"]
    assert one["path"] != other["path"]
    assert one["seed"] == 3
    steps = np.diff(ran("0*x + 0*y", (0, 0), noise=2, lr=1, steps=4000)["path"], axis=0)
    assert np.std(steps) == pytest.approx(2, rel=0.05)
    assert np.mean(steps) == pytest.approx(0, abs=0.1)


def test_clipping_shortens_the_gradient(ran):
    data = ran("rosenbrock", (-1.5, 2), lr=0.1, clip=0.5, steps=30)
    lengths = np.hypot(*np.diff(data["path"], axis=0).T)
    assert np.all(lengths <= 0.05 * (1 + 1e-12))
    assert lengths[0] == pytest.approx(0.05)


def test_clipping_by_value_cuts_every_entry_and_comes_before_the_norm(command):
    words = ["run", "3*x + y/2", "--start", "0", "0", "--lr", "1", "--steps", "2", "--json", "--clip-value", "1"]
    data = strict(command(*words))
    assert data["path"] == [[0, 0], [-1, -0.5], [-2, -1]]
    assert data["optimizer"]["clip_value"] == 1
    both = strict(command(*words, "--clip", "0.5"))
    np.testing.assert_allclose(both["path"][1], [-0.5 * 2 / math.sqrt(5), -0.5 / math.sqrt(5)])


def test_weight_decay_is_set_alike_for_every_method(command):
    # Newton's method solves f + 5/2·x² at once: x² - 6x has its penalized minimum at 6/7.
    words = ["run", "x**2 - 6*x", "--start", "1", "--steps", "1", "--json"]
    data = strict(command(*words, "--optimizer", "newton", "--set", "weight_decay=5"))
    assert data["path"][1] == [pytest.approx(6 / 7)]
    assert data["values"][1] == pytest.approx((6 / 7) ** 2 - 36 / 7)
    assert (data["optimizer"]["weight_decay"], data["optimizer"]["hyperparameters"]) == (5, {"lr": 1})
    own = strict(command(*words, "--lr", "0.1", "--set", "weight_decay=5"))
    assert own["path"][1] == [pytest.approx(1 - 0.1 * (2 - 6 + 5))]
    assert own["optimizer"]["hyperparameters"] == {"lr": 0.1, "weight_decay": 5}
    assert "weight_decay" not in own["optimizer"]
    text = command("run", "x**2", "--optimizer", "newton", "--set", "weight_decay=5", "--clip", "2")
    assert "optimizer  newton  lr 1  clip 2  weight_decay 5" in text


def test_a_schedule_changes_the_rate(ran):
    data = ran("3*x", (0,), lr=1, schedule="step:size=2,gamma=0.5", steps=6)
    np.testing.assert_allclose(np.diff(data["path"], axis=0)[:, 0], [-3, -3, -1.5, -1.5, -0.75, -0.75], rtol=1e-15)
    data = ran("x", (0,), lr=1, schedule="warmup:steps=2,start=0.5,then=cosine,steps=4", steps=6)
    rates = [0.5, 0.75] + [(1 + math.cos(math.pi * k / 4)) / 2 for k in range(4)]
    np.testing.assert_allclose(-np.diff(data["path"], axis=0)[:, 0], rates, rtol=1e-14)


def test_hyperparameters_may_be_given_as_text(ran):
    data = ran("quartic", optimizer="momentum", given={"lr": "1e-2", "momentum": " .5 "}, steps=1)
    assert data["optimizer"]["hyperparameters"]["lr"] == 0.01
    assert data["optimizer"]["hyperparameters"]["momentum"] == 0.5


# Numbers that are not finite.


def test_a_diverging_run_keeps_its_finite_history(ran):
    data = ran("x**4", (2,), lr=1, steps=100)
    assert data["status"] == "diverged"
    assert 1 < data["steps"] < 10
    assert all(math.isfinite(x) for (x,) in data["path"])
    assert all(map(math.isfinite, data["values"]))
    assert data["path"][1] == [2 - 4 * 8]


def test_what_overflows_is_null(ran):
    data = ran("exp(x)", (800,), steps=5)
    assert (data["values"], data["gradient_norms"], data["steps"]) == ([None], [None], 0)
    assert data["status"] == "diverged"
    far = ran("x**2", (1e200,), steps=5)
    assert (far["path"], far["values"], far["status"]) == ([[1e200]], [None], "diverged")
    steep = ran("1e308*x*y", (1, 1), lr=0, steps=2)
    assert steep["values"] == [1e308] * 3
    assert steep["gradient_norms"] == [pytest.approx(math.hypot(1e308, 1e308))] * 3
    assert ran("1e308*x", (1,), given={"lr": "1e300"}, steps=3)["steps"] == 0


@pytest.mark.parametrize(
    ("formula", "start"),
    [("log(x)", (-1,)), ("1/x", (0,)), ("sqrt(x) + y", (-1, 0)), ("x/y", (1, 0)), ("1/(x*y)", (0, 0))],
)
def test_a_start_outside_the_domain_is_reported(ran, formula, start):
    data = ran(formula, start, steps=10)
    assert data["values"] == data["gradient_norms"] == [None]
    assert (data["status"], data["steps"], data["path"]) == ("undefined", 0, [list(start)])


def test_a_step_out_of_the_domain_ends_the_run(ran):
    data = ran("log(x)", (1.5,), lr=4, steps=10)
    assert data["status"] == "undefined"
    assert data["path"] == [[1.5]]
    assert "left the domain" in data["sentence"]


def test_one_over_x(ran):
    data = ran("1/x", (0.5,), lr=0.01, steps=3)
    assert data["surface"]["gradient"] == ["-1/x**2"]
    assert data["path"][1][0] == pytest.approx(0.54, rel=1e-15)


def test_a_default_start_is_looked_for_inside_the_domain(ran):
    for formula in ("sqrt(x-1)", "log(x*y)", "log(-x) + log(-y)", "1/(x*y)"):
        assert ran(formula, steps=0)["values"][0] is not None


# Forms of output.


def test_the_same_command_gives_the_same_output(command):
    words = ("run", "peaks", "--optimizer", "adam", "--noise", "0.2", "--lr", "0.05", "--json")
    one, two = (re.sub(r'"elapsed_seconds": [^}]*}', "", command(*words)) for _ in range(2))
    assert one == two
    assert command(*words[:-1]) == command(*words[:-1])


def test_csv_holds_the_same_numbers(command, ran):
    data = ran("himmelblau", (0.1, 0.2), lr=0.01, steps=20)
    text = command("run", "himmelblau", "--start", "0.1", "0.2", "--lr", "0.01", "--steps", "20", "--csv")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["step", "x", "y", "value", "gradient_norm"]
    assert [int(row[0]) for row in rows] == list(range(21))
    assert [[float(c) for c in row[1:3]] for row in rows] == data["path"]
    assert [float(row[3]) for row in rows] == data["values"]
    assert [float(row[4]) for row in rows] == data["gradient_norms"]
    assert command("run", "1/x", "--start", "0", "--csv") == "step,x,value,gradient_norm\n0,0.0,,\n"
    last = command("run", "u*v", "--start", "1", "2", "--lr", "0", "--steps", "9", "--record", "last", "--csv")
    assert last == f"step,u,v,value,gradient_norm\n9,1.0,2.0,2.0,{5**0.5!r}\n"


def test_the_text_is_for_people(command):
    text = command("run", "x**2", "--start", "10", "--lr", "0.5", "--steps", "1")
    assert text.splitlines() == [
        "surface    formula: f(x) = x**2",
        "optimizer  gd  lr 0.5  weight_decay 0",
        "start      (10)  f = 100",
        "step 1     (0)  f = 0  |grad f| = 0",
        "status     converged to a minimum at (0) after 1 step: f = 0, λ_min = 2, λ_max = 2, ‖∇f‖ = 0",
        "diagnosis  healthy: it has arrived: the gradient vanishes and f curves down nowhere",
        "           try: nothing to do",
    ]


def test_the_text_says_where_a_learning_rate_came_from_that_nobody_chose(command):
    words = ("run", "bowl", "--steps", "3", "--optimizer", "adam")
    rate = suggested_rate(open_surface("bowl"), "adam", PRESETS["bowl"].start)
    advice = f"lr 0.001 is the default of adam; for this surface and start try --lr {rate:g}"
    assert advice in [line.strip() for line in command(*words).splitlines()]
    assert "is the default" not in command(*words, "--lr", "0.001") + command(*words, "--set", "lr=0.001")
    # A method whose default suits every surface has nothing to be advised.
    assert "is the default" not in command("run", "bowl", "--optimizer", "newton")
    help_text = " ".join(command("run", "--help").split())
    assert "default the method's own (0.001 for gd and adam, as in torch)" in help_text
    assert "default one that suits the surface and the start" in " ".join(command("--help").split())


def test_a_file_is_written_whole_and_nothing_is_printed(command, tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old", encoding="utf-8")
    for option in ("-o", "--output"):
        assert command("run", "bowl", "--json", "--steps", "2", option, path) == ""
        assert strict(path.read_text(encoding="utf-8"))["steps"] == 2
    assert command("run", "bowl", "--csv", "-o", path) == ""
    assert path.read_text(encoding="utf-8").startswith("step,x,y")
    assert [each.name for each in tmp_path.iterdir()] == ["run.json"]


def test_a_file_that_cannot_be_written_is_no_usage_error(capsys, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path in (tmp_path / "file" / "run.json", tmp_path, tmp_path / "file/\x1b[31m/x"):
        assert main(["run", "bowl", "-o", str(path)]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"curvtui: {tmp_path}")
        assert "can't be written: " in err
        assert "\x1b" not in err
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


# Derivatives that SymPy does not finish.


def test_formulas_that_take_too_long_to_write_well_are_written_at_once(ran, monkeypatch):
    done = threading.Event()
    monkeypatch.setattr(background, "PATIENCE", 0.01)
    monkeypatch.setattr("curvtui.tui.headless._derivatives", lambda model: done.wait(60) and None)
    try:
        data = ran("x*y", steps=1)
    finally:
        done.set()
    assert data["surface"]["gradient"] == ["y", "x"]
    assert data["surface"]["hessian"] == [["0", "1"], ["1", "0"]]
    assert data["values"]


def test_formulas_nested_too_deeply_to_be_written_well_are_written_at_once(ran, monkeypatch):
    def too_deep(tree, variables):
        raise RecursionError

    monkeypatch.setattr("curvtui.engine.surface.model.differentiate", too_deep)
    data = ran("x*y", steps=1)
    assert data["surface"]["gradient"] == ["y", "x"]


def test_numbers_that_are_not_finite_are_null_wherever_they_are():
    data = {
        "a": [1.5, {"b": math.nan, 3: (math.inf, "ä\n", None, True)}],
        "c": types.MappingProxyType({"d": -math.inf}),
    }
    written = headless.strict_json(data)
    assert written.isascii()
    assert strict(written) == {"a": [1.5, {"b": None, "3": [None, "ä\n", None, True]}], "c": {"d": None}}
