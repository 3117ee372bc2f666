"""Where the 68 landmarks of a neutral face lie, and how the camera sees them.

Face coordinates: the origin lies between the eyes, the unit is the distance between the outer
corners of the eyes, x grows to the right of the picture and y down.
"""

from dataclasses import dataclass

import numpy as np

# The mean face. It began as dlib's mean shape, made symmetric; below the eyes it is a tenth
# shorter and the brows are higher, as dlib itself finds on photographs. Left half and midline,
# iBUG order.
_HALF = {
    **dict(enumerate([
        (-.786, -.005), (-.783, .205), (-.764, .420), (-.722, .633), (-.638, .828),
        (-.518, 1.010), (-.373, 1.172), (-.200, 1.286), (0, 1.318),
    ])),
    17: (-.648, -.165), 18: (-.535, -.238), 19: (-.394, -.264), 20: (-.246, -.246),
    21: (-.118, -.196), 27: (0, -.015), 28: (0, .125), 29: (0, .259), 30: (0, .400),
    31: (-.176, .494), 32: (-.090, .525), 33: (0, .548),
    36: (-.500, 0), 37: (-.411, -.051), 38: (-.307, -.051), 39: (-.211, .006),
    40: (-.309, .030), 41: (-.413, .032),
    48: (-.335, .798), 49: (-.215, .738), 50: (-.085, .710), 51: (0, .724),
    57: (0, .916), 58: (-.098, .910), 59: (-.226, .866),
    60: (-.285, .800), 61: (-.107, .802), 62: (0, .805), 66: (0, .807), 67: (-.107, .804),
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
    """From face coordinates to pixels: a shift by depth, then roll, size, place.

    The shift stands for a head turned (``yaw``, positive to the right of the picture) or nodded
    (``pitch``, positive down) by the angle whose sine it is.
    """

    scale: float
    roll: float
    yaw: float
    pitch: float
    centre: tuple[float, float]

    def grid(self, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the face coordinates (x, y) of each pixel's centre, two float32 arrays."""
        across = (np.arange(width, dtype=np.float32) - self.centre[0]) / self.scale
        down = (np.arange(height, dtype=np.float32) - self.centre[1])[:, None] / self.scale
        cosine, sine = np.float32(np.cos(self.roll)), np.float32(np.sin(self.roll))
        x, y = cosine * across + sine * down, cosine * down - sine * across
        near = depth(x, y)
        return x - np.float32(self.yaw) * near, y - np.float32(self.pitch) * near

    def project(self, points: np.ndarray, steps: int = 60) -> np.ndarray:
        """Return the pixel positions of points in face coordinates, both (..., 2).

        The shift by depth is solved for in steps, to less than 1e-9 of a pixel by default.
        """
        x, y = np.asarray(points, np.float64)[..., 0], np.asarray(points, np.float64)[..., 1]
        seen_x, seen_y = x, y
        for _ in range(steps):
            near = depth(seen_x, seen_y)
            seen_x, seen_y = x + self.yaw * near, y + self.pitch * near
        cosine, sine = np.cos(self.roll), np.sin(self.roll)
        turned = np.stack(
            [cosine * seen_x - sine * seen_y, sine * seen_x + cosine * seen_y], axis=-1
        )
        return turned * self.scale + self.centre


def depth(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return how far a point of the face stands out towards the camera, from the eyes' plane."""
    head = 1.0 / (1 + (x / 0.85) ** 2 + ((y - 0.3) / 1.5) ** 2) - 0.75
    nose = 0.25 * np.exp(-((x / 0.18) ** 2) - ((y - 0.44) / 0.22) ** 2)
    return head + nose
