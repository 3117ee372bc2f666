"""Pictures for the page: heatmaps on the face, weights on superpixels, as WebP inside it."""

import base64
import io

import numpy as np
from PIL import Image
from skimage.segmentation import find_boundaries

from facsimile.show.on_faces import SHADES, opacity, stretch, tones

FOR, AGAINST = np.array((0.84, 0.37, 0.0)), np.array((0.0, 0.45, 0.70))
"""Colours of what spoke for an answer and against it, told apart by colour-blind readers too."""


def data_uri(picture: np.ndarray, quality: int = 80) -> str:
    """Return a picture, (rows, columns) or (rows, columns, 3) from 0 to 1, as a WebP data URI."""
    file = io.BytesIO()
    Image.fromarray((np.clip(picture, 0, 1) * 255).round().astype(np.uint8)).save(
        file, "webp", quality=quality, method=4
    )
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def painted(heatmap: np.ndarray, mean_face: np.ndarray) -> np.ndarray:
    """Return a heatmap on the mean face, as the sheets of figures show it.

    Parameters
    ----------
    heatmap : (rows, columns), stretched to its own range 0 to maximum; NaN where no face could be
        explained.
    mean_face : (rows, columns) grey values, 0 to 255.

    Returns
    -------
    (rows, columns, 3), 0 to 1.
    """
    strength = stretch(heatmap)
    heat = SHADES[(strength * (len(SHADES) - 1)).round().astype(int), :3]
    return _over(tones(mean_face), heat, opacity(strength))


def weighed(face: np.ndarray, weights: np.ndarray, edges: np.ndarray | None) -> np.ndarray:
    """Return a face with the weights of its parts: for an answer in one colour, against in another.

    Parameters
    ----------
    face : (size, size) or (size, size, 3) grey values or colours, 0 to 1.
    weights : (size, size), of which the strongest is shown full.
    edges : (size, size) bool, where parts meet; None where the parts are pixels.
    """
    strength = weights / (np.abs(weights).max() or 1)
    colour = np.where(strength[..., None] > 0, FOR, AGAINST)
    shown = _over(0.35 + 0.65 * grey(face), colour, 0.85 * np.abs(strength))
    return shown if edges is None else edged(shown, edges)


def edged(face: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return a face, (size, size) or (size, size, 3), 0 to 1, with white lines at some edges."""
    return _over(face, np.ones(3), 0.75 * edges)


def edges_of(labels: np.ndarray, size: int) -> np.ndarray:
    """Return where superpixels of a label image meet, (size, size) bool, at the picture's size."""
    return find_boundaries(resized(labels, size), mode="inner")


def resized(image: np.ndarray, size: int) -> np.ndarray:
    """Return a square image at another size, each pixel the nearest: labels stay labels."""
    places = ((np.arange(size) + 0.5) * len(image) / size).astype(int)
    return image[places][:, places]


def shrunk(image: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Return an image of numbers at a smaller size, each pixel a mean."""
    channels = np.atleast_3d(np.asarray(image, np.float32))
    parts = [
        Image.fromarray(channel).resize((columns, rows), Image.Resampling.BOX)
        for channel in np.moveaxis(channels, 2, 0)
    ]
    return np.squeeze(np.stack([np.asarray(part) for part in parts], axis=2))


def grey(face: np.ndarray) -> np.ndarray:
    """Return a face without its colours, if it has any."""
    return face.mean(axis=2) if face.ndim == 3 else face


def _over(below: np.ndarray, above: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return colours laid over a picture, each pixel by a share of them."""
    base = below if below.ndim == 3 else below[..., None]
    return base + share[..., None] * (above - base)
