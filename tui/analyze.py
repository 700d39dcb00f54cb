"""``curvtui analyze``: all critical points in a box with their proofs, as a table or strict JSON."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from curvtui.engine.critical.analysis import Analysis, Completeness, Verdict, analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.critical.convexity import Convexity, ConvexityVerdict
from curvtui.engine.critical.critical_point import CriticalPoint
from curvtui.engine.critical.global_minimum import GlobalMinimum
from curvtui.engine.critical.leftovers import Region
from curvtui.engine.critical.search import Reason
from curvtui.engine.surface.surface import Surface

from .analysis_table import Look, analysis_text
from .analysis_words import completeness_sentence, kind_sentence
from .background import within
from .emit import emit, strict_json
from .headless import SCHEMA, surface_data
from .request import surface_from

MOST_BOXES = 20_000_000
"""Boxes looked at, at most: what is open at one time is less than half of that, and must fit into memory."""

LEAST_PATIENCE = 0.7
"""Seconds that SymPy gets to simplify the formulas of the derivatives even where the budget is used up."""

GRACE = 2.0
"""Seconds over its time after which the search is given up."""

RESERVE = 0.15
"""The part of the budget that is kept for what comes after the analysis: formulas, writing."""

SYMPY = 0.6
"""Seconds that importing SymPy and writing short formulas take, about; kept as well, if the budget is no smaller."""


SECONDS_A_POINT = 4e-5
"""What writing one critical point takes, about; tens of thousands of them take seconds."""


def analyze(arguments: argparse.Namespace) -> int:
    """``curvtui analyze``: find and prove what there is in the box. Raises ValueError for bad input."""
    surface = surface_from(arguments)
    began = time.perf_counter()
    kept = max(RESERVE * arguments.budget, min(SYMPY, 0.4 * arguments.budget))
    analysis = _analysed(surface, arguments.budget - kept)
    # SymPy after the search, not beside it: the two would only take turns.
    left = arguments.budget - (time.perf_counter() - began)
    data = surface_data(surface, max(LEAST_PATIENCE, left), briefly=not arguments.json)
    if arguments.json:
        emit(strict_json(analysis_data(analysis, data)), arguments.output)
        return 0
    look = Look() if arguments.output is not None else Look.of(sys.stdout, os.environ)
    emit(analysis_text(analysis, data, look), arguments.output)
    return 0


def _analysed(surface: Surface, seconds: float) -> Analysis:
    """Analyse a surface; where that does not end a good while after its time, tell what a moment's work shows."""
    began = time.perf_counter()
    for budget, grace in ((seconds, max(GRACE, RESERVE * seconds)), (0.05 * GRACE, GRACE)):
        limit = min(budget + grace, threading.TIMEOUT_MAX)
        analysis = within(limit, partial(analyse_box, surface, None, Budget(budget, MOST_BOXES, SECONDS_A_POINT)))
        if analysis is not None:
            return replace(analysis, elapsed_seconds=time.perf_counter() - began)
    unknown = Completeness(Verdict.BUDGET_REACHED, (Region(surface.box, Reason.BUDGET),), 0, None)
    shape = Convexity(ConvexityVerdict.UNDECIDED)
    return Analysis(surface, surface.box, (), unknown, None, shape, time.perf_counter() - began)


def analysis_data(analysis: Analysis, surface: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``--json`` prints: the command line's contract, and a few keys more.

    ``surface`` is its description. The global minimum is there only if it is certified; ``lowest_found`` is what
    was found in any case.
    """
    proof, least, witness = analysis.completeness, analysis.global_minimum, analysis.convexity.witness
    return {
        "schema": SCHEMA,
        "surface": surface,
        "critical_points": [_point_data(each) for each in analysis.points],
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
        "elapsed_seconds": analysis.elapsed_seconds,
    }


def _minimum_data(least: GlobalMinimum) -> dict[str, Any]:
    return {"point": least.point, "value": least.value, "certified": least.certified}


def _point_data(point: CriticalPoint) -> dict[str, Any]:
    exact = point.exact
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
