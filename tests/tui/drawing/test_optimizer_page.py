import pytest

from curvtui.engine.descent.status import Judgement, Status
from curvtui.tui.drawing.optimizer_page import STATUS_COLOURS, OptimizerData, headed, optimizer_page

from .looks import ASCII, BRAILLE, LOOKS, NUMBERS, SIZES, colour_of, lines, sound, ui


def data_of(**changed):
    return OptimizerData(
        **{
            "name": "adam",
            "values": {"lr": 0.05, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0},
            "modifiers": {},
            "position": 37,
            "length": 37,
            "evaluations": "37 ∇f",
            "judgement": Judgement(Status.RUNNING, "step 37 at (1, 1)"),
            "advice": "steps of about 0.05",
        }
        | changed
    )


def text(data, width, height, look=BRAILLE):
    cells = optimizer_page(data, width, height, look)
    sound(cells, width, height, look)
    return cells.text().rstrip("\n")


def test_a_run_under_way():
    assert text(data_of(), 44, 6) == lines(
        "adam  lr 0.05  beta1 0.9  beta2 0.999",
        "eps 1e−8",
        "step 37   37 ∇f",
        "under way: steps of about 0.05",
    )


def test_in_ascii():
    data = data_of(
        modifiers={"noise": "0.1 (seed 3)", "schedule": "cosine ×0.25"},
        length=1200,
        judgement=Judgement(Status.CONVERGED, "converged to a minimum at (-1, -1): f = -1, λ_min = 8, ‖∇f‖ = 1e-09"),
    )
    assert text(data, 40, 9, ASCII) == lines(
        "adam  lr 0.05  beta1 0.9  beta2 0.999",
        "eps 1e-8  noise 0.1 (seed 3)",
        "schedule cosine x0.25",
        "step 37 of 1,200   37 grad f",
        "converged to a minimum at (-1, -1): f =",
        "-1, l_min = 8, |grad f| = 1e-9",
    )


def test_what_does_nothing_is_left_out():
    shown = text(data_of(values={"lr": 0.0, "momentum": 0.0, "weight_decay": 0.1}), 60, 6)
    assert shown.splitlines()[0] == "adam  lr 0  weight_decay 0.1"


def test_before_the_first_step_it_says_what_to_do():
    assert "ready: press n" in text(data_of(position=0, length=0, advice="press n"), 60, 6)


def test_a_long_sentence_ends_in_an_ellipsis():
    data = data_of(judgement=Judgement(Status.STALLED, "stuck " + "and stuck " * 30))
    shown = text(data, 30, 5).splitlines()
    assert len(shown) == 5
    assert shown[-1].endswith("…")
    assert text(data, 30, 5, ASCII).endswith("~")


@pytest.mark.parametrize("status", Status)
def test_the_status_is_told_by_word_and_colour(status):
    data = data_of(judgement=Judgement(status, f"{status.value}: because"))
    cells = optimizer_page(data, 60, 6, BRAILLE)
    word = "under way:" if status is Status.RUNNING else f"{status.value}:"
    assert colour_of(cells, word) == ui(STATUS_COLOURS[status])
    assert (f"{word} because" in cells.text()) == (status is not Status.RUNNING)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("diverged: far out", ("diverged:", "far out")),
        ("diverged at (1, 2)", ("diverged", "at (1, 2)")),
        ("left the domain", ("diverged:", "left the domain")),
        ("", ("diverged:", "")),
    ],
)
def test_a_status_is_not_said_twice(sentence, parts):
    assert headed("diverged", sentence) == parts


def test_a_run_that_stopped_says_where_at_once():
    told = Judgement(Status.STALLED, "stopped at the saddle (0, 0): gradient 0, λ_min = -4")
    shown = optimizer_page(data_of(judgement=told), 32, 9, BRAILLE).text()
    assert "\nstopped at the saddle (0, 0):" in shown
    assert headed("stalled", "no progress since") == ("stalled:", "no progress since")
    assert headed("converged", "stopped") == ("converged:", "stopped")


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_is_drawn_at_every_size(look, width, height):
    for status in Status:
        for value in NUMBERS:
            data = data_of(
                values={"lr": value, "long_hyperparameter_name": value},
                modifiers={"clip": str(value)},
                judgement=Judgement(status, f"{status.value} at ({value}, {value}) with ‖∇f‖ = {value}"),
                advice=f"‖∇f‖ → {value}",
            )
            sound(optimizer_page(data, width, height, look), width, height, look)
