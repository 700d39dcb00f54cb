"""What the map shows: which quantity colours it, what is drawn over it, from where it is seen. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from curvtui.engine.sampling.levels import LevelMethod


class Ground(Enum):
    """What the map's colours show; the value is its title."""

    VALUES = "f"
    SIGNS = "curvature signs"
    SMALLEST = "λ_min"
    LARGEST = "λ_max"
    CONDITION = "κ"
    SLOPE = "‖∇f‖"
    BASINS = "basins"


class FieldStyle(Enum):
    """How the gradient field is drawn; the value is its title."""

    NONE = "no gradient field"
    DOWNHILL = "downhill arrows"
    UPHILL = "uphill arrows"
    STREAMLINES = "streamlines, downhill"


@dataclass(frozen=True)
class Camera:
    """From where a surface in three dimensions is seen, both in degrees.

    ``azimuth`` turns about the vertical axis, 0 to 360; ``elevation`` is 0 for a view from the side, 90 from above.
    """

    azimuth: float = 305.0
    elevation: float = 35.0


def turned(camera: Camera, right: float, up: float) -> Camera:
    """Return the camera after the relief's front was turned to the right, and the viewer moved up, by degrees.

    The azimuth stays in 0 to 360, the elevation in 0 to 90.
    """
    return Camera((camera.azimuth - right) % 360.0, min(90.0, max(0.0, camera.elevation + up)))


LEVELS = 12
"""How many contour levels a map has that nobody has changed."""


@dataclass(frozen=True)
class MapStyle:
    """How one map shows a surface; ``camera`` is None for a map seen from above."""

    ground: Ground = Ground.VALUES
    lines_only: bool = False
    field: FieldStyle = FieldStyle.NONE
    model: bool = False
    levels: int = LEVELS
    method: LevelMethod = LevelMethod.AUTO
    camera: Camera | None = None

    @property
    def title(self) -> str:
        """What the map's border says."""
        name = "map" if self.ground is Ground.VALUES else f"map of {self.ground.value}"
        return name if self.camera is None else f"{name} in 3-D"


PLAIN = MapStyle()
"""Level lines over bands, nothing else."""
