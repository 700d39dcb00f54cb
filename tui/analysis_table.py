"""An analysis as text for people: a table that fits the terminal, in its colours and with its characters."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from curvtui.engine.critical.analysis import Analysis, Verdict
from curvtui.engine.critical.critical_point import CriticalPoint, Kind

from .analysis_words import (
    completeness_sentence,
    convexity_sentence,
    index_text,
    kind_sentence,
    minimum_sentence,
    number_text,
    region_sentence,
)
from .sanitize import safe_text
from .terminal import colour_depth, glyph_name

_LONGEST_FORMULA = 400
_MOST_REGIONS = 12
_LONGEST_EXACT = 14
_GLYPHS = {Kind.MINIMUM: "●", Kind.MAXIMUM: "▲", Kind.SADDLE: "✕"}
_DEGENERATE = "✢"
_COLOURS = {
    Kind.MINIMUM: "32",
    Kind.MAXIMUM: "31",
    Kind.SADDLE: "33",
    Kind.DEGENERATE_MINIMUM: "32",
    Kind.DEGENERATE_MAXIMUM: "31",
    Kind.DEGENERATE_SADDLE: "33",
    Kind.MONKEY_SADDLE: "33",
}
_OTHER_COLOUR = "35"
_VERDICT_COLOURS = {Verdict.COMPLETE: "32", Verdict.EXCEPT_UNRESOLVED: "33", Verdict.BUDGET_REACHED: "31"}

_ASCII = {
    "●": "*",
    "▲": "^",
    "✕": "x",
    "✢": "+",
    "✓": "yes",
    "–": "-",
    "−": "-",
    "×": "x",
    "·": "*",
    "∂": "d",
    "∇": "grad ",
    "Δ": "d",
    "√": "sqrt ",
    "∛": "cbrt ",
    "∜": "root4 ",
    "π": "pi",
    "λ": "lambda",
    "κ": "cond",
    "″": "''",
    "…": "...",
    "±": "+-",
    "∞": "inf",
    "⁻": "^-",
    **{power: f"^{digit}" for digit, power in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
}


@dataclass(frozen=True)
class Look:
    """How text may look: the columns of the terminal, whether it has colours, whether it is ASCII only."""

    width: int = 80
    colours: bool = False
    ascii: bool = False

    @classmethod
    def of(cls, stream: TextIO | None, environment: Mapping[str, str]) -> Look:
        """Return what a stream can show: colours on a terminal only, ASCII where locale or encoding ask for it."""
        terminal = stream is not None and stream.isatty()
        colours = terminal and colour_depth("auto", environment) != "none"
        try:
            "●✓√".encode(getattr(stream, "encoding", None) or "utf-8")
            narrow = glyph_name("auto", environment) == "ascii"
        except (UnicodeEncodeError, LookupError):
            narrow = True
        width = shutil.get_terminal_size((80, 24)).columns
        return cls(max(width, 20), colours, narrow)

    def plain(self, text: str) -> str:
        """Return text with characters that can be shown."""
        return "".join(_ASCII.get(character, character) for character in text) if self.ascii else text

    def coloured(self, text: str, colour: str) -> str:
        """Return text in a colour (the code of an SGR sequence), if there are colours."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colours and text else text


def analysis_text(
    analysis: Analysis,
    surface: Mapping[str, Any],
    look: Look,
) -> str:
    """Return an analysis as lines no longer than the look's width, but for columns that can't be narrower.

    ``surface`` is the description of the surface with the formulas of its derivatives.
    """
    proof = analysis.completeness
    verdict = look.coloured
    lines = [*_heading(analysis, surface, look), ""]
    if analysis.points:
        lines += [*_points(analysis, look), ""]
        lines += _explanations(analysis, look)
    lines += [
        verdict(line, _VERDICT_COLOURS[proof.verdict]) for line in _wrapped("", completeness_sentence(analysis), look)
    ]
    for region in proof.unresolved[:_MOST_REGIONS]:
        sides = " × ".join(f"[{number_text(low, 6)}, {number_text(high, 6)}]" for low, high in region.box)
        lines += _wrapped("  unresolved  ", f"{sides}: {region_sentence(region)} ({region.reason.value})", look)
    if len(proof.unresolved) > _MOST_REGIONS:
        lines.append(f"  unresolved  and {len(proof.unresolved) - _MOST_REGIONS} more regions; --json lists them")
    lines += _wrapped("global minimum  ", minimum_sentence(analysis), look)
    lines += _wrapped("convexity       ", convexity_sentence(analysis), look)
    lines.append(f"elapsed         {analysis.elapsed_seconds:.3g} s")
    return "\n".join(lines) + "\n"


def _heading(analysis: Analysis, data: Mapping[str, Any], look: Look) -> list[str]:
    surface = analysis.surface
    names = surface.variables
    lines = _wrapped("surface   ", f"{surface.name}: f({', '.join(names)}) = {safe_text(surface.formula)}", look)
    if surface.parameters:
        values = ", ".join(f"{name} = {value:.10g}" for name, value in surface.parameters.items())
        lines += _wrapped("with      ", values, look)
    box = " × ".join(f"[{number_text(low, 10)}, {number_text(high, 10)}]" for low, high in analysis.box)
    lines += _wrapped("box       ", box, look)
    gradient, hessian = data["gradient"], data["hessian"]
    if gradient is None or hessian is None:
        return [*lines, *_wrapped("gradient  ", "SymPy could not write the formulas of the derivatives in time", look)]
    n = len(names)
    if n == 1:
        return [
            *lines,
            *_formula("slope     ", gradient[0], look),
            *_formula("curvature ", hessian[0][0], look),
        ]
    for i, entry in enumerate(gradient):
        lines += _formula("gradient  " if i == 0 else " " * 10, f"∂f/∂{names[i]} = {entry}", look)
    for i in range(n):
        for j in range(i, n):
            start = "Hessian   " if i == j == 0 else " " * 10
            lines += _formula(start, f"∂²f/∂{names[i]}∂{names[j]} = {hessian[i][j]}", look)
    return lines


def _formula(start: str, text: str, look: Look) -> list[str]:
    return _wrapped(start, safe_text(text, _LONGEST_FORMULA), look)


def _wrapped(start: str, text: str, look: Look) -> list[str]:
    return textwrap.wrap(
        look.plain(text),
        max(look.width - 1, 20),
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_on_hyphens=False,
    ) or [start.rstrip()]


@dataclass(frozen=True)
class _Form:
    """How the table is written: significant digits of numbers, and whether kinds are abbreviated."""

    digits: int
    short: bool


_FORMS = (*(_Form(digits, False) for digits in (10, 8, 6)), *(_Form(digits, True) for digits in (6, 5, 4, 3)))


def _points(analysis: Analysis, look: Look) -> list[str]:
    names = analysis.surface.variables
    header = ["", "kind", *names, "value", "eigenvalues" if len(names) > 1 else "f″", "κ", "index", "proof"]
    header = list(map(look.plain, header))
    rows: list[list[str]] = []
    for form in _FORMS:
        rows = [[look.plain(cell) for cell in _cells(point, form)] for point in analysis.points]
        widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
        if sum(widths) + 2 * len(widths) - 3 < look.width:
            break
    else:  # too narrow for any: a paragraph a point
        return [
            line for point, row in zip(analysis.points, rows, strict=True) for line in _record(point, header, row, look)
        ]
    lines = [look.coloured(_row(header, widths), "1")]
    for point, row in zip(analysis.points, rows, strict=True):
        lines.append(look.coloured(_row(row, widths), _COLOURS.get(point.kind, _OTHER_COLOUR)))
    return lines


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Numbers to the right, words to the left; the glyph close to its kind."""
    first, kind, *numbers, proof = cells
    parts = [f"{first:<{widths[0]}} {kind:<{widths[1]}}"]
    parts += [f"{cell:>{width}}" for cell, width in zip(numbers, widths[2:-1], strict=True)]
    return "  ".join([*parts, proof]).rstrip()


def _record(point: CriticalPoint, header: Sequence[str], row: Sequence[str], look: Look) -> list[str]:
    text = f"{row[1]}: " + ", ".join(f"{name} {cell}" for name, cell in zip(header[2:], row[2:], strict=True))
    colour = _COLOURS.get(point.kind, _OTHER_COLOUR)
    return [look.coloured(line, colour) for line in _wrapped(f"{row[0]} ", text, look)]


def _cells(point: CriticalPoint, form: _Form) -> list[str]:
    exact = point.exact
    kind = point.kind.value
    proof = "✓" if point.certified else "–"
    return [
        _GLYPHS.get(point.kind, _DEGENERATE),
        kind.replace("degenerate ", "deg. ") if form.short else kind,
        *(_number(x, None if exact is None else exact.text[i], form.digits) for i, x in enumerate(point.point)),
        _number(point.value, None if exact is None else exact.value_text, form.digits),
        ", ".join(number_text(value, min(form.digits, 6)) for value in point.eigenvalues),
        number_text(point.condition_number, min(form.digits, 5)) if point.condition_number < float("inf") else "–",
        index_text(point.index),
        f"{proof} global" if point.is_global_minimum else proof,
    ]


def _number(value: float, exact: str | None, digits: int) -> str:
    """The closed form where it is not longer than the digits that are shown."""
    if exact is not None and len(exact) <= min(_LONGEST_EXACT, digits + 3):
        return exact
    return number_text(value, digits)


def _explanations(analysis: Analysis, look: Look) -> list[str]:
    """Why the degenerate points are what they are; of the others the eigenvalues tell."""
    lines: list[str] = []
    for point in analysis.points:
        if point.decided_by is not None or not point.certified:
            where = ", ".join(number_text(x, 6) for x in point.point)
            lines += _wrapped(f"{look.plain(_DEGENERATE)} ", f"at ({where}): {kind_sentence(point)}", look)
    return [*lines, ""] if lines else []
