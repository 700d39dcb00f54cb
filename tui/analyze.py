"""``curvtui analyze``: all critical points in a box with their proofs, as a table or strict JSON."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from curvtui.engine.critical.analysis import Analysis, analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.critical_point import CriticalPoint
from curvtui.engine.critical.exact import ExactPoint, exact_point
from curvtui.engine.critical.global_minimum import GlobalMinimum

from .analysis_table import Look, analysis_text
from .analysis_words import completeness_sentence, kind_sentence
from .headless import SCHEMA, emit, strict_json, surface_data
from .request import surface_from

MOST_EXACT = 200
"""Coordinates in closed form are looked for at so many points; each takes one or two milliseconds."""

MOST_BOXES = 20_000_000
"""Boxes looked at, at most: what is open at one time is less than half of that, and must fit into memory."""

LEAST_PATIENCE = 2.0
"""Seconds that SymPy gets for the formulas of the derivatives even where the budget is used up."""

RESERVE = 0.05
"""The part of the budget that is kept for what is to be done after the search: formulas, closed forms, writing."""


def analyze(arguments: argparse.Namespace) -> int:
    """``curvtui analyze``: find and prove what there is in the box. Raises ValueError for bad input."""
    surface = surface_from(arguments)
    began = time.perf_counter()
    analysis = analyse_box(surface, None, Budget(arguments.budget * (1.0 - RESERVE), MOST_BOXES))
    exact = _exact_points(analysis, began + arguments.budget)
    elapsed = time.perf_counter() - began
    # SymPy after the search, not beside it: the two would only take turns.
    data = surface_data(surface, max(LEAST_PATIENCE, arguments.budget - elapsed))
    if arguments.json:
        emit(strict_json(analysis_data(analysis, exact, data, elapsed)), arguments.output)
        return 0
    look = Look() if arguments.output is not None else Look.of(sys.stdout, os.environ)
    emit(analysis_text(analysis, exact, data, elapsed, look), arguments.output)
    return 0


def _exact_points(analysis: Analysis, end: float) -> list[ExactPoint | None]:
    """Return each point's coordinates in closed form, where the analysis or a proof here has them."""

    def late() -> bool:
        return time.perf_counter() > end

    tried = 0
    result: list[ExactPoint | None] = []
    for each in analysis.points:
        exact = each.exact
        if exact is None and each.decided_by is None and tried < MOST_EXACT and not late():
            tried += 1
            exact = exact_point(analysis.surface, each.point, stop=late)
        result.append(exact)
    return result


def analysis_data(
    analysis: Analysis, exact: Sequence[ExactPoint | None], surface: Mapping[str, Any], elapsed: float
) -> dict[str, Any]:
    """Return what ``--json`` prints: the command line's contract, and a few keys more.

    ``exact`` has the points' coordinates in closed form or None, ``surface`` is its description. The global
    minimum is there only if it is certified; ``lowest_found`` is what was found in any case.
    """
    proof, least, witness = analysis.completeness, analysis.global_minimum, analysis.convexity.witness
    return {
        "schema": SCHEMA,
        "surface": surface,
        "critical_points": [_point_data(*each) for each in zip(analysis.points, exact, strict=True)],
        "completeness": {
            "verdict": proof.verdict.value,
            "unresolved": [{"box": region.box, "reason": region.reason.value} for region in proof.unresolved],
            "index_sum": proof.index_sum,
            "boundary_winding": proof.boundary_winding,
            "sentence": completeness_sentence(analysis),
        },
        "global_minimum": _minimum_data(least) if least is not None and least.certified else None,
        "lowest_found": None if least is None else {**_minimum_data(least), "lower_bound": least.lower_bound},
        "convexity": {
            "verdict": analysis.convexity.verdict.value,
            "witness": None if witness is None else {"point": witness.point, "eigenvalue": witness.eigenvalue},
        },
        "elapsed_seconds": elapsed,
    }


def _minimum_data(least: GlobalMinimum) -> dict[str, Any]:
    return {"point": least.point, "value": least.value, "certified": least.certified}


def _point_data(point: CriticalPoint, exact: ExactPoint | None) -> dict[str, Any]:
    return {
        "point": [x + 0.0 for x in point.point],
        "value": point.value + 0.0,
        "kind": point.kind.value,
        "eigenvalues": [value + 0.0 for value in point.eigenvalues],
        "eigenvectors": point.eigenvectors,
        "condition_number": point.condition_number,
        "index": point.index,
        "certified": point.certified,
        "enclosure": point.enclosure,
        "gradient_norm": point.gradient_norm,
        "is_global_minimum": point.is_global_minimum,
        "sentence": kind_sentence(point),
        "exact": None if exact is None else {"point": exact.text, "value": exact.value_text},
    }
