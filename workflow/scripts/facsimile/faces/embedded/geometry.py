"""Where the 68 landmarks of a neutral face lie, and how the camera sees them.

Face coordinates: the origin lies between the eyes, the unit is the distance between the outer
corners of the eyes, x grows to the right of the picture and y down.
"""

from dataclasses import dataclass

import numpy as np

# The mean face: the canonical landmarks of the study (dlib's 68-point model on a black image),
# brought back to a square box, made symmetric and rounded. Left half and midline, iBUG order.
_HALF = {
    **dict(enumerate([
        (-.842, .020), (-.842, .248), (-.824, .476), (-.775, .700), (-.686, .920),
        (-.558, 1.125), (-.400, 1.305), (-.212, 1.430), (0, 1.462),
    ])),
    17: (-.636, -.161), 18: (-.518, -.228), 19: (-.377, -.248), 20: (-.228, -.228),
    21: (-.108, -.176), 27: (0, -.008), 28: (0, .149), 29: (0, .299), 30: (0, .456),
    31: (-.189, .558), 32: (-.097, .593), 33: (0, .621),
    36: (-.500, 0), 37: (-.412, -.051), 38: (-.307, -.051), 39: (-.211, .004),
    40: (-.307, .030), 41: (-.412, .032),
    48: (-.346, .884), 49: (-.224, .830), 50: (-.088, .800), 51: (0, .815),
    57: (0, 1.010), 58: (-.101, 1.003), 59: (-.237, .955),
    60: (-.320, .886), 61: (-.110, .891), 62: (0, .895), 66: (0, .897), 67: (-.110, .893),
}  # fmt: skip

MIRROR = np.array(
    [*range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31]
    + [45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40]
    + [54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65]
)
"""The landmark on the other side of the face, for each of the 68."""


def both_sides(half: dict[int, tuple[float, float]]) -> np.ndarray:
    """Return (68, 2) values from those of the left side of the picture and the midline."""
    points = np.zeros((68, 2))
    for index, (x, y) in half.items():
        points[index] = x, y
        points[MIRROR[index]] = (x, y) if MIRROR[index] == index else (-x, y)
    return points


MEAN = both_sides(_HALF)
"""(68, 2) landmarks of the mean face with closed lips."""


@dataclass(frozen=True)
class Camera:
    """From face coordinates to pixels: a shift by depth (small yaw), then roll, size, place."""

    scale: float
    roll: float
    yaw: float
    centre: tuple[float, float]

    def grid(self, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the face coordinates (x, y) of each pixel's centre, two float32 arrays."""
        across = (np.arange(width, dtype=np.float32) - self.centre[0]) / self.scale
        down = (np.arange(height, dtype=np.float32) - self.centre[1])[:, None] / self.scale
        cosine, sine = np.float32(np.cos(self.roll)), np.float32(np.sin(self.roll))
        x, y = cosine * across + sine * down, cosine * down - sine * across
        return x - np.float32(self.yaw) * depth(x, y), y

    def project(self, points: np.ndarray, steps: int = 25) -> np.ndarray:
        """Return the pixel positions of points in face coordinates, both (..., 2).

        The shift by depth is solved for in steps, to less than 1e-9 of a pixel by default.
        """
        x, y = np.asarray(points, np.float64)[..., 0], np.asarray(points, np.float64)[..., 1]
        seen = x
        for _ in range(steps):
            seen = x + self.yaw * depth(seen, y)
        cosine, sine = np.cos(self.roll), np.sin(self.roll)
        turned = np.stack([cosine * seen - sine * y, sine * seen + cosine * y], axis=-1)
        return turned * self.scale + self.centre


def depth(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return how far a point of the face stands out towards the camera, for yaw only."""
    head = 0.5 / (1 + (x / 0.9) ** 2 + ((y - 0.4) / 1.6) ** 2)
    nose = 0.2 * np.exp(-((x / 0.16) ** 2) - ((y - 0.5) / 0.25) ** 2)
    return head + nose
