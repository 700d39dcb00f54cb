"""The commands without a screen: ``run`` and ``list``, as text, CSV or strict JSON."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .emit import emit, strict_json

if TYPE_CHECKING:
    from curvtui.engine.descent.status import Judgement

SCHEMA = 1


def surface_data(surface: Any, patience: float = math.inf, *, briefly: bool = False) -> dict[str, Any]:
    """Return the description of a surface that every JSON answer carries.

    Where SymPy can't write the formulas of the gradient and the Hessian, or takes longer over it than ``patience``
    or :data:`.background.PATIENCE` seconds, they are what the chain rule gives, and None if that is longer than
    anybody reads: with ``briefly`` in any case. The numbers don't depend on them.
    """
    from .background import PATIENCE, within

    data: dict[str, Any] = {
        "name": surface.name,
        "formula": surface.formula,
        "variables": list(surface.variables),
        "parameters": dict(surface.parameters),
        "box": [list(side) for side in surface.box],
    }
    found = within(min(PATIENCE, patience), lambda: _derivatives(surface.model))
    if found is None and not briefly:
        found = surface.model.unsimplified_text()
    data["gradient"], data["hessian"] = found or (None, None)
    return data


def _derivatives(model: Any) -> tuple[list[str], list[list[str]]] | None:
    from curvtui.engine.surface.errors import FormulaError

    try:
        return list(model.gradient_text()), [list(row) for row in model.hessian_text()]
    except FormulaError:
        # Nested so deeply that SymPy can't write the formulas.
        return None


def run(arguments: argparse.Namespace) -> int:
    """``curvtui run``: step an optimizer and report where it went. Raises ValueError for bad input."""
    from curvtui.engine.descent.evidence import evidence_of
    from curvtui.engine.descent.loop import run_to
    from curvtui.engine.descent.status import Judgement, Status, judge
    from curvtui.engine.diagnosis import diagnose

    from .request import settings_from, start_from, surface_from

    surface = surface_from(arguments)
    settings = settings_from(arguments)
    start = start_from(arguments, surface)
    began = time.perf_counter()
    result = run_to(surface, settings, start, arguments.steps, tol=arguments.tol, record=arguments.record)
    elapsed = time.perf_counter() - began
    path = result.path
    if arguments.csv:
        columns = ["step", *surface.variables, "value", "gradient_norm"]
        rows = (
            [str(step), *map(_csv_number, x), _csv_number(value), _csv_number(norm)]
            for step, x, value, norm in zip(
                path.steps.tolist(),
                path.iterates.tolist(),
                path.values.tolist(),
                path.gradient_norms.tolist(),
                strict=True,
            )
        )
        emit("\n".join(",".join(row) for row in [columns, *rows]) + "\n", arguments.output)
        return 0
    judgement = judge(result.run)
    if result.met and judgement.status is Status.RUNNING:
        norm = result.run.gradient_norm
        sentence = f"converged as asked: ‖∇f‖ = {norm:.3g} at step {result.run.position} is within the tolerance"
        judgement = Judgement(Status.CONVERGED, sentence)
    diagnosis = diagnose(evidence_of(result.run))
    if arguments.json:
        data = {
            "schema": SCHEMA,
            "surface": surface_data(surface),
            "optimizer": {
                "name": settings.optimizer,
                "hyperparameters": _worded(settings),
                "schedule": str(settings.schedule),
                **settings.modifiers,
            },
            "start": [float(c) for c in start],
            "seed": settings.seed,
            "steps": result.run.position,
            "status": judgement.status.value,
            "sentence": judgement.sentence,
            "path": path.iterates.tolist(),
            "values": path.values.tolist(),
            "gradient_norms": path.gradient_norms.tolist(),
            "evaluations": result.run.evaluations._asdict(),
            "diagnosis": [asdict(each) for each in diagnosis],
            "elapsed_seconds": elapsed,
        }
        emit(strict_json(data), arguments.output)
        return 0
    chosen = arguments.lr is not None or any(name == "lr" for name, _ in arguments.set)
    advice = None if chosen else _rate_advice(surface, settings, start)
    emit(_run_text(surface, result, judgement, diagnosis, advice), arguments.output)
    return 0


def _rate_advice(surface: Any, settings: Any, start: Sequence[float]) -> str | None:
    """Say which learning rate the explorer would have begun with, where it is not the method's default."""
    from curvtui.engine.descent.suggestion import suggested_rate

    rate, used = suggested_rate(surface, settings.optimizer, start), settings.values.get("lr")
    if rate is None or rate == used:
        return None
    return f"lr {used:g} is the default of {settings.optimizer}; for this surface and start try --lr {rate:g}"


def _worded(settings: Any) -> dict[str, Any]:
    """The hyperparameters as ``--set`` takes them: a choice by its word, a switch as true or false."""
    worded: dict[str, Any] = {}
    for each in settings.method.hyperparameters:
        value = settings.values[each.name]
        worded[each.name] = each.text(value) if each.kind == "choice" else bool(value) if each.kind == "bool" else value
    return worded


def _csv_number(value: float) -> str:
    return repr(value) if math.isfinite(value) else ""


def _run_text(surface: Any, result: Any, judgement: Any, diagnosis: Sequence[Any], advice: str | None) -> str:
    run = result.run
    settings = run.settings
    shown = [*_worded(settings).items(), *((name, value) for name, value in settings.modifiers.items() if value)]
    values = "  ".join(
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}".lower() for name, value in shown
    )
    lines = [
        f"surface    {surface.name}: f({', '.join(surface.variables)}) = {surface.formula}",
        f"optimizer  {settings.optimizer}  {values}",
        *([f"           {advice}"] if advice else []),
        f"start      {_point(run.start.tolist())}  f = {surface.value_at(run.start.tolist()):.10g}",
        f"step {run.position:<6}{_point(run.x.tolist())}  f = {run.value:.10g}  |grad f| = {run.gradient_norm:.4g}",
        f"status     {_told_once(judgement)}",
    ]
    for finding in diagnosis:
        lines.append(f"diagnosis  {finding.symptom}: {finding.cause}")
        if finding.remedy:
            lines.append(f"           try: {finding.remedy}")
    return "\n".join(lines) + "\n"


def _point(x: Sequence[float]) -> str:
    return f"({', '.join(f'{c:.10g}' for c in x)})"


def list_names(arguments: argparse.Namespace) -> int:
    """``curvtui list``: what can be named on the command line, as a table or JSON."""
    entries = _LISTS[arguments.kind]()
    if arguments.json:
        emit(strict_json({"schema": SCHEMA, arguments.kind: entries}), None)
        return 0
    width = max(len(entry["name"]) for entry in entries)
    emit("".join(f"{entry['name']:<{width}}  {_summary(entry)}\n" for entry in entries), None)
    return 0


def _summary(entry: Mapping[str, Any]) -> str:
    formula = f"{entry['formula']}  -  " if "formula" in entry else ""
    text = entry.get("teaches") or entry.get("summary") or entry["title"]
    return f"{formula if len(formula) < 60 else ''}{text}"


def _surfaces() -> list[dict[str, Any]]:
    from curvtui.engine.surface.presets import PRESETS

    return [
        {
            "name": preset.name,
            "title": preset.title,
            "formula": preset.formula,
            "parameters": dict(preset.parameters),
            "box": [list(side) for side in preset.box],
            "start": list(preset.start),
            "minima": [list(point) for point in preset.minima],
            "teaches": preset.teaches,
            "source": preset.source,
        }
        for preset in PRESETS.values()
    ]


def _hyperparameters(declared: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "default": each.text(each.default) if each.kind == "choice" else each.default,
            "range": each.interval,
            "scale": each.scale,
            "help": each.help,
        }
        for each in declared
    ]


def _optimizers() -> list[dict[str, Any]]:
    from curvtui.engine.optimizers.catalogue import OPTIMIZERS

    return [
        {
            "name": optimizer.name,
            "title": optimizer.title,
            "summary": optimizer.summary,
            "source": optimizer.source,
            "hyperparameters": _hyperparameters(optimizer.hyperparameters),
        }
        for optimizer in OPTIMIZERS.values()
    ]


def _schedules() -> list[dict[str, Any]]:
    from curvtui.engine.optimizers.schedules import SCHEDULES

    return [
        {
            "name": name,
            "title": rule.title,
            "summary": rule.summary,
            "parameters": _hyperparameters(rule.hyperparameters),
        }
        for name, rule in SCHEDULES.items()
    ]


def _themes() -> list[dict[str, Any]]:
    from .themes import load_theme, theme_names

    return [
        {"name": theme.name, "title": theme.title, "dark": theme.dark}
        for theme in (load_theme(name) for name in theme_names())
    ]


_LISTS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "surfaces": _surfaces,
    "optimizers": _optimizers,
    "schedules": _schedules,
    "themes": _themes,
}


def _told_once(judgement: Judgement) -> str:
    word = judgement.status.value
    return judgement.sentence if judgement.sentence.startswith(word) else f"{word}: {judgement.sentence}"
