"""Pixels near curves: the small geometry that relief and paint are made of.

All arrays of pixels are float32; all lengths are in face coordinates.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import CubicSpline

from facsimile.faces.embedded.geometry import Camera


@dataclass(frozen=True)
class Grid:
    """The face coordinates ``x`` and ``y`` of every pixel of an image of ``size`` pixels."""

    camera: Camera
    size: int

    @cached_property
    def coordinates(self) -> tuple[np.ndarray, np.ndarray]:
        """The arrays x and y, each (size, size)."""
        return self.camera.grid(self.size)

    @property
    def pixel(self) -> float:
        """The side of a pixel."""
        return 1 / self.camera.scale

    def near(self, points: np.ndarray, margin: float) -> tuple[slice, slice]:
        """Return the window of rows and columns that holds points and a margin around them."""
        seen = self.camera.project(points, steps=2)
        spare = margin * self.camera.scale + 1
        left, top = np.clip(np.floor(seen.min(0) - spare), 0, self.size - 1).astype(int)
        right, bottom = np.clip(np.ceil(seen.max(0) + spare), 1, self.size).astype(int)
        return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))

    def at(self, window: tuple[slice, slice]) -> tuple[np.ndarray, np.ndarray]:
        """Return the coordinates in a window."""
        x, y = self.coordinates
        return x[window], y[window]


def bump(x: np.ndarray, y: np.ndarray, centre, spread) -> np.ndarray:
    """Return a Gaussian hill of height 1; ``spread`` are its standard deviations in x and y."""
    across, down = (x - np.float32(centre[0])) / np.float32(spread[0]), y - np.float32(centre[1])
    return np.exp(-0.5 * (across**2 + (down / np.float32(spread[1])) ** 2))


def ramp(distance: np.ndarray, softness: float) -> np.ndarray:
    """Return coverage from 0 to 1 over a band of width ``softness`` around distance 0."""
    share = np.clip(distance / np.float32(softness) + np.float32(0.5), 0, 1)
    return share * share * (3 - 2 * share)


def through(points: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the height at ``x`` of a smooth curve through points of growing x, held at its ends.

    Curves are tabulated once and then interpolated: splines are slow on many pixels.
    """
    knots = np.linspace(points[0, 0], points[-1, 0], 64)
    heights = CubicSpline(points[:, 0], points[:, 1], bc_type="natural")(knots)
    return np.interp(x, knots, heights).astype(np.float32)


def smooth(points, count: int = 12) -> np.ndarray:
    """Return (count, 2) points along a smooth curve through a few points, in any direction."""
    points = np.asarray(points, float)
    if len(points) == 2:
        return points
    steps = np.sqrt(((points[1:] - points[:-1]) ** 2).sum(1))
    length = np.concatenate([[0], np.cumsum(steps)])
    return CubicSpline(length, points)(np.linspace(0, length[-1], count))


def along(line: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each pixel's signed distance to a line of points and where along it it lies, 0..1.

    The distance is positive on the right-hand side of somebody who walks along the line
    in the picture (y down).
    """
    start = line[:-1].astype(np.float32)
    step = np.diff(line, axis=0).astype(np.float32)
    dx, dy = x[..., None] - start[:, 0], y[..., None] - start[:, 1]
    square = (step**2).sum(1)
    share = np.clip((dx * step[:, 0] + dy * step[:, 1]) / square, 0, 1)
    away = (dx - share * step[:, 0]) ** 2 + (dy - share * step[:, 1]) ** 2
    nearest = away.argmin(-1)[..., None]
    take = lambda values: np.take_along_axis(values, nearest, -1)[..., 0]  # noqa: E731
    sign = np.sign(take(step[:, 0] * dy - step[:, 1] * dx))
    position = (nearest[..., 0] + take(share)) / len(step)
    return sign * np.sqrt(take(away)), position
