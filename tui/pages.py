"""What can be open beside the map, and what the curve over the steps can show."""

from __future__ import annotations

from enum import Enum


class Page(Enum):
    """What is open beside the map, or in its place; the value is its title. The order is that of the tabs."""

    MAP = "map"
    POINT = "here"
    CRITICAL = "critical points"
    STEP = "the next step"
    RACE = "race"
    SECTIONS = "cross-sections"
    OPTIMIZER = "optimizer"
    LOSS = "loss"


class Curve(Enum):
    """What the curve over the steps shows; the value is its title."""

    LOSS = "loss"
    GRADIENT = "gradient norm"
    STABILITY = "stability"
