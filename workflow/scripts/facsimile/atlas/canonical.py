"""A face that everyone shares: carrying maps from each face to the canonical one.

The canonical landmarks are what dlib's 68-point model answers on a black image for the rectangle
(0, 0, 224, 250). Twenty-one helper points join them, in the frame and in each face: the 17 jaw
points moved to the top edge, and the four corners. The Delaunay triangles of these 89 canonical
points are used for every face, so that each canonical pixel is a fixed mix of three points and
the way to a face is one sparse matrix (pixels x 89) times the face's own 89 points.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from facsimile import FACE_SIZE

if TYPE_CHECKING:
    from scipy.sparse import csr_array

WIDTH, HEIGHT = 224, 275
"""Size of the canonical frame, in pixels."""

JAW_POINTS = 17


def read_landmarks(path: str | Path) -> np.ndarray:
    """Return the canonical landmarks, (68, 2) x then y, from a table ``landmark, x, y``."""
    return pd.read_csv(path, index_col="landmark").sort_index()[["x", "y"]].to_numpy(np.float64)


def with_helpers(landmarks: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return 68 landmarks with their 21 helper points, (89, 2), in a frame of the given size."""
    top = landmarks[:JAW_POINTS] * (1, 0)
    right, bottom = width - 1, height - 1
    corners = [(0, 0), (0, bottom), (right, 0), (right, bottom)]
    return np.vstack([landmarks, top, corners])


@dataclass(frozen=True)
class Atlas:
    """The way from the canonical frame to any face.

    ``weights`` (275 * 224, 89) holds for each canonical pixel, row by row, the barycentric
    coordinates in its triangle.
    """

    weights: "csr_array"

    @classmethod
    def of(cls, canonical: np.ndarray) -> "Atlas":
        """Triangulate the canonical landmarks, (68, 2)."""
        # Imported here since few of those who need the size of the frame need a face.
        from scipy.sparse import csr_array
        from scipy.spatial import Delaunay

        points = with_helpers(canonical, WIDTH, HEIGHT)
        rows, columns = np.mgrid[:HEIGHT, :WIDTH]
        pixels = np.column_stack([columns.ravel(), rows.ravel()]).astype(np.float64)
        triangles = Delaunay(points)
        found = triangles.find_simplex(pixels, tol=1e-9)
        to_barycentric = triangles.transform[found]
        first = np.einsum("pij,pj->pi", to_barycentric[:, :2], pixels - to_barycentric[:, 2])
        coordinates = np.column_stack([first, 1 - first.sum(1)])
        corners = triangles.simplices[found]
        indptr = np.arange(0, corners.size + 1, 3, dtype=corners.dtype)
        shape = (len(pixels), len(points))
        return cls(csr_array((coordinates.ravel(), corners.ravel(), indptr), shape=shape))

    def positions(self, landmarks: np.ndarray, size: int = FACE_SIZE) -> np.ndarray:
        """Return where in a face each canonical pixel lies, (2, 275, 224): x and y in its pixels.

        Parameters
        ----------
        landmarks : (68, 2) of the face, in pixels of its 224 x 224 picture.
        size : of a map of the face, in pixels.
        """
        points = with_helpers(np.asarray(landmarks, np.float64), FACE_SIZE, FACE_SIZE)
        # Pixel centres lie at half-integers of the picture's extent. Each position is a mix of
        # points whose weights add up to one, so that scaling the points scales it too.
        scaled = (points + 0.5) * (size / FACE_SIZE) - 0.5
        along = [self.weights @ one for one in scaled.T.copy()]
        return np.reshape(along, (2, HEIGHT, WIDTH))

    def carry(self, image: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
        """Carry one map of a face to the canonical frame, piecewise affine and bilinear.

        Parameters
        ----------
        image : (size, size) map of the face at any resolution.
        landmarks : (68, 2) of the face, in pixels of its 224 x 224 picture.

        Returns
        -------
        (275, 224) float32 array.
        """
        size = len(image)
        x, y = (one.clip(0, size - 1) for one in self.positions(landmarks, size))
        column, row = x.astype(np.int32), y.astype(np.int32)
        right, down = (x - column).astype(np.float32), (y - row).astype(np.float32)
        padded = np.pad(np.asarray(image, np.float32), (0, 1), mode="edge").ravel()
        pixels = (row * (size + 1) + column).astype(np.intp)

        def between(start: int) -> np.ndarray:
            left, further = padded[start:].take(pixels), padded[start + 1 :].take(pixels)
            return left + (further - left) * right

        above, below = between(0), between(size + 1)
        return above + (below - above) * down
