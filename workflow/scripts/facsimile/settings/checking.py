"""A study's settings, checked: defaults filled in, rows resolved, errors in one sentence."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from facsimile import devices
from facsimile.errors import UserError
from facsimile.faces.views import View
from facsimile.names import check_names
from facsimile.networks import hugging_face
from facsimile.networks.architectures import ARCHITECTURES
from facsimile.networks.finished import Finished, is_finished
from facsimile.networks.libraries import check_name
from facsimile.networks.recipe import Recipe
from facsimile.plugins import build, names
from facsimile.settings import kinds
from facsimile.settings.modernise import refuse_old
from facsimile.settings.sections import Configuration, Explained
from facsimile.settings.values import dump, read

MAPS = ("corpora", "networks", "superpixels", "baselines", "explainers", "references")
"""Keys that hold named rows."""

SUPERPIXELS = {"slic30": {"kind": "slic", "n_segments": 30, "compactness": 20.0}}
EXPLAINERS: dict[str, dict] = {"lime": {}}
REFERENCES: dict[str, dict] = {"ekman": {}}

EVIDENCE = {"evidence", "neutralised"}
"""Images of faces that there are only where it is known where the evidence lies."""

LONGEST_NAME = 64
NAME = re.compile(f"[A-Za-z0-9][A-Za-z0-9_-]{{0,{LONGEST_NAME - 1}}}")
"""Of a row: it is part of names of files, which systems hold to 255 characters."""

Row = dict[str, Any]
Rows = dict[str, Row]


def check(settings: Mapping, project: str | Path) -> dict[str, Any]:
    """Return the settings of a study with every default filled in and every row resolved.

    Parameters
    ----------
    settings : as read from configuration files and the command line; left alone.
    project : the project's folder, whose resources/references have names of their own.

    Returns
    -------
    Dicts, lists, text and numbers, as JSON has them, every key in the order in which it is
    documented: rows are made of nothing but themselves, fit to be parameters of jobs. Checking
    them again changes nothing.

    Raises
    ------
    UserError
        For the first key or value that is not allowed: the key, what was found, what is allowed,
        and the nearest name.
    """
    refuse_old(settings)
    _refuse_odd_names(settings)
    given = read(Configuration, settings)
    whole = dump(given)
    devices.check(whole["device"])
    _require_architecture(whole["chance"]["architecture"], "chance: architecture")

    whole["corpora"] = {
        name: _of_kind(kinds.CORPORA, row, place)
        for name, row, place in _rows(given.corpora, "corpora")
    }
    whole["networks"] = {
        name: _network(row, project, place)
        for name, row, place in _rows(given.networks, "networks")
    }
    whole["superpixels"] = {
        name: _of_kind(kinds.SUPERPIXELS, row, place)
        for name, row, place in _rows(given.superpixels or SUPERPIXELS, "superpixels")
    }
    whole["baselines"] = {
        name: _of_kind(kinds.BASELINES, row, place)
        for name, row, place in _rows(_baselines(given), "baselines")
    }
    whole["explainers"] = {
        name: _explainer({"method": name} | row, whole, place)
        for name, row, place in _rows(given.explainers or EXPLAINERS, "explainers")
    }
    known = known_references(project)
    whole["references"] = {
        name: _of_kind(kinds.REFERENCES, _reference(name, row, known), place)
        for name, row, place in _rows(given.references or REFERENCES, "references")
    }
    check_names(whole["networks"], whole["references"], whole["explainers"])
    _require_primary(whole)
    _resolve_sensitivity(whole)
    _require_judges(whole["faith"]["baselines"])
    _refuse_what_is_not_known(whole)
    _refuse_what_networks_lack(whole)
    return whole


def known_references(project: str | Path) -> Rows:
    """Return the references that are known by their name alone, as rows."""
    folder = Path("resources") / "references"
    drawn = sorted((Path(project) / folder).glob("*.yaml"))
    return {
        **{one.stem: {"kind": "regions", "path": str(folder / one.name)} for one in drawn},
        "facs_core": {"kind": "action_units", "units": "core"},
        "facs_variants": {"kind": "action_units", "units": "variants"},
    }


def _refuse_odd_names(settings: Mapping) -> None:
    """Refuse names of rows that are no names, or that YAML takes for something else."""
    for place in MAPS:
        rows = settings.get(place)
        for name in rows if isinstance(rows, Mapping) else ():
            if not isinstance(name, str):
                raise UserError(
                    f"A name in '{place}' is no text to YAML, which reads it as {name!r} (as it "
                    "does 50, on, yes and ~): put the name into quotes, or choose another."
                )
            if not NAME.fullmatch(name):
                raise UserError(
                    f"The configuration key '{place}' is wrong: '{name}' is no name; use at most "
                    f"{LONGEST_NAME} letters, digits, '_' and '-', and begin with a letter or "
                    "digit."
                )


def _rows(rows: Mapping, key: str) -> Iterator[tuple[str, Row, str]]:
    """Yield each name, what its row says, and its place; a name alone is a row of defaults."""
    for name, row in rows.items():
        place = f"{key}: {name}"
        if row is not None and row != "" and not isinstance(row, Mapping):
            raise UserError(
                f"The configuration key '{place}' is wrong: {row!r} is not of type 'object'."
            )
        yield name, dict(row or {}), place


def _of_kind(family: kinds.Kinds, row: Row, place: str) -> Row:
    """Return a row that says its kind, resolved: its kind, and all settings of that kind."""
    default = place.partition(": ")[2] if family.by_name else family.default
    if (name := row.pop(family.key, default)) is None:
        raise UserError(f"The configuration lacks the key '{family.key}' in '{place}': add it.")
    kind = family.load(name, f"{place}: {family.key}")
    return {family.key: name, **dump(read(kind, row, place, beside=[family.key]))}


def _network(row: Row, project: str | Path, place: str) -> Row:
    """Return a finished network, or a recipe; of an unknown architecture nothing else is said."""
    if is_finished(row):
        return dump(read(Finished, _described(row, project, place), place))
    row = {"architecture": place.removeprefix("networks: ")} | row
    _require_architecture(row["architecture"], f"{place}: architecture")
    return dump(read(Recipe, row, place))


def _described(row: Row, project: str | Path, place: str) -> Row:
    """Return a finished network's row with what the network's own folder says of it."""
    try:
        return hugging_face.described(row, project)
    except UserError as error:
        raise UserError(f"In '{place}': {error}") from None


def _require_architecture(name: Any, place: str) -> None:
    if "/" in str(name):
        check_name(name)
    else:
        kinds.require(name, ARCHITECTURES, "network", place)


def _reference(name: str, row: Row, known: Rows) -> Row:
    """Return the row of a reference with the kind and place that its name alone may say."""
    if "kind" in row:
        return row
    try:
        kinds.require(name, known, "reference", "references")
    except UserError as error:
        own = ", ".join(kinds.REFERENCES.names)
        raise UserError(f"{error} A reference of your own says its kind ({own}).") from None
    return known[name] | row


def _baselines(given: Configuration) -> Rows:
    """Return the rows of baselines, and one of defaults for each kind that is used by its name."""
    rows = given.baselines or {}
    named = [(given.study.baseline, "study: baseline")]
    for _, row, place in _rows(given.explainers or EXPLAINERS, "explainers"):
        named += [(row["baseline"], f"{place}: baseline")] if row.get("baseline") else []
    named += [(name, "sensitivity: baselines") for name in given.sensitivity.baselines]
    named += [(name, "faith: baselines") for name in given.faith.baselines]
    for name, place in named:
        kinds.require(name, [*kinds.BASELINES.names, *rows], "baseline", place)
    return rows | {name: {} for name, _ in named if name not in rows}


def _explainer(row: Row, whole: Mapping, place: str) -> Row:
    """Return a row of explainers, resolved; what its method does not use is None."""
    name, study = row.pop("method"), whole["study"]
    method = kinds.METHODS.load(name, f"{place}: method")
    common = {key: row.pop(key) for key in dump(Explained()) if key in row}
    options = dump(read(method, row, place, beside=["method", *dump(Explained())]))
    found = dump(read(Explained, common, place))
    defaults = {
        "superpixels": next(iter(whole["superpixels"])) if method.USES_SUPERPIXELS else None,
        "baseline": study["baseline"] if method.USES_BASELINE else None,
        "select": study["select"],
        "faces": study["faces_per_expression"],
    }
    for key, used in (
        ("superpixels", method.USES_SUPERPIXELS),
        ("baseline", method.USES_BASELINE),
    ):
        if found[key] is not None and not used:
            raise UserError(
                f"The configuration key '{place}: {key}' is wrong: the method '{name}' has none; "
                "leave it out."
            )
    if found["superpixels"] is not None:
        known = whole["superpixels"]
        kinds.require(found["superpixels"], known, "superpixels", f"{place}: superpixels")
    given = {key: value for key, value in found.items() if value is not None}
    resolved = {"method": name, **options, **defaults, **given}
    if not method.USES_SUPERPIXELS and (baseline := resolved["baseline"]) is not None:
        _refuse_edge(whole["baselines"][baseline], place, name)
    return resolved


def _refuse_edge(baseline: Row, place: str, method: str) -> None:
    if baseline["edge"]:
        raise UserError(
            f"The configuration key '{place}: baseline' is wrong: it has a soft edge (`edge`), and "
            f"the method '{method}' hides no superpixels: take one with `edge: 0`."
        )


def _require_primary(whole: Mapping) -> None:
    """Refuse a primary reference or score that there is not."""
    measure = whole["measure"]
    scores = names("facsimile.measure.scores")
    for key, known in (("reference", whole["references"]), ("score", scores)):
        if (name := measure[f"primary_{key}"]) is not None:
            kinds.require(name, known, key, f"measure: primary_{key}")


def _resolve_sensitivity(whole: dict[str, Any]) -> None:
    """Fill in the rows that sensitivity takes by default, and refuse those that are none."""
    sensitivity = whole["sensitivity"]
    for key, what in (("explainers", "explainer"), ("superpixels", "superpixels")):
        sensitivity[key] = sensitivity[key] or list(whole[key])
        for name in sensitivity[key]:
            kinds.require(name, whole[key], what, f"sensitivity: {key}")


def _require_judges(baselines: list[str]) -> None:
    """Refuse baselines to judge with of which there is but one."""
    if len(set(baselines)) < 2:
        raise UserError(
            f"The configuration key 'faith: baselines' is wrong: it names '{baselines[0]}' twice, "
            "so rows with that baseline would be judged by it alone; name two."
        )


def _refuse_what_is_not_known(whole: Mapping) -> None:
    """Refuse what needs to know where the evidence lies, of faces of which it is not known."""
    strangers = [
        f"'{name}' (kind {row['kind']})"
        for name, row in whole["corpora"].items()
        if not kinds.CORPORA.load(row["kind"]).HAS_EVIDENCE
    ]
    for place, images in _evidence_needed(whole).items():
        if images and strangers:
            raise UserError(
                f"The configuration key '{place}' is wrong: it needs faces of which it is known "
                f"where the evidence lies, as of kind synthetic, and the corpora "
                f"{', '.join(strangers)} have none: leave out this, or these corpora."
            )


def _evidence_needed(whole: Mapping) -> dict[str, set[str]]:
    """Return what each row of explainers needs of `EVIDENCE`, by its place."""
    known = {None: (), **{name: _needs(one) for name, one in whole["baselines"].items()}}
    needed = {
        f"explainers: {name}": (*kinds.METHODS.load(row["method"]).NEEDS, *known[row["baseline"]])
        for name, row in whole["explainers"].items()
    }
    for key in ("sensitivity", "faith"):
        listed = whole[key]["baselines"]
        needed[f"{key}: baselines"] = tuple(one for name in listed for one in known[name])
    return {place: EVIDENCE & set(images) for place, images in needed.items()}


def _needs(baseline: Row) -> tuple[str, ...]:
    needs: tuple[str, ...] = kinds.BASELINES.load(baseline["kind"]).NEEDS
    return needs


def _refuse_what_networks_lack(whole: Mapping) -> None:
    """Refuse explainers that ask of a finished network what it, or its view of faces, has not."""
    for name, row in whole["networks"].items():
        if not is_finished(row):
            continue
        if not build(Finished, row).has_gradients:
            _refuse_gradients(whole, name)
        unknown_there = [place for place, images in _evidence_needed(whole).items() if images]
        if View.of(row).name and unknown_there:
            raise UserError(
                f"The configuration key '{unknown_there[0]}' is wrong: where the evidence lies is "
                f"known of faces as this study cuts them, in grey, and network '{name}' sees "
                "others: leave out this explainer, or give the network `crop: aligned` and "
                "`colour: grey`."
            )


def _refuse_gradients(whole: Mapping, network: str) -> None:
    for name, row in whole["explainers"].items():
        if kinds.METHODS.load(row["method"]).USES_GRADIENTS:
            raise UserError(
                f"The configuration key 'explainers: {name}' is wrong: {row['method']} needs "
                f"gradients, and network '{network}' is an ONNX file, which gives none: leave out "
                "one of them, or bring the network as a state dict or TorchScript."
            )
