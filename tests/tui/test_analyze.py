"""``curvtui analyze``: the contract's JSON over many surfaces, the stated numbers, and the table for people."""

import json
import math
import os
import pty
import re
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.surface.presets import PRESETS
from curvtui.engine.surface.surface import open_surface
from curvtui.tui import analyze as command_module
from curvtui.tui.analysis_table import Look, analysis_text
from curvtui.tui.cli import main

from .answers import ENDLESS_SYMPY, strict

REFERENCE = Path(__file__).parents[1] / "engine" / "reference"
FACTS = json.loads((REFERENCE / "source_facts.json").read_text(encoding="utf-8"))["critical_points"]
BENCHMARK = json.loads((REFERENCE / "benchmark_surfaces.json").read_text(encoding="utf-8"))
PROBLEMS = next(value for value in BENCHMARK.values() if isinstance(value, list))
COMMAND = (sys.executable, "-m", "curvtui.tui.cli", "analyze")

KEYS = ["schema", "surface", "critical_points", "completeness", "global_minimum", "convexity", "elapsed_seconds"]
POINT_KEYS = {
    *("point", "value", "kind", "eigenvalues", "eigenvectors", "condition_number", "index", "certified"),
    *("enclosure", "gradient_norm", "is_global_minimum", "sentence"),
}
INDEX = {
    "minimum": 1,
    "maximum": 1,
    "saddle": -1,
    "degenerate minimum": 1,
    "degenerate maximum": 1,
    "monkey saddle": -2,
}
INDEX_IN_ONE = {"minimum": 1, "maximum": -1, "inflection": 0, "degenerate minimum": 1, "degenerate maximum": -1}
REASONS = {"degenerate", "curve", "non-smooth", "undefined", "boundary", "budget"}


@pytest.fixture
def command(capsys):
    """Run ``analyze`` so that it is understood; return its standard output."""

    def run(*words):
        code = main(["analyze", *map(str, words)])
        out, err = capsys.readouterr()
        assert (code, err) == (0, "")
        return out

    return run


@pytest.fixture
def analysed(command, monkeypatch):
    """Analyse a surface; return the JSON, checked for what holds of every answer."""

    def run(surface, *words, formulas=False):
        with monkeypatch.context() as patched:
            if not formulas:  # SymPy would take most of the time
                patched.setattr("curvtui.tui.headless._derivatives", lambda model: None)
            data = strict(command(surface, "--json", *words))
        _check(data)
        return data

    return run


def _check(data):
    assert [key for key in data if key in KEYS] == KEYS
    assert data["schema"] == 1
    surface = data["surface"]
    assert {"name", "formula", "variables", "box", "gradient", "hessian"} <= set(surface)
    n = len(surface["variables"])
    assert len(surface["box"]) == n
    points = data["critical_points"]
    for point in points:
        _check_point(point, surface["box"], n)
    order = [(point["value"], point["point"]) for point in points]
    assert order == sorted(order)
    proof = data["completeness"]
    for region in proof["unresolved"]:
        assert region["reason"] in REASONS
        assert len(region["box"]) == n
        assert all(low <= high for low, high in region["box"])
    indices = [point["index"] for point in points]
    assert proof["index_sum"] == (None if None in indices else sum(indices))
    assert (proof["verdict"] == "complete") == (not proof["unresolved"])
    assert (proof["verdict"] == "budget reached") == ("budget" in {each["reason"] for each in proof["unresolved"]})
    if proof["verdict"] == "complete" and None not in (proof["boundary_winding"], proof["index_sum"]):
        assert proof["boundary_winding"] == proof["index_sum"]
    least, lowest = data["global_minimum"], data["lowest_found"]
    if least is not None:
        assert set(least) == {"point", "value", "certified"}
        assert least["certified"] is True
        assert least["value"] == lowest["value"]
        assert all(point["value"] >= lowest["lower_bound"] - 1e-9 * abs(least["value"]) for point in points)
    else:
        assert not any(point["is_global_minimum"] for point in points)
    shape = data["convexity"]
    assert shape["verdict"] in ("strictly convex", "convex", "not convex", "undecided")
    assert (shape["witness"] is not None) == (shape["verdict"] == "not convex")
    if shape["witness"] is not None:
        assert shape["witness"]["eigenvalue"] < 0
        assert len(shape["witness"]["point"]) == n
    assert data["elapsed_seconds"] >= 0


def _check_point(point, box, n):
    assert set(point) >= POINT_KEYS
    assert len(point["point"]) == len(point["enclosure"]) == len(point["eigenvalues"]) == n
    for x, (low, high), (first, last) in zip(point["point"], point["enclosure"], box, strict=True):
        assert low <= x <= high
        assert first <= x <= last
    values, vectors = point["eigenvalues"], np.array(point["eigenvectors"])
    assert all(a <= b for a, b in pairwise(values))
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(n), atol=1e-12)
    assert all(row[np.argmax(np.round(np.abs(row), 6))] > 0 for row in vectors)
    sizes = np.abs(values)
    if min(sizes) > 1e-9 * max(sizes):
        assert point["condition_number"] == pytest.approx(max(sizes) / min(sizes))
    if point["certified"] and point["kind"] not in ("degenerate", "degenerate saddle"):
        assert point["index"] == (INDEX if n == 2 else INDEX_IN_ONE)[point["kind"]]
    assert point["gradient_norm"] >= 0
    assert len(point["sentence"]) > 20
    assert point["exact"] is None or len(point["exact"]["point"]) == n


# The contract, over every preset and the surfaces with stated numbers.


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset(analysed, name):
    preset = PRESETS[name]
    data = analysed(name)
    assert (data["surface"]["name"], data["surface"]["formula"]) == (name, preset.formula)
    assert data["surface"]["box"] == [list(side) for side in preset.box]
    assert data["completeness"]["verdict"] != "budget reached"
    assert data["global_minimum"] is not None
    surface = open_surface(name)
    for point in data["critical_points"][:20]:
        hessian = np.array(surface.hessian_at(point["point"]))
        scale = max(1.0, float(np.max(np.abs(hessian))))
        for value, vector in zip(point["eigenvalues"], point["eigenvectors"], strict=True):
            np.testing.assert_allclose(hessian @ vector, np.multiply(value, vector), atol=1e-9 * scale)
        assert point["value"] == pytest.approx(surface.value_at(point["point"]), abs=1e-12)


def test_the_running_example_in_full(analysed):
    data = analysed("quartic", formulas=True)
    surface = data["surface"]
    assert surface["variables"] == ["x", "y"]
    assert surface["gradient"] == ["4*x**3 - 4*y", "-4*x + 4*y**3"]
    assert surface["hessian"] == [["12*x**2", "-4"], ["-4", "12*y**2"]]
    one, two, saddle = data["critical_points"]
    assert [each["point"] for each in (one, two, saddle)] == [[-1, -1], [1, 1], [0, 0]]
    assert one["exact"] == {"point": ["−1", "−1"], "value": "−1"}
    root = math.sqrt(0.5)
    np.testing.assert_allclose(saddle["eigenvectors"], [[root, root], [root, -root]], atol=1e-15)
    assert "saddle" in saddle["sentence"].lower()
    assert "(-4, 4)" in saddle["sentence"]
    assert "sufficient" in one["sentence"]
    assert data["completeness"] == {
        "verdict": "complete",
        "unresolved": [],
        "index_sum": 1,
        "boundary_winding": 1,
        "sentence": "3 critical points: all there are in the box, proved; "
        "index sum +1+1−1 = +1 = winding of the border",
    }
    assert data["global_minimum"]["value"] == -1
    assert data["convexity"] == {"verdict": "not convex", "witness": {"point": [0, 0], "eigenvalue": -4}}


@pytest.mark.parametrize("fact", FACTS, ids=[fact["formula"] for fact in FACTS])
def test_what_the_source_texts_state(analysed, fact):
    data = analysed(fact["formula"], "--box", *[number for side in fact["box"] for number in side])
    assert data["completeness"]["verdict"] == "complete"
    if "points" in fact:
        assert len(data["critical_points"]) == len(fact["points"])
    for stated in fact.get("points", []):
        (point,) = [each for each in data["critical_points"] if np.allclose(each["point"], stated["at"], atol=1e-12)]
        assert point["certified"]
        assert point["kind"] == stated["kind"]
        for name in ("value", "eigenvalues", "condition_number", "index", "is_global_minimum"):
            if name in stated:
                assert point[name] == pytest.approx(stated[name], abs=5e-7), name
        if "eigenvectors" in stated:
            np.testing.assert_allclose(point["eigenvectors"], stated["eigenvectors"], atol=1e-15)
        if "hessian" in stated:
            vectors = np.array(point["eigenvectors"])
            np.testing.assert_allclose(
                vectors.T @ np.diag(point["eigenvalues"]) @ vectors, stated["hessian"], atol=1e-12
            )
    if "global_minimum" in fact:
        assert data["global_minimum"]["value"] == pytest.approx(fact["global_minimum"]["value"], abs=1e-9)
        assert data["global_minimum"]["point"] == pytest.approx(fact["global_minimum"]["at"], abs=1e-9)
    if "convexity" in fact:
        assert data["convexity"]["verdict"] == fact["convexity"]


@pytest.mark.parametrize("problem", PROBLEMS, ids=[problem["name"] for problem in PROBLEMS])
def test_no_published_minimum_is_missed(analysed, problem):
    """Within any budget, here a very small one: the minimum is listed, or a lower value, or a region that holds it."""
    box = [number for side in problem["box"] for number in side]
    data = analysed(problem["expr"], "--box", *box, "--budget", 0.15)
    values = [point["value"] for point in data["critical_points"]]
    if data["lowest_found"] is not None:
        values.append(data["lowest_found"]["value"])
    regions = [region["box"] for region in data["completeness"]["unresolved"]]
    published = problem["fglob"]
    if published is None or math.isnan(published):
        published = math.inf
    reached = bool(values) and min(values) <= published + 1e-6 * max(1.0, abs(published))
    held = any(
        all(low - 1e-6 <= x <= high + 1e-6 for x, (low, high) in zip(place, region, strict=True))
        for place in problem["xglob"]
        for region in regions
    )
    assert reached or held
    least = data["global_minimum"]
    if least is not None and math.isfinite(published):
        assert least["value"] <= published + 1e-5 * max(1.0, abs(published))


# What the list says where it is not a plain one.


def test_one_variable(analysed):
    data = analysed("3*x**4 - 4*x**3", "--box", -1, 2)
    assert [(each["point"], each["kind"], each["index"]) for each in data["critical_points"]] == [
        ([1], "minimum", 1),
        ([0], "inflection", 0),
    ]
    minimum = data["critical_points"][0]
    assert (minimum["eigenvalues"], minimum["eigenvectors"], minimum["value"]) == ([12], [[1]], -1)
    data = analysed("sin(x)", "--box", 0, 7)
    assert [each["exact"]["point"] for each in data["critical_points"]] == [["3π/2"], ["π/2"]]


def test_a_parameter_and_other_names(analysed):
    data = analysed("w1**2 + w2**2 - w1*w2", "--box", -1, 2, -1, 2)
    assert data["surface"]["variables"] == ["w1", "w2"]
    data = analysed("x**4 - a*x**2", "--param", "a=2")
    assert data["surface"]["parameters"] == {"a": 2}
    assert [each["point"] for each in data["critical_points"]] == [[-1], [1], [0]]


def test_a_monkey_saddle_is_explained(analysed):
    (point,) = analysed("monkey_saddle")["critical_points"]
    assert "three descending sectors" in point["sentence"]
    assert "Hessian is zero" in point["sentence"]
    assert point["condition_number"] is None


def test_a_curve_is_told_of(analysed):
    data = analysed("(x**2 + y**2 - 1)**2")
    assert {region["reason"] for region in data["completeness"]["unresolved"]} == {"curve"}
    assert data["completeness"]["verdict"] == "complete except unresolved"
    assert data["global_minimum"]["value"] == pytest.approx(0, abs=1e-12)


def test_a_budget_that_runs_out_is_an_answer(analysed):
    data = analysed("rastrigin", "--budget", 0.001)
    assert data["completeness"]["verdict"] == "budget reached"
    assert "so far" in data["completeness"]["sentence"]


def test_a_search_that_does_not_end_is_given_up(analysed, monkeypatch):
    done = threading.Event()

    def endless(surface, box, budget):
        return analyse_box(surface, box, budget) if budget.seconds < 0.1 else done.wait(60)

    monkeypatch.setattr(command_module, "analyse_box", endless)
    monkeypatch.setattr(command_module, "GRACE", 0.2)
    data = analysed("rastrigin", "--budget", 0.2)
    assert data["completeness"]["verdict"] == "budget reached"
    assert data["lowest_found"]["value"] == pytest.approx(0, abs=0.1)
    monkeypatch.setattr(command_module, "analyse_box", lambda *words: done.wait(60))
    data = analysed("quartic", "--budget", 0.2)
    assert data["completeness"]["unresolved"] == [{"box": [[-2, 2], [-2, 2]], "reason": "budget"}]
    assert (data["critical_points"], data["lowest_found"]) == ([], None)
    done.set()


UGLY = {
    "0*x": (-2, 2),
    "0*x + 0*y + 5": (-500, 500, -500, 500),
    "3*x - 2*y": (-500, 500, -500, 500),
    "log(-1 - x**2 - y**2)": (-2, 2, -2, 2),
    "sqrt(-1 - x**2)": (-500, 500),
    "1/(x*y)": (-3, 3, -3, 3),
    "abs(x) + abs(y)": (-500, 500, -500, 500),
    "floor(x) + ceil(y)": (-3, 3, -3, 3),
    "max(x, -x, y)": (-3, 3, -3, 3),
    "tan(x) + x": (-500, 500),
    "exp(x**2 + y**2)": (-500, 500, -500, 500),
    "1e300*x**2 + 1e-300*y**2": (-2, 2, -2, 2),
    "atan2(y, x)": (-2, 2, -2, 2),
    "+".join(f"sin({k}*x + y)*cos(x - {k}*y)/{k}" for k in range(1, 90)): (-500, 500, -500, 500),
    "sin(" * 38 + "x*y" + ")" * 38: (-2, 2, -2, 2),
}


@pytest.mark.parametrize("formula", UGLY, ids=lambda formula: formula[:40])
def test_ugly_input_gets_an_answer(analysed, formula):
    data = analysed(formula, "--box", *UGLY[formula], "--budget", 0.15)
    assert data["surface"]["formula"] == formula


def test_numbers_that_are_not_finite_are_null(analysed, monkeypatch):
    from dataclasses import replace

    def with_poison(*words):
        analysis = analyse_box(*words)
        worst = replace(analysis.points[0], condition_number=math.inf, gradient_norm=math.nan)
        return replace(analysis, points=(worst, *analysis.points[1:]))

    monkeypatch.setattr(command_module, "analyse_box", with_poison)
    monkeypatch.setattr(sys.modules[__name__], "_check", lambda data: None)
    point = analysed("quartic")["critical_points"][0]
    assert point["condition_number"] is point["gradient_norm"] is None


# The table for people.


def test_the_table_of_the_running_example(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    lines = command("quartic").splitlines()
    assert lines[-1].startswith("elapsed ")
    assert lines[:-1] == [
        "surface   quartic: f(x, y) = x**4 + y**4 - 4*x*y + 1",
        "box       [−2, 2] × [−2, 2]",
        "gradient  ∂f/∂x = 4*x**3 - 4*y",
        "          ∂f/∂y = -4*x + 4*y**3",
        "Hessian   ∂²f/∂x∂x = 12*x**2",
        "          ∂²f/∂x∂y = -4",
        "          ∂²f/∂y∂y = 12*y**2",
        "",
        "  kind      x   y  value  eigenvalues  κ  index  proof",
        "● minimum  −1  −1     −1        8, 16  2     +1  ✓ global",
        "● minimum   1   1     −1        8, 16  2     +1  ✓ global",
        "✕ saddle    0   0      1        −4, 4  1     −1  ✓",
        "",
        "3 critical points: all there are in the box, proved; index sum +1+1−1 = +1 =",
        "winding of the border",
        "global minimum  −1 at (−1, −1), (1, 1), proved",
        "convexity       not convex, proved: at (0, 0) the Hessian has the eigenvalue −4",
    ]


@pytest.mark.parametrize("name", ["peano", "cos(x)*cos(y) + 0.01*x", "circle_valley", "parabola", "flat_bowl", "easom"])
def test_the_table_fits_every_terminal(name):
    analysis = analyse_box(open_surface(name))
    data = {"gradient": None, "hessian": None}
    for columns in (40, 60, 80, 132):
        for ascii_only in (False, True):
            text = analysis_text(analysis, data, Look(columns, ascii=ascii_only))
            assert max(map(len, text.splitlines())) <= columns
            assert text.isascii() >= ascii_only
            assert "\x1b" not in text
        coloured = analysis_text(analysis, data, Look(columns, colours=True))
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == analysis_text(analysis, data, Look(columns))


def test_exact_coordinates_are_shown(command):
    text = command("cos(x)*cos(y)", "--box", -1, 2, -1, 2)
    assert "π/2" in text
    assert "(0, 0)" in text


def test_a_hostile_formula_can_not_reach_the_terminal(capsys):
    assert main(["analyze", "x\x1b]0;owned\x07"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "\x1b" not in err


def test_an_output_file_gets_what_standard_output_would(command, tmp_path):
    file = tmp_path / "answer.json"
    assert command("x**2", "--json", "-o", file) == ""
    assert strict(file.read_text(encoding="utf-8"))["critical_points"][0]["kind"] == "minimum"
    assert command("x**2", "-o", file) == ""
    assert "minimum" in file.read_text(encoding="utf-8")


def stream(terminal, encoding="utf-8"):
    return SimpleNamespace(isatty=lambda: terminal, encoding=encoding)


def test_colours_only_on_a_terminal_that_wants_them():
    environment = {"TERM": "xterm-256color", "LANG": "en_GB.UTF-8"}
    assert Look.of(stream(True), environment).colours
    assert not Look.of(stream(False), environment).colours
    assert not Look.of(stream(True), {**environment, "NO_COLOR": "1"}).colours
    assert not Look.of(stream(True), {**environment, "TERM": "dumb"}).colours


def test_ascii_where_the_locale_or_the_encoding_asks_for_it():
    assert not Look.of(stream(False), {"LANG": "en_GB.UTF-8"}).ascii
    assert Look.of(stream(False), {"LANG": "C"}).ascii
    assert Look.of(stream(False, "latin-1"), {"LANG": "en_GB.UTF-8"}).ascii
    assert Look(ascii=True).plain("−√2/2 · x⁴ ≥") == "-sqrt 2/2 * x^4 ≥"


# The whole process.


def test_on_a_terminal_there_are_colours():
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    environment.pop("NO_COLOR", None)
    try:
        done = subprocess.run(
            [*COMMAND, "x**2"], stdin=follower, stdout=follower, stderr=follower, env=environment, timeout=60
        )
        shown = os.read(leader, 100_000)
    finally:
        os.close(leader)
        os.close(follower)
    assert done.returncode == 0
    assert b"\x1b[32m" in shown


def test_an_interrupted_analysis_says_nothing():
    code = """
import os, signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
from curvtui.engine.critical import analysis
search = analysis.search
def interrupted(*words):
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    return search(*words)
analysis.search = interrupted
from curvtui.tui.cli import main
sys.exit(main(sys.argv[1:]))
"""
    words = ["analyze", "sin(500*x)*cos(700*y) + sin(300*x*y)", "--budget", "50", "--json"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, timeout=40)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_sympy_that_never_ends_does_not_keep_the_analysis():
    code = f"{ENDLESS_SYMPY}\nsys.exit(main(['analyze', 'x*y', *sys.argv[1:]]))"
    for words in ([], ["--json"]):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, timeout=30)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"saddle" in done.stdout
