"""From the explorer's state to what each panel shows: frozen data, one piece a panel."""

from __future__ import annotations

from functools import lru_cache

from curvtui.engine.curvature.report import PointReport, report_at, view_scale
from curvtui.engine.curvature.second_derivative_test import Verdict, ViewScale
from curvtui.engine.descent.evidence import Evidence, evidence_of
from curvtui.engine.descent.run import Run
from curvtui.engine.descent.status import Judgement, Status, sharpness_limit
from curvtui.engine.diagnosis import diagnose
from curvtui.engine.surface.presets import find_preset
from curvtui.engine.surface.surface import Surface

from .drawing.bars import HeaderData, StatusData
from .drawing.curvature_page import CurvatureData
from .drawing.loss_page import LossData
from .drawing.optimizer_page import OptimizerData
from .drawing.overlay import Marks, finite, in_picture
from .drawing.picture import Picture, Scene
from .explorer import Explorer


def header_data(explorer: Explorer) -> HeaderData:
    """Return what the header shows."""
    surface = explorer.surface
    return HeaderData(
        surface.name,
        _pretty(surface),
        surface.formula,
        surface.variables,
        tuple(surface.parameters.items()),
        explorer.view,
    )


@lru_cache(maxsize=8)
def _pretty(surface: Surface) -> str:
    return surface.model.pretty_formula()


def status_data(explorer: Explorer, picture: Picture | None) -> StatusData:
    """Return what the status line shows; ``picture`` is the map as it is drawn."""
    levels = None if picture is None else picture.levels
    return StatusData(
        explorer.playing,
        explorer.speed,
        explorer.cursor,
        explorer.surface.value_at(explorer.cursor),
        "" if levels is None else levels.method.value,
        None if levels is None or not levels.values else (levels.values[0], levels.values[-1], len(levels.values)),
    )


def scene(explorer: Explorer) -> Scene:
    """Return what the map's base picture shows."""
    return Scene(explorer.surface, explorer.view, explorer.method, _saddle_values(explorer.surface))


def _known(surface: Surface) -> list[tuple[str, tuple[float, ...]]]:
    """The preset's critical points, where its formula and parameters are the published ones."""
    preset = find_preset(surface.name)
    if preset is None or dict(preset.parameters) != dict(surface.parameters):
        return []
    known = [("saddle", preset.saddles), ("maximum", preset.maxima), ("minimum", preset.minima)]
    return [(_kind(surface, kind, point), point) for kind, points in known for point in points]


@lru_cache(maxsize=256)
def _kind(surface: Surface, published: str, point: tuple[float, ...]) -> str:
    """A point where the second-derivative test is inconclusive has a mark of its own, whatever is published."""
    verdict = report_at(surface, point, _scale(surface)).verdict
    return "degenerate" if verdict is Verdict.DEGENERATE else published


def _saddle_values(surface: Surface) -> tuple[float, ...]:
    return tuple(surface.value_at(p) for kind, p in _known(surface) if kind == "saddle")


def marks(explorer: Explorer) -> Marks:
    """Return what lies over the base picture."""
    surface, run = explorer.surface, explorer.run
    path = run.path
    n = surface.dimension

    def plane(x: tuple[float, ...]) -> tuple[float, float] | None:
        return finite(x[0], surface.value_at(x)) if n == 1 else finite(x[0], x[1])

    landmarks = [(kind, at) for kind, p in _known(surface) if (at := plane(p)) is not None]
    return Marks(
        in_picture(path.iterates, path.values, n),
        _run_key(explorer),
        plane(tuple(run.start.tolist())),
        plane(tuple(run.x.tolist())),
        plane(explorer.cursor),
        tuple((kind, *at) for kind, at in landmarks),
        joined=n > 1,
    )


def curvature_data(explorer: Explorer) -> CurvatureData:
    """Return what the curvature panel shows."""
    report = report_at(explorer.surface, explorer.here, _scale(explorer.surface))
    source = "cursor" if explorer.at_cursor else f"iterate {explorer.run.position:,}"
    load, limit = _stability(explorer, report)
    return CurvatureData(report, (explorer.surface, explorer.here), source, load, limit)


@lru_cache(maxsize=8)
def _scale(surface: Surface) -> ViewScale:
    return view_scale(surface)


def _stability(explorer: Explorer, report: PointReport) -> tuple[float | None, float | None]:
    """Learning rate times sharpness, and the limit that the method gives it, where it has one.

    A method with a preconditioner has its sharpness at the iterate only: the buffers belong there.
    """
    rate = explorer.run.values_now.get("lr")
    if rate is None:
        return None, None
    stability = explorer.run.settings.method.stability
    if explorer.at_cursor and (stability is None or stability.preconditioner is None):
        return rate * report.spectrum.sharpness, sharpness_limit(explorer.run)
    if explorer.at_cursor:
        return None, None
    evidence = _evidence(explorer.run, explorer.run.version)
    return rate * evidence.sharpness, evidence.limit


@lru_cache(maxsize=2)
def _evidence(run: Run, version: int) -> Evidence:
    """What is measured at the run's position; ``version`` tells positions and histories apart."""
    return evidence_of(run)


def optimizer_data(explorer: Explorer) -> OptimizerData:
    """Return what the optimizer panel shows."""
    run = explorer.run
    judgement = explorer.judgement
    settings = run.settings
    modifiers: dict[str, str] = {}
    if settings.noise:
        modifiers["noise"] = f"{settings.noise:g} (seed {settings.seed})"
    if settings.clip is not None:
        modifiers["clip"] = f"{settings.clip:g}"
    if settings.clip_value is not None:
        modifiers["clip_value"] = f"{settings.clip_value:g}"
    if settings.weight_decay:
        modifiers["weight_decay"] = f"{settings.weight_decay:g}"
    if not settings.schedule.is_constant:
        modifiers["schedule"] = f"{settings.schedule.name} ×{run.schedule_factor:.3g}"
    made = [f"{count:,} {_EVALUATIONS[name]}" for name, count in run.evaluations._asdict().items() if count]
    return OptimizerData(
        settings.optimizer,
        _shown_values(run),
        modifiers,
        run.position,
        run.length,
        ", ".join(made) or "no evaluations yet",
        judgement,
        _advice(explorer, judgement),
    )


def _shown_values(run: Run) -> dict[str, float | str]:
    """The hyperparameters as they are shown: a choice or a switch by its word."""
    declared = run.settings.method.hyperparameter
    shown: dict[str, float | str] = {}
    for name, value in run.values_now.items():
        each = declared(name)
        shown[name] = each.text(value) if each is not None and each.kind in ("choice", "bool") else value
    return shown


def _advice(explorer: Explorer, judgement: Judgement) -> str:
    if judgement.status is not Status.RUNNING:
        return ""
    if explorer.run.position == 0:
        return "n makes one step, space runs; [ and ] change the learning rate"
    if explorer.run.settings.noise:
        return "the gradients are noisy, so a small one is no sign of rest"
    finding = diagnose(_evidence(explorer.run, explorer.run.version))[0]
    return f"{finding.symptom}: {finding.cause}" if finding.symptom != "healthy" else finding.cause


_EVALUATIONS = {"value": "f", "gradient": "∇f", "hessian": "H", "hessian_vector": "Hv"}


def loss_data(explorer: Explorer) -> LossData:
    """Return what the loss panel shows."""
    run = explorer.run
    path = run.full_path
    preset = find_preset(explorer.surface.name)
    known = preset is not None and dict(preset.parameters) == dict(explorer.surface.parameters)
    floor = preset.minimum_value if preset is not None and known else None
    return LossData(
        path.steps.astype(float),
        path.values,
        path.gradient_norms,
        _run_key(explorer),
        run.position,
        floor,
        explorer.show_gradient,
    )


def _run_key(explorer: Explorer) -> tuple[object, ...]:
    return (id(explorer.run), explorer.run.version)
