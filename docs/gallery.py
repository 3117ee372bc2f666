"""Make the pictures of docs/gallery.md from finished studies: `make gallery` runs these first.

Of photographs only what is drawn on the outline of a face is shown: nobody's picture is published.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.show.on_faces import heatmap_sheet
from facsimile.show.style import save

GALLERY = Path(__file__).parent / "gallery"
QUALITY = 82

FIGURES = {
    "steps": 760,
    "heatmaps/lime_average": 620,
    "specificity/lime_average/facs_variants": 760,
    "pretraining/lime_average": 760,
    "likeness/lime_average/people": 900,
    "faith": 900,
}
"""Figures of the default study, and how wide they are shown, in pixels."""


def of_default_study(results: Path) -> None:
    """Make small copies of some of a study's own figures."""
    for name, width in FIGURES.items():
        _small(results / "figures" / f"{name}.png", f"default-{name.partition('/')[0]}", width)


def of_photographs(results: Path) -> None:
    """Draw one network's heatmaps with each baseline; and how far the rows can be believed."""
    outline = np.load(results / "rivals" / "outline.npy")
    for network in ("face_api", "fer"):
        heatmaps = {
            (row.name, expression): np.load(row / network / f"{expression}.npy")
            for row in _rows_of_explainers(results)
            for expression in EXPRESSIONS
        }
        sheet = results / "figures" / "gallery" / f"{network}.png"
        save(heatmap_sheet(heatmaps, outline), sheet)
        _small(sheet, f"photographs-{network}", 700)
    _small(results / "figures" / "faith.png", "photographs-faith", 900)


def _rows_of_explainers(results: Path) -> list[Path]:
    """Return the folders of heatmaps, black first and the average face last."""
    return [
        results / "heatmaps" / row
        for row in ("lime", "lime_grey", "lime_noise", "lime_blur", "lime_average")
    ]


def _small(picture: Path, name: str, width: int) -> None:
    with Image.open(picture) as given:
        size = width, round(given.height * width / given.width)
        small = given.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    small.save(GALLERY / f"{name}.jpg", quality=QUALITY, subsampling=0, optimize=True)


if __name__ == "__main__":
    default, *photographs = map(Path, sys.argv[1:])
    of_default_study(default)
    for folder in photographs:
        of_photographs(folder)
