"""Configurations as they were before rows: what they say, in today's keys."""

from collections.abc import Mapping
from copy import deepcopy
from itertools import product
from typing import Any

import yaml

from facsimile.errors import UserError

METHODS = ("lime", "kernel_shap", "occlusion", "integrated_gradients")
"""Methods whose settings were keys at the top."""

HID_SUPERPIXELS = ("lime", "kernel_shap")
"""Methods that ``hidden_by`` was said of; others hid by black."""

Part = dict[str, Any]


def refuse_old(settings: Mapping) -> None:
    """Raise a UserError that prints the corrected YAML if settings have keys of the old form."""
    new = modernise(settings)
    changed = {key: value for key, value in new.items() if settings.get(key) != value}
    old = [key for key in settings if key in changed or key not in new]
    if old or changed:
        text = yaml.safe_dump(changed, sort_keys=False, default_flow_style=None, width=100)
        raise UserError(
            f"The configuration has keys of an older form, in {', '.join(old)}. In their place "
            f"write it so:\n\n{text}\ndocs/configuration.md explains every key."
        )


def modernise(old: Mapping) -> Part:
    """Return settings with today's keys; what is of today's form stays as it is."""
    new = deepcopy(dict(old))
    for recipe in _parts(new.get("networks")):
        _rename(recipe, rate="learning_rate", batch="batch_size", hide="occlude_share")
    for corpus in _parts(new.get("corpora")):
        if corpus.get("kind") == "embedded":
            corpus["kind"] = "synthetic"
    _rename(new.get("inference"), batch="batch_size")
    _rename(new.get("measure"), draws="bootstrap_samples")
    _superpixels(new)
    _explainers(new)
    _sensitivity(new)
    _settings_of_methods(new)
    _references(new)
    return new


def _superpixels(new: Part) -> None:
    cut = _mapping(new.get("superpixels"))
    if cut and cut.keys() <= {"kind", "n_segments", "compactness"}:
        new["superpixels"] = {}
        _named_cut(new["superpixels"], cut)


def _named_cut(superpixels: Part, cut: Part) -> str:
    """Return the name of the row that cuts so; add one if there is none."""
    usual = {"kind": "slic", "n_segments": 30}
    cut = {"kind": "parts"} if cut.get("kind") == "parts" else {**usual, **cut}
    for name, row in superpixels.items():
        there = {**usual, **_mapping(row)}
        if all(there[key] == cut[key] for key in usual if key in cut):
            return name
    name = f"{cut['kind']}{cut.get('n_segments', '')}"
    superpixels[name] = cut
    return name


def _explainers(new: Part) -> None:
    if isinstance(new.get("explainers"), list):
        new["explainers"] = {str(name): _named_explainer(name) for name in new["explainers"]}
    if "hidden_by" not in new:
        return
    hidden_by = new.pop("hidden_by")
    new["study"] = {**_mapping(new.get("study")), "baseline": hidden_by}
    if hidden_by != "black":
        for method in set(METHODS) - set(HID_SUPERPIXELS):
            for row in _rows_of(method, new):
                row.setdefault("baseline", "black")


def _named_explainer(name: object) -> Part:
    return {"method": "lime", "contrast": True} if name == "lime_contrast" else {}


def _sensitivity(new: Part) -> None:
    old = _mapping(new.get("sensitivity"))
    if not {"kinds", "n_segments", "hidden_by"} & old.keys():
        return
    rows = new.setdefault("explainers", {"lime": {}})
    for name in _list(old.get("explainers"), []):
        rows.setdefault(name, _named_explainer(name))
    superpixels = new.setdefault("superpixels", {})
    if not superpixels:
        _named_cut(superpixels, {})
    base = _mapping(next(iter(superpixels.values())))
    numbers = _list(old.pop("n_segments", None), [30, 80])
    wanted = product(_list(old.pop("kinds", None), ["slic"]), numbers)
    names = [
        _named_cut(superpixels, {**base, "kind": kind, "n_segments": number})
        for kind, number in wanted
    ]
    old["superpixels"] = list(dict.fromkeys(names))
    _rename(old, hidden_by="baselines")


def _settings_of_methods(new: Part) -> None:
    """Hand what stood at the top, once for a method, to each row of that method."""
    for method in METHODS:
        if options := _mapping(new.pop(method, None)):
            _rename(options, draws="sampling")
            new.setdefault("explainers", {"lime": {}})
            for row in _rows_of(method, new):
                row.update(options)


def _rows_of(method: str, new: Part) -> list[Part]:
    """Return the rows of a method, to be changed in place."""
    rows = _mapping(new.get("explainers"))
    rows.update({name: {} for name, row in rows.items() if row is None})
    return [
        row
        for name, row in rows.items()
        if isinstance(row, dict) and row.get("method", name) == method
    ]


def _references(new: Part) -> None:
    maps = _mapping(new.pop("reference_maps", None))
    brought = {name: {"kind": "maps", "path": folder} for name, folder in maps.items()}
    if "human" in new:
        brought["human"] = {"kind": "tiles", **_mapping(new.pop("human"))}
    listed = new.get("references")
    if isinstance(listed, list):
        new["references"] = {str(name): brought.get(name, {}) for name in listed}
    elif brought:
        new["references"] = {**_mapping(listed), **brought}


def _parts(rows: object) -> list[Part]:
    return [one for one in _mapping(rows).values() if isinstance(one, dict)]


def _mapping(value: object) -> Part:
    """Return a value that is a mapping, itself; else an empty one: checking will complain."""
    return value if isinstance(value, dict) else {}


def _list(value: object, default: list) -> list:
    return value if isinstance(value, list) else default


def _rename(part: object, **names: str) -> None:
    """Rename keys in place; the order of the others stays."""
    if isinstance(part, dict) and names.keys() & part.keys():
        renamed = {names.get(key, key): value for key, value in part.items()}
        part.clear()
        part.update(renamed)
