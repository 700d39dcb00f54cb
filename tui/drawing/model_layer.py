"""The local model over a picture: its contours, its conic and axes, and the steps that it suggests."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from curvtui.engine.arrays import Array
from curvtui.engine.curvature.local_model import (
    LocalModel,
    ModelStep,
    StepKind,
    curvature_axes,
    curve_radius,
    indicatrix,
    indicatrix_height,
)
from curvtui.engine.sampling.grid import nodes
from curvtui.engine.sampling.lines import contour_lines

from .braille import DotCanvas
from .cells import Cells
from .dashes import dash, dashed
from .glyphs import GlyphSet
from .layer import Layer, LegendEntry
from .look import Look
from .numbers import number, plain_text
from .palette import pack
from .step_marks import letter
from .viewport import Viewport

CONIC_SHARE = 0.3
"""The longest axis of the conic, as a share of the view's shorter side."""

LEVELS_BELOW, LEVELS_ABOVE = 4, 2
"""How many of the map's levels below and above f at the point the model's contours are drawn at."""

_FINEST = 121
"""Most nodes an axis of the grid from which the model's contours are traced."""

_LIFTED = np.full((1, 2), np.nan)

_COLOURS = {StepKind.NEWTON: "newton", StepKind.GRADIENT: "gradient", StepKind.CAUCHY: "gradient"}
_NAMES = {StepKind.NEWTON: "Newton", StepKind.GRADIENT: "gradient", StepKind.CAUCHY: "best along ∇f"}


@dataclass(frozen=True)
class ModelData:
    """What the layer needs: the model, and the ``levels`` of the map's own lines, so that both can be compared.

    Two are equal if their levels are and their model is one and the same object.
    """

    local: LocalModel
    levels: tuple[float, ...] = ()


class _Sheet:
    """Lines laid over each other, later ones on top."""

    def __init__(self, viewport: Viewport, glyphs: GlyphSet) -> None:
        self.viewport, self.glyphs = viewport, glyphs
        self.cells = Cells.blank(viewport.columns, viewport.rows)

    def lines(self, lines: list[Array], colour: str) -> None:
        canvas = DotCanvas(self.viewport)
        if lines:
            x, y = np.concatenate([part for line in lines for part in (line, _LIFTED)]).T
            canvas.polyline(x, y)
        self.cells = self.cells.overlay(canvas.chars(self.glyphs), pack(colour))

    def write(self, place: tuple[float, float] | None, text: str, colour: str) -> None:
        cell = None if place is None else self.viewport.cell(*place)
        if cell is not None:
            self.cells = self.cells.write(*cell, text, pack(colour))


def model_layer(viewport: Viewport, data: ModelData, look: Look) -> Layer:
    """Return the layer over a picture of two variables, or over the curve of one; blank where f is undefined.

    In two variables: the model's contours at the map's levels, dashed; Dupin's conic, solid, in the colours of
    minima where the model curves up and of maxima where it curves down, with the Hessian's axes as its own,
    lettered a (λ₁, the smaller) and b; the steps as lines to their letters N, g and c. In one: the tangent in
    long dashes, the osculating parabola in short ones, the steps' letters on the parabola.
    """
    sheet = _Sheet(viewport, look.glyphs)
    if data.local.defined:
        (_over_curve if len(data.local.model.point) == 1 else _over_map)(sheet, data, look)
    return Layer(sheet.cells.chars, sheet.cells.fg)


def model_colour(look: Look) -> str:
    """Return the colour of the model's contours."""
    return look.theme.map.momentum


def step_letter(kind: StepKind, glyphs: GlyphSet) -> str:
    """Return the letter at a step's end."""
    return "c" if kind is StepKind.CAUCHY else letter("newton" if kind is StepKind.NEWTON else "gradient", glyphs)


def model_legend(data: ModelData, look: Look) -> tuple[LegendEntry, ...]:
    """Return what a legend says of the model; the short entries share its first row, as there may be few."""
    local, colours, glyphs = data.local, look.theme.map, look.glyphs
    if not local.defined:
        return (LegendEntry(glyphs.hatch, pack(colours.hatch), "no model: f is undefined here"),)
    flat = len(local.model.point) == 1
    name = "parabola" if flat else "model"
    entries = [LegendEntry(glyphs.rule, pack(model_colour(look)), name)]
    if flat:
        radius = f"tangent; circle's radius {number(curve_radius(local.model), glyphs, 3)}"
        entries.append(LegendEntry(glyphs.line, pack(colours.gradient), radius))
    else:
        for mark, value, sign in zip("ab", local.spectrum.eigenvalues.tolist(), local.spectrum.signs, strict=False):
            text = f"λ {number(value, glyphs, 3)} {('flat', 'up', 'down')[sign]}"
            entries.append(LegendEntry(mark, pack(_sign_colour(sign, look)), _written(text, glyphs)))
    for step in local.steps:
        ink = pack(getattr(colours, _COLOURS[step.kind]))
        entries.append(LegendEntry(step_letter(step.kind, glyphs), ink, _written(step_words(step, glyphs), glyphs)))
    return tuple(entries)


def step_words(step: ModelStep, glyphs: GlyphSet) -> str:
    """Say what the model foretells of a step, and by how much it errs."""
    share = step.relative_error
    errs = f"error {number(step.error, glyphs, 2)}"
    if math.isfinite(share):
        errs += f" ({number(100 * abs(share), glyphs, 2)} %)"
    return f"{_NAMES[step.kind]}: Δf {number(step.predicted, glyphs, 2)}, {errs}"


def _written(text: str, glyphs: GlyphSet) -> str:
    return text if glyphs.superscripts else plain_text(text.replace("Δ", "d"))


def _over_map(sheet: _Sheet, data: ModelData, look: Look) -> None:
    view, local, colours = sheet.viewport, data.local, look.theme.map
    contours = [dashed(line, view, *dash(look.glyphs)) for line in _contours(view, data)]
    sheet.lines(contours, model_colour(look))
    centre = local.model.point
    unit = np.array([view.width / view.columns, view.height / (2.0 * view.rows)])
    side = min(float(view.columns), 2.0 * view.rows)
    with np.errstate(all="ignore"):
        height = indicatrix_height(local.spectrum, CONIC_SHARE * side, unit)
        conic = indicatrix(local.spectrum, height, 1.6 * CONIC_SHARE * side, unit)
        for branches, colour in ((conic.up, colours.minimum), (conic.down, colours.maximum)):
            sheet.lines([centre + branch for branch in branches], colour)
        axes = curvature_axes(local.spectrum, height, CONIC_SHARE * side, unit)
        for axis in axes:
            sheet.lines([np.stack((centre - axis.reach, centre + axis.reach))], _sign_colour(axis.sign, look))
        for step in reversed(local.steps):
            tips = np.stack((centre, centre + step.displacement))
            sheet.lines([tips], getattr(colours, _COLOURS[step.kind]))
    for mark, axis in zip("ab", axes, strict=False):
        if max(np.abs(axis.reach / unit).tolist()) >= 1.5:
            for end in (centre + axis.reach, centre - axis.reach):
                sheet.write((float(end[0]), float(end[1])), mark, _sign_colour(axis.sign, look))
    for step in reversed(local.steps):
        tip = _seen_end(view, centre, step.displacement)
        sheet.write(tip, step_letter(step.kind, look.glyphs), getattr(colours, _COLOURS[step.kind]))


def _contours(view: Viewport, data: ModelData) -> list[Array]:
    """The model's contours over the view at the map's levels nearest to the point's value.

    Those farther off lie where the model says nothing of f any more.
    """
    below = [level for level in data.levels if level < data.local.model.value]
    above = [level for level in data.levels if level >= data.local.model.value]
    chosen = (*below[-LEVELS_BELOW:], *above[:LEVELS_ABOVE])
    xs = nodes(view.x0, view.x1, min(_FINEST, 2 * view.columns + 1))
    ys = nodes(view.y0, view.y1, min(_FINEST, 4 * view.rows + 1))
    values = data.local.model.at(np.stack(np.meshgrid(xs, ys, indexing="xy"), axis=-1))
    return [line for _, lines in contour_lines(xs, ys, values, chosen) for line in lines]


def _seen_end(view: Viewport, start: Array, displacement: Array) -> tuple[float, float] | None:
    """Where a step from a point in view ends, or leaves the view; None for one that is too short to see."""
    with np.errstate(all="ignore"):
        columns = displacement / (view.width, view.height) * (view.columns, view.rows)
    if not np.isfinite(columns).all() or float(np.max(np.abs(columns))) < 1.0:
        return None
    share = 1.0
    for at, move, low, high in zip(
        start.tolist(), displacement.tolist(), (view.x0, view.y0), (view.x1, view.y1), strict=True
    ):
        if move and not low <= at + move <= high:
            share = min(share, ((high if move > 0 else low) - at) / move)
    if share <= 0:
        return None
    x, y = (start + share * displacement).tolist()
    return min(max(x, view.x0), view.x1), min(max(y, view.y0), view.y1)


def _over_curve(sheet: _Sheet, data: ModelData, look: Look) -> None:
    view, local, colours = sheet.viewport, data.local, look.theme.map
    model = local.model
    xs = nodes(view.x0, view.x1, 4 * view.columns + 1)
    offsets = xs - float(model.point[0])
    with np.errstate(all="ignore"):
        tangent = model.value + float(model.gradient[0]) * offsets
        parabola = model(offsets[:, np.newaxis])
    sheet.lines([dashed(np.stack((xs, tangent), axis=1), view, 4.0, 2.0)], colours.gradient)
    sheet.lines([dashed(np.stack((xs, parabola), axis=1), view, *dash(look.glyphs))], model_colour(look))
    for step in reversed(local.steps):
        x = float(model.point[0] + step.displacement[0])
        mark = step_letter(step.kind, look.glyphs)
        sheet.write((x, float(model(step.displacement))), mark, getattr(colours, _COLOURS[step.kind]))


def _sign_colour(sign: int, look: Look) -> str:
    colours = look.theme.map
    return (colours.degenerate, colours.minimum, colours.maximum)[sign]
