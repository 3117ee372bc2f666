"""Pixels near curves: the small geometry that relief and paint are made of.

All arrays of pixels are float32; all lengths are in face coordinates.
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from scipy.interpolate import CubicSpline

from facsimile.faces.synthetic.geometry import Camera

Window = tuple[slice, slice]


@dataclass(frozen=True)
class Grid:
    """The pixels of a picture, or of a part of it, and where in the face each lies."""

    camera: Camera
    height: int
    width: int

    @cached_property
    def coordinates(self) -> tuple[np.ndarray, np.ndarray]:
        """The face coordinates x and y of the pixels, each (height, width)."""
        return self.camera.grid(self.height, self.width)

    @property
    def pixel(self) -> float:
        """The side of a pixel."""
        return 1 / self.camera.scale

    def near(self, points: np.ndarray, margin: float) -> Window:
        """Return the window of rows and columns that holds points and a margin around them."""
        seen = self.camera.project(points, steps=3)
        spare = margin * self.camera.scale + 1
        ends = (self.width, self.height)
        left, top = np.clip(np.floor(seen.min(0) - spare).astype(int), 0, np.subtract(ends, 1))
        right, bottom = np.clip(np.ceil(seen.max(0) + spare).astype(int), (left + 1, top + 1), ends)
        return slice(top, bottom), slice(left, right)

    def box(self, left: float, top: float, right: float, bottom: float) -> Window:
        """Return the window that holds a box of the face, roll allowed for."""
        return self.near(np.array([(x, y) for x in (left, right) for y in (top, bottom)]), 0.05)

    def at(self, window: Window) -> tuple[np.ndarray, np.ndarray]:
        """Return the coordinates in a window."""
        x, y = self.coordinates
        return x[window], y[window]

    def part(self, window: Window) -> "Grid":
        """Return the grid of the pixels in a window."""
        (top, bottom), (left, right) = [(side.start, side.stop) for side in window]
        across, down = self.camera.centre
        camera = replace(self.camera, centre=(across - left, down - top))
        return Grid(camera, bottom - top, right - left)


def bump(x: np.ndarray, y: np.ndarray, centre, spread) -> np.ndarray:
    """Return a Gaussian hill of height 1; ``spread`` are its standard deviations in x and y."""
    across, down = (x - np.float32(centre[0])) / np.float32(spread[0]), y - np.float32(centre[1])
    return np.exp(-0.5 * (across**2 + (down / np.float32(spread[1])) ** 2))


def ramp(distance: np.ndarray, softness: float) -> np.ndarray:
    """Return coverage from 0 to 1 over a band of width ``softness`` around distance 0."""
    share = np.clip(distance / np.float32(softness) + np.float32(0.5), 0, 1)
    return share * share * (3 - 2 * share)


def smooth(points: np.ndarray, steps: int = 4) -> np.ndarray:
    """Return points along a smooth curve through a few points, ``steps`` from each to the next."""
    return _spline(len(points), steps) @ np.asarray(points)


@cache
def _spline(given: int, steps: int) -> np.ndarray:
    """Return the matrix that takes the values at evenly spaced knots to those on their spline."""
    knots = np.arange(given)
    fine = np.linspace(0, given - 1, (given - 1) * steps + 1)
    return CubicSpline(knots, np.eye(given), bc_type="natural")(fine)


def through(points: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the height at ``x`` of a smooth curve through points of growing x, level beyond."""
    return np.interp(x, *smooth(points, 12).T).astype(np.float32)


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
