"""What an analysis proves, in sentences: which second-order conditions hold, by hand for points of every kind."""

import pytest

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.analysis_words import completeness_sentence, in_view, kind_sentence

BOTH = "only the necessary ones hold, of a minimum and of a maximum alike."


def analysed(formula, *box):
    return analyse_box(open_surface(formula, box or None), None, Budget(60.0))


@pytest.mark.parametrize(
    ("formula", "kind", "end"),
    [
        ("x^2 + y^2", "minimum", "This is the second-order sufficient condition of a strict minimum."),
        ("-x^2 - y^2", "maximum", "This is the second-order sufficient condition of a strict maximum."),
        ("x*y", "saddle", "So even the second-order necessary conditions of a minimum and of a maximum fail."),
        # Eigenvalues 2 and 0; −2 and 0; 0 and 0.
        ("x^2 + y^4", "degenerate minimum", "(no eigenvalue is negative), the sufficient one does not."),
        ("-x^2 - y^4", "degenerate maximum", "(no eigenvalue is positive), the sufficient one does not."),
        ("x^2 - y^4", "degenerate saddle", "only the necessary one of a minimum holds."),
        ("(y - x^2)*(3*x^2 - y)", "degenerate saddle", "only the necessary one of a maximum holds."),
        ("x^2 + y^3", "degenerate saddle", "only the necessary one of a minimum holds."),
        ("x^3 - 3*x*y^2", "monkey saddle", BOTH),
        ("x^3*y - x*y^3", "degenerate saddle", BOTH),
        ("x^3", "inflection", BOTH),
        (
            "x^4",
            "degenerate minimum",
            "The second-order necessary condition of a minimum holds, the sufficient one does not.",
        ),
        (
            "-x^4",
            "degenerate maximum",
            "The second-order necessary condition of a maximum holds, the sufficient one does not.",
        ),
    ],
)
def test_which_second_order_condition_holds(formula, kind, end):
    (point,) = analysed(formula).points
    assert point.kind.value == kind
    assert kind_sentence(point).endswith(end)
    assert kind_sentence(point).startswith(point.sentence)


@pytest.mark.parametrize(
    ("formula", "says", "seen"),
    [
        ("x + y", "no critical points: there are none in the box, proved; ", "none in view, proved; "),
        (
            "abs(x) + abs(y)",
            "no critical points: there are none in the box, proved, except for 1 unresolved region; ",
            "none in view, proved, except for 1 open region; ",
        ),
        (
            "(x^2 + y^2 - 1)^2",
            "1 critical point: the only one there is in the box, proved, except for 1 unresolved region; ",
            "the only one there is in view, proved, except for 1 open region; ",
        ),
    ],
)
def test_how_complete_a_list_is(formula, says, seen):
    sentence = completeness_sentence(analysed(formula))
    assert sentence.startswith(says)
    assert seen in in_view(sentence)
