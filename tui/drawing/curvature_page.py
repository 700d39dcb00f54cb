"""The curvature panel: the point, its Hessian and eigenvalues, stability, and the verdict in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from curvtui.engine.curvature.report import PointReport

from .cells import Cells
from .glyphs import GlyphSet
from .look import Look
from .numbers import number, point, typeset, value_text
from .page import Line, Part, page, wrapped


@dataclass(frozen=True)
class CurvatureData:
    """What the panel shows: a report on a point, where the point is from, and the method's stability.

    ``load`` is learning rate times sharpness (the preconditioned one where the method has a preconditioner)
    and ``limit`` what it must stay below; None where unknown.
    """

    report: PointReport = field(compare=False)
    key: tuple[object, ...]
    """What the report depends on; two of equal keys are the same."""
    source: str
    load: float | None
    limit: float | None
    proved: str = ""
    """What is proved of the point, where it is a critical one: stands in place of the report's sentence."""
    zero: bool = False
    """Whether rounding can't tell f there from 0."""


def curvature_page(data: CurvatureData, width: int, height: int, look: Look) -> Cells:
    """Return the panel in ``width`` x ``height`` cells; the shorter form where it is low."""
    glyphs = look.glyphs
    sentence = typeset(data.proved or data.report.sentence, glyphs)
    whole = len(wrapped(sentence, width, height, glyphs.ellipsis)) if data.proved else 0
    lines = _full(data, width, height - whole, glyphs)
    if len(lines) >= height:
        lines = _short(data, width, glyphs)
    room = height - len(lines)
    if room > 0:
        lines += [[(text, "muted")] for text in wrapped(sentence, width, room, glyphs.ellipsis)]
    return page(lines, width, height, look)


def _full(data: CurvatureData, width: int, height: int, glyphs: GlyphSet) -> list[Line]:
    """The long form: in less than ``height`` lines, if need be, without what a proved verdict says as well."""
    report = data.report
    spectrum = report.spectrum
    lines: list[Line] = [
        [(data.source, "accent"), ("  ", "muted"), (point(report.point.tolist(), glyphs), "!foreground")],
        _value_line(report, glyphs, data.zero),
    ]
    pairs = zip(_matrix(report, glyphs), _eigenvalues(report, glyphs), strict=True)
    lines += [[*left, ("  ", "muted"), *right] for left, right in pairs]
    less: list[Line] = [
        [
            (_kappa(glyphs), "muted"),
            (number(spectrum.condition_number, glyphs, 3), "foreground"),
            ("  det ", "muted"),
            (number(spectrum.determinant, glyphs, 3), "foreground"),
            ("  trace ", "muted"),
            (number(spectrum.trace, glyphs, 3), "foreground"),
        ],
    ]
    if data.load is not None:
        less.append(_gauge(data.load, data.limit, width, glyphs))
    rates = _rates(report, width, glyphs)
    shape: list[Line] = [
        [(text, "!foreground")] for text in wrapped(typeset(report.shape, glyphs), width, 2, glyphs.ellipsis)
    ]
    room = height - len(lines) if data.proved else len(less) + 1 + len(shape)
    less = [*less[:1], rates, *less[1:]] if room > len(less) else less[: max(0, room)]
    return [*lines, *less, *(shape if room >= len(less) + len(shape) else [])]


def _short(data: CurvatureData, width: int, glyphs: GlyphSet) -> list[Line]:
    report = data.report
    lines: list[Line] = [
        [(data.source, "accent"), (" ", "muted"), (point(report.point.tolist(), glyphs, 3), "!foreground")],
        _value_line(report, glyphs, data.zero),
    ]
    lines += [
        [*left, (" ", "muted"), *right]
        for left, right in zip(_matrix(report, glyphs), _eigenvalues(report, glyphs), strict=True)
    ]
    if data.load is not None:
        lines.append(_gauge(data.load, data.limit, width, glyphs))
    lines.append(
        [
            (_kappa(glyphs), "muted"),
            (number(report.spectrum.condition_number, glyphs, 3), "foreground"),
            (f"  {report.verdict.value}", "!foreground"),
        ]
    )
    return lines


def _kappa(glyphs: GlyphSet) -> str:
    return "κ " if glyphs.superscripts else "kappa "


def _value_line(report: PointReport, glyphs: GlyphSet, zero: bool) -> Line:
    nabla = "‖∇f‖ " if glyphs.superscripts else "|grad f| "
    if len(report.gradient) == 1:
        nabla = "|f′| " if glyphs.superscripts else "|f'| "
    return [
        ("f ", "muted"),
        (value_text(report.value, glyphs, 6, zero=zero), "!foreground"),
        (f"   {nabla}", "muted"),
        (number(report.gradient_norm, glyphs, 3), "foreground"),
    ]


def _matrix(report: PointReport, glyphs: GlyphSet) -> list[list[Part]]:
    """The Hessian, a row a line, between brackets."""
    rows = [[number(entry, glyphs, 3) for entry in row] for row in report.hessian.tolist()]
    if len(rows) == 1:
        return [[("f″ " if glyphs.superscripts else "f'' ", "muted"), (rows[0][0], "foreground")]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows))]
    tall = [("⎡", "⎤"), ("⎣", "⎦")] if glyphs.name == "braille" else [("[", "]"), ("[", "]")]
    return [
        [
            ("H " if i == 0 else "  ", "muted"),
            (tall[i][0], "muted"),
            ("  ".join(entry.rjust(width) for entry, width in zip(row, widths, strict=True)), "foreground"),
            (tall[i][1], "muted"),
        ]
        for i, row in enumerate(rows)
    ]


def _eigenvalues(report: PointReport, glyphs: GlyphSet) -> list[list[Part]]:
    """Each eigenvalue with its sign's colour, and an arrow along its eigenvector."""
    spectrum = report.spectrum
    values = [number(value, glyphs, 3) for value in spectrum.eigenvalues.tolist()]
    width = max(map(len, values))
    lines = []
    names = "λ₁λ₂" if glyphs.superscripts else "l1l2"
    for i, text in enumerate(values):
        sign = spectrum.signs[i] if spectrum.signs else 0
        colour = "success" if sign > 0 else "error" if sign < 0 else "warning"
        line: list[Part] = [(f"{names[2 * i : 2 * i + 2]} ", "muted"), (text.rjust(width), colour)]
        if len(values) > 1:
            line.append((f" {_direction(spectrum.eigenvectors[i].tolist(), glyphs)}", "secondary"))
        lines.append(line)
    return lines


def _direction(vector: Sequence[float], glyphs: GlyphSet) -> str:
    """The line that an eigenvector spans, as an arrow in the upper half plane."""
    x, y = vector
    if not (math.isfinite(x) and math.isfinite(y)):
        return " "
    return glyphs.arrows[round(math.atan2(y, x) / (math.pi / 4)) % 4]


def _rates(report: PointReport, width: int, glyphs: GlyphSet) -> Line:
    """The learning rates at which plain gradient descent is stable here, and the best of them."""
    stability = report.stability
    eta = "η" if glyphs.superscripts else "lr"
    if math.isinf(stability.limit):
        return [("nothing curves up here: no minimum", "muted")]
    parts: list[Part] = [(f"gd {eta} < ", "muted"), (number(stability.limit, glyphs, 3), "foreground")]
    if stability.best_rate is not None and stability.best_contraction is not None:
        times = "×" if glyphs.superscripts else "x"
        parts += [("  best ", "muted"), (number(stability.best_rate, glyphs, 3), "foreground")]
        pace = f", {times}{number(stability.best_contraction, glyphs, 2)} a step"
        if sum(len(text) for text, _ in parts) + len(pace) <= width:
            parts.append((pace, "muted"))
    return parts


def _gauge(load: float, limit: float | None, width: int, glyphs: GlyphSet) -> Line:
    """Learning rate times sharpness as a bar against the method's limit."""
    name = "η·λmax " if glyphs.superscripts else "lr*lmax "
    parts: list[Part] = [(name, "muted"), (number(load, glyphs, 3), "foreground")]
    if limit is None or not math.isfinite(load) or load <= 0:
        return parts
    parts.append((f" / {number(limit, glyphs, 3)} ", "muted"))
    # With strong weight decay no learning rate is stable, and the limit is not positive.
    share = load / limit if limit > 0 else math.inf
    word, colour = ("stable", "success") if share < 0.95 else ("at the edge", "warning")
    if share > 1:
        word, colour = "unstable", "error"
    used = sum(len(text) for text, _ in parts)
    room = min(16, width - used - len(word) - 3)
    if room >= 4:
        filled = round(min(1.0, max(0.0, share)) * room)
        parts += [
            (glyphs.gauge_left, "muted"),
            (glyphs.gauge * filled, colour),
            (glyphs.gauge_rest * (room - filled), "border"),
            (glyphs.gauge_right, "muted"),
        ]
    parts.append((f" {word}", f"!{colour}"))
    return parts
