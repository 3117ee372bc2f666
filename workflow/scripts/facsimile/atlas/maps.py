"""Maps made elsewhere: one PNG or NPY an expression, on the canonical frame."""

import logging
import os
from collections.abc import Iterable
from pathlib import Path
from unicodedata import category

import numpy as np
from PIL import ImageOps

from facsimile import EXPRESSIONS
from facsimile.arrays import load_array
from facsimile.atlas.canonical import HEIGHT, WIDTH
from facsimile.errors import UserError, unknown
from facsimile.faces.images import is_deep, loses_bits, opened

log = logging.getLogger(__name__)

SUFFIXES = (".png", ".npy")

LONGEST_NAME = 200
"""Bytes of a folder's name: systems hold names to 255, and ours are longer by a suffix or more."""

MOST_LOST = 1e-3
"""Share of a map's range by which 32 bits may change one of its values."""


def find_maps(folder: str | Path) -> dict[str, Path]:
    """Return the file of each expression in a folder of ``{expression}.png`` or ``.npy``.

    Raises
    ------
    UserError
        If there is no folder or no map in it, a file is named for no expression, or an expression
        is there twice.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}: name one with a PNG or NPY an expression.")
    found: dict[str, Path] = {}
    for path in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
        if path.suffix.lower() not in SUFFIXES:
            if path.stem in EXPRESSIONS:
                raise UserError(f"{path} is neither PNG nor NPY: save it as one of these.")
            continue
        if path.stem not in EXPRESSIONS:
            raise unknown("expression", path.stem, EXPRESSIONS, str(path))
        if path.stem in found:
            raise UserError(f"{folder} has both {found[path.stem].name} and {path.name}: keep one.")
        found[path.stem] = path
    if not found:
        names = ", ".join(f"{name}.png" for name in EXPRESSIONS)
        raise UserError(f"{folder} holds no map: expected {names}, or the same as .npy.")
    return {name: found[name] for name in EXPRESSIONS if name in found}


def find_networks(folder: str | Path) -> dict[str, dict[str, Path]]:
    """Return the files of heatmaps in ``{folder}/{network}/{expression}.png`` or ``.npy``."""
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(
            f"There is no folder {folder}: external_heatmaps is a folder with "
            "{network}/{expression}.png or .npy in it."
        )
    networks = sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
    if not networks:
        raise UserError(
            f"{folder} holds no folder: expected one a network, with {{expression}}.png or .npy."
        )
    for path in networks:
        if "{" in path.name or "}" in path.name:
            raise UserError(f"The folder {path} has braces in its name: rename it.")
        if len(os.fsencode(path.name)) > LONGEST_NAME:
            raise UserError(
                f"The folder {path} has a name of more than {LONGEST_NAME} bytes, and names of "
                "files are made of it: rename it."
            )
        if {"Cc", "Cs"} & set(map(category, path.name)):
            raise UserError(
                f"The folder {str(path)!a} has a name that is not UTF-8 or holds control "
                "characters: rename it."
            )
    return {path.name: find_maps(path) for path in networks}


def read_map(path: str | Path) -> np.ndarray:
    """Return one map, (275, 224) float32.

    Raises
    ------
    UserError
        If it cannot be read, has another size, colours, undefined or negative pixels.
    """
    path = Path(path)
    image = _read_array(path) if path.suffix.lower() == ".npy" else _read_picture(path)
    if image.shape != (HEIGHT, WIDTH):
        shape = " x ".join(map(str, image.shape[::-1]))
        raise UserError(f"{path} is {shape}; expected {WIDTH} wide and {HEIGHT} high.")
    given, image = image.astype(np.float64), image.astype(np.float32)
    if not np.isfinite(image).all():
        raise UserError(f"{path} holds {(~np.isfinite(image)).sum()} undefined pixels (NaN, inf).")
    if image.min() < 0:
        raise UserError(f"{path} holds negative values, down to {image.min():g}: keep the part "
                        "that speaks for the expression.")  # fmt: skip
    if np.ptp(given) and (np.abs(image - given) > MOST_LOST * np.ptp(given)).any():
        raise UserError(
            f"{path} has values from {given.min():g} to {given.max():g}, whose differences 32 bits "
            "do not hold: subtract the least of them and save it again."
        )
    return image


def _read_array(path: Path) -> np.ndarray:
    try:
        image = load_array(path)
    except ValueError as error:
        raise UserError(f"{path} cannot be read as NPY: {error}.") from None
    if not (np.issubdtype(image.dtype, np.number) or image.dtype == bool):
        raise UserError(f"{path} holds {image.dtype}; expected numbers.")
    if np.iscomplexobj(image):
        raise UserError(f"{path} holds complex numbers; expected real ones.")
    return image


def _read_picture(path: Path) -> np.ndarray:
    try:
        with opened(path) as given:
            halved = loses_bits(given)
            picture = ImageOps.exif_transpose(given)
            if is_deep(picture):
                return np.asarray(picture)
            colours = np.asarray(picture.convert("RGBA"))
    except Exception as error:  # Pillow's readers raise whatever a damaged file leads them to
        raise UserError(f"{path} cannot be read as PNG: {error}.") from None
    if halved:
        raise UserError(f"{path} has colours of 16 bits: save it as grey, or as NPY.")
    channels, opacity = colours[:, :, :3], colours[:, :, 3]
    if opacity.min() < 255:
        raise UserError(
            f"{path} is transparent in places, and what lies behind is not known: save it without "
            "transparency, or as NPY."
        )
    if np.ptp(channels, axis=2).any():
        raise UserError(f"{path} is in colour; expected grey, brighter where more is found.")
    return channels[:, :, 0]


def read_reference(folder: str | Path) -> dict[str, np.ndarray]:
    """Return a reference of all six expressions: regions where it holds two values, or densities.

    Raises
    ------
    UserError
        If an expression is missing, or a map is constant.
    """
    paths = find_maps(folder)
    missing = [name for name in EXPRESSIONS if name not in paths]
    if missing:
        raise UserError(f"{folder} has no map of {', '.join(missing)}: a reference needs all six.")
    maps = {name: read_map(path) for name, path in paths.items()}
    _refuse_constant(folder, (name for name, image in maps.items() if np.ptp(image) == 0))
    if all(len(np.unique(image)) == 2 for image in maps.values()):
        return {name: image > image.min() for name, image in maps.items()}
    return maps


def _refuse_constant(folder: str | Path, constant: Iterable[str]) -> None:
    names = list(constant)
    if names:
        raise UserError(f"{folder} marks nothing, or everything, for {', '.join(names)}: "
                        "a reference must tell places apart.")  # fmt: skip


def read_heatmaps(folder: str | Path) -> dict[str, np.ndarray]:
    """Return a network's heatmap of each expression, (275, 224) float32.

    One that is missing is NaN all over; the log says so, and of a constant one.
    """
    paths = find_maps(folder)
    maps = {}
    for name in EXPRESSIONS:
        if name not in paths:
            log.warning("%s has no heatmap of %s: nothing is measured there.", folder, name)
            maps[name] = np.full((HEIGHT, WIDTH), np.nan, np.float32)
            continue
        maps[name] = read_map(paths[name])
        if np.ptp(maps[name]) == 0:
            log.warning("%s is constant: its scores are undefined.", paths[name])
    return maps
