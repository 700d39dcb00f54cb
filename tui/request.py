"""From the command line's words to a surface, settings and a start, checked."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curvtui.engine.descent.settings import RunSettings
    from curvtui.engine.surface.surface import Surface


def surface_from(arguments: argparse.Namespace) -> Surface:
    """Return the surface that the command line asks for; raises ValueError with one sentence."""
    from curvtui.engine.surface.errors import FormulaError, MissingParameterError
    from curvtui.engine.surface.presets import DEFAULT_PRESET
    from curvtui.engine.surface.surface import BoxError, open_surface

    numbers = arguments.box
    if numbers is not None and len(numbers) not in (2, 4):
        given = "1 was given" if len(numbers) == 1 else f"{len(numbers)} were given"
        raise BoxError(f"--box takes 2 numbers, or 4 for two variables; {given}")
    box = None if numbers is None else [numbers[i : i + 2] for i in range(0, len(numbers), 2)]
    surface = DEFAULT_PRESET if arguments.surface is None else arguments.surface
    try:
        return open_surface(surface, box, dict(arguments.param))
    except MissingParameterError as error:
        raise FormulaError(f"{error.message} (--param {error.name}=1)", error.text, error.column) from None


def settings_from(arguments: argparse.Namespace) -> RunSettings:
    """Return the run settings that the command line asks for; raises ValueError with one sentence."""
    from curvtui.engine.descent.settings import RunSettings
    from curvtui.engine.optimizers.schedule import CONSTANT, parse_schedule

    values: dict[str, float | str] = dict(arguments.set)
    if arguments.lr is not None:
        values["lr"] = arguments.lr
    return RunSettings(
        optimizer=arguments.optimizer or "gd",
        schedule=CONSTANT if arguments.schedule is None else parse_schedule(arguments.schedule),
        noise=0.0 if arguments.noise is None else arguments.noise,
        clip=arguments.clip,
        clip_value=arguments.clip_value,
        seed=arguments.seed or 0,
    ).with_values(**values)


def start_from(arguments: argparse.Namespace, surface: Surface) -> Sequence[float]:
    """Return the start that is asked for, else the preset's, else a point off the box's centre."""
    if arguments.start is None:
        return default_start(surface)
    start: list[float] = arguments.start
    if len(start) != surface.dimension:
        names = " and ".join(surface.variables)
        raise ValueError(
            f"--start takes {surface.dimension} number{'s' * (surface.dimension > 1)}, {names}; "
            f"{len(start)} {'was' if len(start) == 1 else 'were'} given"
        )
    return start


def default_start(surface: Surface) -> tuple[float, ...]:
    """Return the preset's start where it lies in the box, else a point off the centre.

    Off the centre and off the diagonals: those are where typical formulas have their saddles and their
    valleys of symmetry. Where the surface is undefined there, another one is looked for.
    """
    from curvtui.engine.surface.presets import find_preset

    preset = find_preset(surface.name)
    if preset is not None and _inside(preset.start, surface):
        return preset.start
    candidates = [
        (0.18, 0.71),
        (0.71, 0.82),
        (0.83, 0.29),
        (0.36, 0.12),
        (0.52, 0.47),
        (0.95, 0.97),
        (0.03, 0.04),
    ]
    points = [
        tuple(low + f * (high - low) for f, (low, high) in zip(fractions, surface.box, strict=False))
        for fractions in candidates
    ]
    defined = (p for p in points if abs(surface.value_at(p)) < float("inf"))
    return next(defined, points[0])


def _inside(point: Sequence[float], surface: Surface) -> bool:
    return len(point) == surface.dimension and all(
        low <= c <= high for c, (low, high) in zip(point, surface.box, strict=True)
    )
