"""What the map shows: the scene, and the marks that lie over it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from curvtui.engine.curvature.local_model import LocalModel, local_model
from curvtui.engine.curvature.report import report_at
from curvtui.engine.curvature.second_derivative_test import Verdict
from curvtui.engine.descent.anatomy import Anatomy
from curvtui.engine.descent.race import Runner
from curvtui.engine.surface.surface import Box, Surface

from ..drawing.critical_page import GLYPHS
from ..drawing.model_layer import ModelData
from ..drawing.overlay import Marks, Trail, finite, in_picture
from ..drawing.picture import Picture, Scene
from ..drawing.relief import Relief
from ..drawing.relief_marks import world
from ..drawing.step_marks import Arrow, StepMarks, magnification
from ..explorer import Explorer
from ..pages import Page
from ..views import Ground, MapStyle
from .published import preset_of
from .step import anatomy

if TYPE_CHECKING:
    from curvtui.engine.critical.analysis import Analysis


def scene(explorer: Explorer, style: MapStyle) -> Scene:
    """Return what a map's base picture shows in a style."""
    basins = explorer.basins if style.ground is Ground.BASINS else None
    through = _saddle_values(explorer.surface)
    return Scene(explorer.surface, explorer.view, style, through, basins)


def _known(surface: Surface) -> list[tuple[str, tuple[float, ...]]]:
    """The preset's critical points, where its formula and parameters are the published ones."""
    preset = preset_of(surface)
    if preset is None:
        return []
    known = [("saddle", preset.saddles), ("maximum", preset.maxima), ("minimum", preset.minima)]
    return [(_kind(surface, kind, point), point) for kind, points in known for point in points]


@lru_cache(maxsize=256)
def _kind(surface: Surface, published: str, point: tuple[float, ...]) -> str:
    """A point where the second-derivative test is inconclusive has a mark of its own, whatever is published."""
    verdict = report_at(surface, point).verdict
    return "degenerate" if verdict is Verdict.DEGENERATE else published


def _saddle_values(surface: Surface) -> tuple[float, ...]:
    return tuple(surface.value_at(p) for kind, p in _known(surface) if kind == "saddle")


def marks(explorer: Explorer, picture: Picture | None, model: ModelData | None = None) -> Marks:
    """Return what lies over the base picture; ``picture`` is the map as it is drawn."""
    surface, race = explorer.surface, explorer.race
    chosen = race.runners[race.selected]
    # The selected runner lies on top.
    runners = sorted(race.shown(), key=lambda runner: runner is chosen)
    return Marks(
        tuple(_trail(surface, runner, alone=race.alone) for runner in runners),
        _plane(surface, tuple(race.run.start.tolist())),
        _plane(surface, explorer.cursor),
        _landmarks(explorer),
        () if explorer.analysis is None else _open_regions(explorer.analysis),
        joined=surface.dimension > 1,
        step=_step(explorer, picture),
        model=model,
    )


def model_data(explorer: Explorer, picture: Picture | None) -> ModelData | None:
    """Return the local model at the point that the panels speak of, None where there is no map yet."""
    if picture is None:
        return None
    found = _local(explorer.surface, explorer.here, explorer.run.values_now.get("lr"))
    return ModelData(found, () if picture.levels is None else picture.levels.values)


@lru_cache(maxsize=4)
def _local(surface: Surface, here: tuple[float, ...], rate: float | None) -> LocalModel:
    """One object for one question: marks with the same model are equal, and nothing is repainted."""
    return local_model(surface, np.array(here), rate)


def _landmarks(explorer: Explorer) -> tuple[tuple[str, float, float], ...]:
    """The critical points in view that were found; those published of a preset until they are."""
    found = () if explorer.known is None else _found(explorer.known, explorer.view)
    if found or explorer.analysis is not None:
        return found
    return _placed(explorer.surface, _known(explorer.surface))


def _placed(surface: Surface, points: Iterable[tuple[str, tuple[float, ...]]]) -> tuple[tuple[str, float, float], ...]:
    """Points by their kinds, in the picture's two coordinates."""
    return tuple((kind, *at) for kind, p in points if (at := _plane(surface, p)) is not None)


# There may be ten thousand points and regions, and every frame asks for them.


@lru_cache(maxsize=2)
def _found(analysis: Analysis, view: Box) -> tuple[tuple[str, float, float], ...]:
    """The critical points of an analysis that are in a view, the lowest last, and so on top.

    Of points of one kind that no map could tell apart only the lowest is marked.
    """
    marked: dict[tuple[str | int, ...], tuple[str, tuple[float, ...]]] = {}
    for each in analysis.points:
        if all(low <= c <= high for c, (low, high) in zip(each.point, view, strict=True)):
            kind = GLYPHS[each.kind.value]
            cell = [int((c - low) / (high - low) * _FINEST) for c, (low, high) in zip(each.point, view, strict=True)]
            marked.setdefault((kind, *cell), (kind, each.point))
    return _placed(analysis.surface, reversed(marked.values()))


_FINEST = 512


@lru_cache(maxsize=2)
def _open_regions(analysis: Analysis) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
    """Where it is open whether there are critical points; nothing where that is nearly the whole view."""
    if analysis.surface.dimension == 1:
        return ()
    regions = [region.box for region in analysis.completeness.unresolved]
    return tuple((box[0], box[1]) for box in regions if not _fills(box, analysis.box))


def _fills(box: Box, view: Box) -> bool:
    return all(high - low > 0.98 * (most - least) for (low, high), (least, most) in zip(box, view, strict=True))


def _plane(surface: Surface, x: tuple[float, ...]) -> tuple[float, float] | None:
    return finite(x[0], surface.value_at(x)) if surface.dimension == 1 else finite(x[0], x[1])


def _trail(surface: Surface, runner: Runner, *, alone: bool) -> Trail:
    run = runner.run
    path = run.path
    return Trail(
        in_picture(path.iterates, path.values, surface.dimension),
        run.key,
        _plane(surface, tuple(run.x.tolist())),
        None if alone else runner.number,
        runner.colour,
    )


def _step(explorer: Explorer, picture: Picture | None) -> StepMarks | None:
    """The next step's marks, where its page is shown."""
    if explorer.page is not Page.STEP or explorer.run.ended or picture is None:
        return None
    step = anatomy(explorer.run)
    tail = _plane(explorer.surface, tuple(step.x.tolist()))
    if tail is None:
        return None
    longer = step_magnification(step, picture)

    def tip(displacement: np.ndarray[tuple[int], np.dtype[np.float64]], by: float) -> tuple[float, float]:
        with np.errstate(all="ignore"):
            moved = by * displacement
        return (tail[0] + float(moved[0]), tail[1] + (float(moved[1]) if len(moved) > 1 else 0.0))

    arrows = [Arrow("step", tail, tip(step.update, longer))]
    if step.from_memory is not None:
        arrows.append(Arrow("momentum", tail, tip(step.from_memory, longer)))
    # The gradient's own length is no length of the plane: it is drawn as long as the update.
    length, steep = math.hypot(*step.update.tolist()), math.hypot(*step.gradient.tolist())
    if steep > 0 and math.isfinite(steep) and math.isfinite(length):
        arrows.append(Arrow("gradient", tail, tip(-step.gradient / steep * length, longer)))
    if step.newton is not None:
        arrows.append(Arrow("newton", tail, tip(step.newton, 1.0)))
    flat = explorer.surface.dimension == 1
    probes = [(p.point.tolist(), p.taken) for p in step.probes if np.all(np.isfinite(p.point))]
    trial = None if step.trial is None else _plane(explorer.surface, tuple(step.trial.point.tolist()))
    region = None
    if step.trial is not None and step.trial.radius is not None and not flat:
        region = (*tail, step.trial.radius)
    return StepMarks(
        tuple(arrow for arrow in arrows if finite(*arrow.tip) is not None),
        tuple((x[0], explorer.surface.value_at(x) if flat else x[1], taken) for x, taken in probes),
        region,
        trial if step.trial is not None and not step.trial.accepted else None,
        None if step.ascent is None else _plane(explorer.surface, tuple(step.ascent.point.tolist())),
    )


def step_magnification(step: Anatomy, picture: Picture | None) -> float:
    """Return by how much the step's arrows are drawn longer than they are."""
    if picture is None:
        return 1.0
    parts = [step.update] + ([] if step.from_memory is None else [step.from_memory])
    lengths = [(float(part[0]), float(part[1]) if len(part) > 1 else 0.0) for part in parts]
    viewport = world(picture) if isinstance(picture, Relief) else picture.viewport
    return magnification(viewport, [each for each in lengths if finite(*each) is not None])
