"""Regions as people write them: the polygons of each expression, in YAML."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from facsimile import EXPRESSIONS
from facsimile.errors import UserError
from facsimile.slips import refuse_slips

MEANING = "meaning"
"""Key beside the expressions: what the regions are, in a sentence for the report."""


def read_regions(path: str | Path) -> dict[str, list[str]]:
    """Return the polygons of each expression from a YAML file such as ``ekman.yaml``.

    Raises
    ------
    UserError
        If there is no such file, or it is no YAML, lacks one of the six expressions or names
        another, or if one has anything but a list of polygons of three corners and more.
    """
    regions = _read(path)
    if isinstance(regions, Mapping):
        regions = {name: regions[name] for name in regions if name != MEANING}
    if not isinstance(regions, Mapping) or set(regions) != set(EXPRESSIONS):
        listed = regions if isinstance(regions, Iterable) else []
        found = ", ".join(map(str, listed)) or "nothing"
        raise UserError(f"{path} must name exactly {', '.join(EXPRESSIONS)}; found: {found}.")
    for name, polygons in regions.items():
        if not isinstance(polygons, list) or not polygons or not all(map(_is_polygon, polygons)):
            raise UserError(
                f"{path}: {name} must be a list of polygons such as '19 26 34', each of three "
                f"corners or more; found: {polygons}."
            )
    return {name: regions[name] for name in EXPRESSIONS}


def read_meaning(path: str | Path) -> str:
    """Return what the file of regions says that they mean; nothing if it does not say so."""
    regions = _read(path)
    return str(regions.get(MEANING, "")) if isinstance(regions, Mapping) else ""


def _read(path: str | Path) -> object:
    try:
        refuse_slips([path])
        return yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(
            f"There is no file {path}: it would hold the polygons of each expression."
        ) from None
    except yaml.YAMLError as error:
        raise UserError(f"{path} cannot be read as YAML: {error}.") from None


def _is_polygon(text: object) -> bool:
    return isinstance(text, str) and len(text.split()) >= 3
