"""The panel that takes the next step apart: golden texts, hand-computed numbers, any size."""

import math
from dataclasses import replace

import numpy as np
import pytest

from curvtui.engine.descent.anatomy import anatomy_of
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.optimizers.catalogue import OPTIMIZERS
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.drawing.anatomy_page import StepData, anatomy_page

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, SIZES, colour_of, lines, sound, ui


def run_of(surface, optimizer, start, steps=0, noise=0.0, clip=None, **values):
    run = Run(open_surface(surface), RunSettings(optimizer, values, noise=noise, clip=clip), start)
    run.step(steps)
    return run


SCENES = {
    # f = 10 x² + y²: the gradient at (1, 1) is (20, 2), and Newton's step leads to the origin.
    "gd": lambda: run_of("bowl", "gd", (1.0, 1.0), lr=0.01),
    "momentum": lambda: run_of("bowl", "momentum", (1.0, 1.0), 2, lr=0.01, momentum=0.5),
    "adam": lambda: run_of("bowl", "adam", (1.0, 1.0), 1, lr=0.1),
    "line_search_gd": lambda: run_of("bowl", "line_search_gd", (1.0, 1.0)),
    "trust_region": lambda: run_of("bowl", "trust_region", (1.0, 1.0)),
    "rejected": lambda: run_of("rosenbrock", "trust_region", (-1.2, 1.0), 1),
    "sam": lambda: run_of("bowl", "sam", (1.0, 1.0), lr=0.01),
    "bfgs": lambda: run_of("bowl", "bfgs", (1.0, 1.0), 1),
    "singular": lambda: run_of("x**4 + y**4", "newton", (0.0, 1.0)),
    "one variable": lambda: run_of("parabola", "gd", (1.0,), lr=0.1),
    "noise": lambda: run_of("bowl", "gd", (1.0, 1.0), noise=0.5, clip=1.0, lr=0.01),
}


def data_of(run, magnification=1.0):
    return StepData(anatomy_of(run), run.key, magnification)


def text(data, width=44, height=20, look=BRAILLE):
    cells = anatomy_page(data, width, height, look)
    sound(cells, width, height, look)
    return cells.text().rstrip()


GOLDEN = {
    "gd": lines(
        "step 0 → 1  gd",
        "g ∇f           (20, 2)  ‖·‖ 20.1",
        "  lr           0.01",
        "Δ update       (−0.2, −0.02)  ‖·‖ 0.201",
        "N Newton's     (−1, −1)  minimum",
        "  change of f  −3.64  0° off −∇f",
        "  by slope     −4.04, with H −3.64",
        "  distance/step  predicted  measured",
        "  λ₁ 2           ×0.98      ×0.98",
        "  λ₂ 20          ×0.8       ×0.8",
    ),
    "momentum": lines(
        "step 2 → 3  momentum",
        "g ∇f           (10.8, 1.901)  ‖·‖ 11",
        "  momentum buffer (26, 2.96) → (23.8, 3.381)",
        "  lr           0.01",
        "Δ update       (−0.238, −0.03381)  ‖·‖ 0.24",
        "    gradient's (−0.108, −0.01901)  ‖·‖ 0.11",
        "m   momentum's (−0.13, −0.0148)  ‖·‖ 0.131",
        "N Newton's     (−0.54, −0.9504)  minimum",
        "  change of f  −2.067  1.9° off −∇f",
        "  by slope     −2.63, with H −2.07",
        "  distance/step  predicted  over 3 steps",
        "  λ₁ 2           ×0.9582    ×0.9714",
        "  λ₂ 20          ×0.7071    ×0.6709  waves",
    ),
    "adam": lines(
        "step 1 → 2  adam",
        "g ∇f           (18, 1.8)  ‖·‖ 18.1",
        "  first moment (2, 0.2) → (3.6, 0.36)",
        "  second moment",
        "    (0.4, 0.004) → (0.7236, 0.007236)",
        "  divided by   (3.615, 0.3615)  ‖·‖ 3.63",
        "  lr           0.1",
        "Δ update       (−0.09959, −0.09959)",
        "    gradient's (−0.04979, −0.04979)",
        "m   momentum's (−0.04979, −0.04979)",
        "N Newton's     (−0.9, −0.9)  minimum",
        "  change of f  −1.863  39.3° off −∇f",
        "  by slope     −1.97, with H −1.86",
        "  distance/step  predicted  over 2 steps",
        "  λ₁ 10          ×0.9487    ×0.8947  waves",
        "  λ₂ 10          ×0.9487    ×0.8947  waves",
    ),
    "line_search_gd": lines(
        "step 0 → 1  line_search_gd",
        "g ∇f           (20, 2)  ‖·‖ 20.1",
        "  step size    0 → 0.0625",
        "  lr           1",
        "  probes       1: 3611  0.5: 810",
        "               0.25: 160.2  0.125: 23.06",
        "               0.0625: 1.391*",
        "Δ update       (−1.25, −0.125)  ‖·‖ 1.26",
        "N Newton's     (−1, −1)  minimum",
        "  change of f  −9.609  0° off −∇f",
        "  by slope     −25.2, with H −9.61",
    ),
    "trust_region": lines(
        "step 0 → 1  trust_region",
        "g ∇f           (20, 2)  ‖·‖ 20.1",
        "  multiplier   0 → 2.423",
        "t trial        (0.1081, 0.5478)  taken",
        "  radius       1",
        "  f falls by   10.6 of 10.6 promised: 100%",
        "Δ update       (−0.8919, −0.4522)  ‖·‖ 1",
        "N Newton's     (−1, −1)  minimum",
        "  change of f  −10.58  21.2° off −∇f",
        "  by slope     −18.7, with H −10.6",
    ),
    "rejected": lines(
        "step 1 → 2  trust_region",
        "g ∇f           (−4.638, −0.1222)  ‖·‖ 4.64",
        "  multiplier   0 → 1.357",
        "t trial        (−0.7813, 0.4615)  rejected",
        "  radius       1",
        "  f falls by   −0.66 of 1.54 promised: −43%",
        "Δ update       (0, 0)  ‖·‖ 0",
        "N Newton's     (1.938, −4.556)  minimum",
        "  change of f  0",
        "  by slope     0, with H 0",
    ),
    "sam": lines(
        "step 0 → 1  sam",
        "g ∇f           (20, 2)  ‖·‖ 20.1",
        "w worst point  (1.05, 1.005)",
        "  ∇f there     (21, 2.01)  ‖·‖ 21.1",
        "  lr           0.01",
        "Δ update       (−0.21, −0.0201)  ‖·‖ 0.211",
        "N Newton's     (−1, −1)  minimum",
        "  change of f  −3.798  0.242° off −∇f",
        "  by slope     −4.24, with H −3.8",
    ),
    "bfgs": lines(
        "step 1 → 2  bfgs",
        "g ∇f           (0.09926, 1.801)  ‖·‖ 1.8",
        "  step size    0.04975 → 1",
        "  direction    (−20, −2)",
        "               → (−0.01305, −0.0922)",
        "  inverse hessian",
        "    [0.0428  0.0101]",
        "    [0.0101  0.486]",
        "  lr           1",
        "  probes       1: 0.654*",
        "Δ update       (−0.01305, −0.0922)",
        "N Newton's     (−0.004963, −0.9005)  minimum",
        "  change of f  −0.1571  4.9° off −∇f",
        "  by slope     −0.167, with H −0.157",
    ),
    "singular": lines(
        "step 0 → 1  newton",
        "g ∇f           (0, 4)  ‖·‖ 4",
        "  lr           1",
        "Δ update       none: the Hessian is singular",
        "N Newton's     none: the Hessian is singular",
        "  change of f  undefined",
        "  by slope     undefined, with H undefined",
    ),
    "one variable": lines(
        "step 0 → 1  gd",
        "g ∇f           2",
        "  lr           0.1",
        "Δ update       −0.2",
        "N Newton's     −1  minimum",
        "  change of f  −0.36  0° off −∇f",
        "  by slope     −0.4, with H −0.36",
        "  distance/step  predicted  measured",
        "  λ₁ 2           ×0.8       ×0.8",
    ),
    "noise": lines(
        "step 0 → 1  gd",
        "g ∇f           (20, 2)  ‖·‖ 20.1",
        "  as seen      (0.9901, 0.1403)",
        "  lr           0.01",
        "Δ update       (−0.009901, −0.001403)",
        "N Newton's     (−1, −1)  minimum",
        "  change of f  −0.1998  2.35° off −∇f",
        "  by slope     −0.201, with H −0.2",
        "  distance/step  predicted  measured",
        "  λ₁ 2           ×0.98      ×0.9986",
        "  λ₂ 20          ×0.8       ×0.9901",
    ),
    "adam.ascii": lines(
        "step 1 -> 2  adam",
        "g grad f       (18, 1.8)  norm 18.1",
        "  first moment (2, 0.2) > (3.6, 0.36)",
        "  second moment",
        "    (0.4, 0.004) > (0.7236, 0.007236)",
        "  divided by   (3.615, 0.3615)  norm 3.63",
        "  lr           0.1",
        "d update       (-0.09959, -0.09959)",
        "    gradient's (-0.04979, -0.04979)",
        "m   momentum's (-0.04979, -0.04979)",
        "N Newton's     (-0.9, -0.9)  minimum",
        "  change of f  -1.863  39.3 deg off -grad f",
        "  by slope     -1.97, with H -1.86",
        "  distance/step  predicted  over 2 steps",
        "  l1 10          x0.9487    x0.8947  waves",
        "  l2 10          x0.9487    x0.8947  waves",
    ),
    "rejected.ascii": lines(
        "step 1 -> 2  trust_region",
        "g grad f       (-4.638, -0.1222)  norm 4.64",
        "  multiplier   0 > 1.357",
        "t trial        (-0.7813, 0.4615)  rejected",
        "  radius       1",
        "  f falls by   -0.66 of 1.54 promised: -43%",
        "d update       (0, 0)  norm 0",
        "N Newton's     (1.938, -4.556)  minimum",
        "  change of f  0",
        "  by slope     0, with H 0",
    ),
    "sam.ascii": lines(
        "step 0 -> 1  sam",
        "g grad f       (20, 2)  norm 20.1",
        "w worst point  (1.05, 1.005)",
        "  grad f there (21, 2.01)  norm 21.1",
        "  lr           0.01",
        "d update       (-0.21, -0.0201)  norm 0.211",
        "N Newton's     (-1, -1)  minimum",
        "  change of f  -3.798  0.242 deg off -grad f",
        "  by slope     -4.24, with H -3.8",
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_step_is_taken_apart(name):
    scene, _, ascii_ = name.partition(".")
    assert text(data_of(SCENES[scene]()), look=ASCII if ascii_ else BRAILLE) == GOLDEN[name]


def test_longer_arrows_are_told_of():
    data = data_of(SCENES["gd"](), 20.0)
    assert text(data).splitlines()[0] == "step 0 → 1  gd  arrows ×20"
    assert text(data, look=ASCII).splitlines()[0] == "step 0 -> 1  gd  arrows x20"


def test_where_there_is_no_next_step_it_says_why():
    data = StepData(None, (), 1.0, "there is no next step: diverged at step 3")
    assert text(data, 24, 5) == lines("there is no next step:", "diverged at step 3")


def test_what_matters_less_is_left_out_where_it_is_low():
    shown = text(data_of(SCENES["adam"]()), 44, 8)
    assert len(shown.splitlines()) <= 8
    for word in ("step 1", "∇f", "update", "change of f", "by slope"):
        assert word in shown
    assert "second moment" not in shown


@pytest.mark.parametrize(
    ("scene", "word", "colour"),
    [
        ("trust_region", "taken", "success"),
        ("rejected", "rejected", "error"),
        ("line_search_gd", "0.0625: 1.391", "success"),
        ("gd", "−3.64", "success"),
    ],
)
def test_verdicts_have_their_colour(scene, word, colour):
    assert colour_of(anatomy_page(data_of(SCENES[scene]()), 44, 20, BRAILLE), word) == ui(colour)


def test_a_step_uphill_is_an_error():
    cells = anatomy_page(data_of(run_of("bowl", "gd", (1.0, 1.0), lr=0.2)), 44, 20, BRAILLE)
    # (1 - 0.2 · 20)² · 10 + (1 - 0.2 · 2)² - 11 = 90 + 0.36 - 11
    assert colour_of(cells, "79.36") == ui("error")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_method_is_drawn(optimizer):
    run = run_of("rosenbrock", optimizer, (-1.2, 1.0), 3)
    for look in LOOKS.values():
        for width, height in ((34, 11), (60, 30)):
            sound(anatomy_page(data_of(run), width, height, look), width, height, look)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_is_drawn_at_every_size(look, width, height):
    for scene in SCENES.values():
        sound(anatomy_page(data_of(scene()), width, height, look), width, height, look)
    sound(anatomy_page(StepData(None, (), 1.0, "no step " * 20), width, height, look), width, height, look)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_any_numbers_are_drawn(look):
    plain = anatomy_of(SCENES["adam"]())
    for value in NUMBERS:
        vector = np.array([value, -value])
        data = replace(plain, gradient=vector, update=vector, newton=vector, from_memory=vector, actual=value)
        data = replace(data, linear=value, quadratic=value, values={"lr": value}, preconditioner=vector)
        for width, height in ((34, 11), (44, 20)):
            page = anatomy_page(StepData(data, (), abs(value)), width, height, look)
            sound(page, width, height, look)
    assert math.isnan(NUMBERS[-1])
