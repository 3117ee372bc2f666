"""Reading image files and resizing faces."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from facsimile.faces.records import UnreadableImage

PASSED_OVER = frozenset(("BUFR", "EPS", "FITS", "GRIB", "HDF5", "MPEG", "WMF"))
"""Formats that Pillow knows by name alone, or reads by programs that a machine may have or not."""

MAX_PIXELS = 100_000_000
"""Larger images are refused before they are decoded: no photograph of a face needs more."""

AT_ONCE = 256
"""Faces in memory at their first size while they are resized."""

BITS, PHOTOMETRIC, ORIENTATION, SAMPLE_FORMAT = 258, 262, 274, 339
"""Tags of a TIFF."""

SIGNED = 2
"""The sample format of signed numbers."""

DARK = "16 bits a colour, of which the upper ones are empty: save it with 8"

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
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableImage("no file, but a folder, pipe or device")
        with opened(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UnreadableImage(TOO_LARGE)
            given = _of_samples(path, image) if _is_beyond_pillow(image) else image
            halved = loses_bits(given)
            pixels = np.asarray(_to_rgb(ImageOps.exif_transpose(given)))
            if halved and pixels.max() < 128:
                raise UnreadableImage(DARK)
            return pixels
    except FileNotFoundError:
        raise UnreadableImage("broken link" if path.is_symlink() else "file not found") from None
    except PermissionError:
        raise UnreadableImage("no permission to read the file") from None
    except Image.DecompressionBombError:
        raise UnreadableImage(TOO_LARGE) from None
    except UnidentifiedImageError:
        raise UnreadableImage("not an image, or of a kind that is not read") from None
    except UnreadableImage:
        raise
    except Exception as error:  # Pillow's readers raise whatever a damaged file leads them to
        raise UnreadableImage(f"unreadable image: {_first_line(error)}") from None


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Yield an image file, not yet decoded, of a format that Pillow reads by itself."""
    Image.preinit()
    Image.init()
    kinds = [kind for kind in Image.ID if kind not in PASSED_OVER]
    # By its path alone Pillow maps raw TIFFs into memory, and mixes up those that lie on a side.
    with path.open("rb") as file, Image.open(file, formats=kinds) as image:
        yield image


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
    if is_deep(image):
        image = Image.fromarray(_scaled(np.asarray(image)))
    if image.has_transparency_data:
        opaque = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque)
    return image.convert("RGB")


def is_deep(image: Image.Image) -> bool:
    """Return whether an image has one channel of more than 8 bits."""
    return image.mode.startswith("I") or image.mode == "F"


def _scaled(values: np.ndarray) -> np.ndarray:
    """Return samples of any kind as 8 bits, in their order: black is 0, or what lies below."""
    values = values.astype(np.float64)
    finite = values[np.isfinite(values)]
    low, high = finite.min(initial=0), finite.max(initial=1)
    values = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    return ((values - low) / (high - low) * 255).astype(np.uint8)


def loses_bits(image: Image.Image) -> bool:
    """Return whether Pillow drops the lower half of colours of 16 bits as it decodes them."""
    return not is_deep(image) and any(";16" in str(tile[3]) for tile in getattr(image, "tile", ()))


def _is_beyond_pillow(image: Image.Image) -> bool:
    """Return whether a TIFF has samples that Pillow takes for others."""
    if image.format != "TIFF":
        return False
    tags = image.tag_v2  # type: ignore[attr-defined]
    deep, signed = max(tags.get(BITS, (1,))) > 8, tags.get(SAMPLE_FORMAT, (1,))[0] == SIGNED
    # What Pillow has as 32 bits with a sign is, without one, another number from 2^31 on.
    wraps = image.mode == "I" and not signed
    black_is_zero = is_deep(image) and tags.get(PHOTOMETRIC) == 1
    return (deep and (wraps or not black_is_zero)) or (signed and not deep)


def _of_samples(path: Path, given: Image.Image) -> Image.Image:
    """Return the first image of a TIFF by what the file says of its samples."""
    from tifffile import PHOTOMETRIC as KINDS
    from tifffile import TiffFile

    with TiffFile(path) as file:
        page = file.pages.first
        kind = page.photometric
        if page.size > 3 * MAX_PIXELS:
            raise UnreadableImage(TOO_LARGE)
        if (kind, page.samplesperpixel) not in [
            (KINDS.MINISBLACK, 1), (KINDS.MINISWHITE, 1), (KINDS.RGB, 3),
        ]:  # fmt: skip
            raise UnreadableImage("TIFF of a kind that is not read: save it as PNG")
        planes = page.asarray(squeeze=False)[:, 0]
    # Colours are planes of their own, or the last axis: the other of the two is 1.
    values = np.moveaxis(planes, 0, -1).reshape(*planes.shape[1:3], -1)
    scaled = _scaled(values[..., 0] if values.shape[-1] == 1 else values)
    image = Image.fromarray(255 - scaled if kind == KINDS.MINISWHITE else scaled)
    image.getexif()[ORIENTATION] = given.getexif().get(ORIENTATION, 1)
    return image


def _first_line(error: Exception) -> str:
    # Messages may hold the whole path or object address: keep them short and stable.
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text.splitlines()[0].split(" <")[0]
