"""Reading image files and resizing faces."""

import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from facsimile.faces.records import UnreadableImage

MAX_PIXELS = 100_000_000
"""Larger images are refused before they are decoded: no photograph of a face needs more."""

AT_ONCE = 256
"""Faces in memory at their first size while they are resized."""

TOO_LARGE = f"image too large: over {MAX_PIXELS // 10**6} million pixels"


def read(path: Path, within: Path | None = None) -> np.ndarray:
    """Return an image file as 8-bit RGB, upright; of an animation, the first frame.

    Parameters
    ----------
    path : of the file.
    within : a folder that the file must lie in, links resolved.

    Returns
    -------
    (height, width, 3) uint8 array, turned as its EXIF orientation says.

    Raises
    ------
    UnreadableImage
        If the file is missing, forbidden, elsewhere, empty, truncated, too large or no image.
    """
    try:
        if within and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(within)):
            raise UnreadableImage("path leaves the corpus folder")
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UnreadableImage(TOO_LARGE)
            image.load()
            return np.asarray(_to_rgb(ImageOps.exif_transpose(image)))
    except FileNotFoundError:
        raise UnreadableImage("broken link" if path.is_symlink() else "file not found") from None
    except PermissionError:
        raise UnreadableImage("no permission to read the file") from None
    except Image.DecompressionBombError:
        raise UnreadableImage(TOO_LARGE) from None
    except UnidentifiedImageError:
        raise UnreadableImage("not an image") from None
    except UnreadableImage:
        raise
    except Exception as error:  # Pillow's readers raise whatever a damaged file leads them to
        raise UnreadableImage(f"unreadable image: {_first_line(error)}") from None


def resize(faces: np.ndarray, size: int) -> np.ndarray:
    """Return faces at another size, by Pillow's antialiased bilinear filter.

    Parameters
    ----------
    faces : (n, height, width) uint8 array, in colour (n, height, width, 3), or what gives one by
        slices, such as a memory map; it is returned as it is where it has the size.
    size : width and height to return, in pixels.
    """
    if faces.shape[1:3] == (size, size):
        return faces
    resized = np.empty((len(faces), size, size, *faces.shape[3:]), np.uint8)
    for first in range(0, len(faces), AT_ONCE):
        for row, face in enumerate(faces[first : first + AT_ONCE], start=first):
            small = Image.fromarray(face).resize((size, size), Image.Resampling.BILINEAR)
            resized[row] = np.asarray(small)
    return resized


def grey(face: np.ndarray) -> np.ndarray:
    """Return the brightness of a uint8 face in colour, (height, width, 3); of a grey one itself."""
    return face if face.ndim == 2 else np.asarray(Image.fromarray(face).convert("L"))


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
