"""Reading image files and resizing faces."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 100_000_000
"""Larger images are refused before they are decoded: no photograph of a face needs more."""


class UnreadableImage(Exception):
    """An image that cannot be used; the message is the reason written to ``excluded.csv``."""


def read(path: Path) -> np.ndarray:
    """Return an image file as 8-bit RGB, upright.

    Returns
    -------
    (height, width, 3) uint8 array, turned as its EXIF orientation says.

    Raises
    ------
    UnreadableImage
        If the file is missing, empty, truncated, too large or no image.
    """
    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UnreadableImage(f"image too large: {image.width} x {image.height} pixels")
            image.load()
            return np.asarray(_to_rgb(ImageOps.exif_transpose(image)))
    except FileNotFoundError:
        raise UnreadableImage("file not found") from None
    except Image.DecompressionBombError:
        raise UnreadableImage("image too large") from None
    except UnidentifiedImageError:
        raise UnreadableImage("not an image") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise UnreadableImage(f"unreadable image: {_first_line(error)}") from None


def resize(faces: np.ndarray, size: int) -> np.ndarray:
    """Return faces at another size, by Pillow's antialiased bilinear filter.

    Parameters
    ----------
    faces : (n, height, width) uint8 array.
    size : width and height to return, in pixels.
    """
    if faces.shape[1:] == (size, size):
        return np.asarray(faces)
    resized = np.empty((len(faces), size, size), np.uint8)
    for row, face in enumerate(faces):
        resized[row] = Image.fromarray(face).resize((size, size), Image.Resampling.BILINEAR)
    return resized


def _to_rgb(image: Image.Image) -> Image.Image:
    """Return any Pillow mode as 8-bit RGB; Pillow alone would clip 16 bits instead of scaling."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(image, np.float64)).clip(0)
        image = Image.fromarray((values / max(values.max(), 1) * 255).astype(np.uint8))
    if "transparency" in image.info or image.mode in ("RGBA", "LA"):
        opaque = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque)
    return image.convert("RGB")


def _first_line(error: Exception) -> str:
    # Messages may hold the whole path or object address: keep them short and stable.
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text.splitlines()[0].split(" <")[0]
