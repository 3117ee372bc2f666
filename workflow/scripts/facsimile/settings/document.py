"""Every key of a configuration written down, for editors (JSON Schema) and for readers (Markdown).

All is read from what describes the settings: the sections, and each plugin's own dataclass.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from facsimile import devices
from facsimile.networks.architectures import ARCHITECTURES
from facsimile.networks.finished import Finished
from facsimile.networks.libraries import LIBRARIES
from facsimile.networks.recipe import Recipe
from facsimile.settings.checking import MAPS, NAME, known_references
from facsimile.settings.kinds import BASELINES, CORPORA, METHODS, REFERENCES, SUPERPIXELS, Kinds
from facsimile.settings.sections import Configuration, Explained
from facsimile.settings.values import adapter

Part = dict[str, Any]

KINDS = {
    "corpora": CORPORA,
    "superpixels": SUPERPIXELS,
    "baselines": BASELINES,
    "explainers": METHODS,
    "references": REFERENCES,
}
"""Maps whose rows say what kind they are."""

DEVICES: list[Part] = [
    {"enum": list(devices.NAMES)},
    {"type": "string", "pattern": devices.ONE_OF_SEVERAL, "examples": ["cuda:1"]},
]
"""What `device` may be."""

START, END = "<!-- tables -->\n", "<!-- end of tables -->\n"
"""What lies between these in docs/configuration.md is made by `describe`."""


def schema(project: str) -> Part:
    """Return the JSON Schema of a study's file, for editors.

    Nothing at the top is required of such a file: without corpora and networks of its own, it
    changes the default study.

    Parameters
    ----------
    project : the project's folder, whose resources/references have names of their own.
    """
    top = _described(Configuration)
    definitions: Part = {"network": _network(), "finished network": _finished()}
    for key in MAPS:
        row: Part = {"anyOf": [{"$ref": f"#/definitions/{name}"} for name in definitions][:2]}
        named: Part = {}
        if key in KINDS:
            branches = {f"{key}: {name}": branch for name, branch in _branches(key).items()}
            definitions |= branches
            row = {"anyOf": [{"$ref": f"#/definitions/{name}"} for name in branches]}
            row |= {} if KINDS[key].default else {"required": [KINDS[key].key]}
            named = {
                name: {"anyOf": [_NOTHING, {"$ref": f"#/definitions/{key}: {name}"}, row]}
                for name in (KINDS[key].names if KINDS[key].by_name else ())
            }
        if key == "references":
            named = {name: {"anyOf": [_NOTHING, row]} for name in known_references(project)}
        top["properties"][key] |= {
            "properties": named,
            "additionalProperties": row,
            "propertyNames": {"pattern": f"^{NAME.pattern}$"},
        }
    top["properties"]["device"] |= {"anyOf": DEVICES}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "facsimile",
        "description": "A study; docs/configuration.md explains every key.",
        "type": "object",
        "additionalProperties": False,
        "properties": top["properties"],
        "definitions": definitions,
    }


def describe(project: str) -> str:
    """Return all keys as Markdown: a table for the study, and for each map one for each kind."""
    top = schema(project)["properties"]
    single = {key: part for key, part in top.items() if key not in MAPS}
    lines = ["## The study", "", *_table(_keys(single)), ""]
    for key in MAPS:
        lines += [f"## `{key}`", "", top[key]["description"], ""]
        lines += _rows(key) if key in KINDS else _networks()
        lines += [""]
    return "\n".join(lines).replace("``", "`") + "\n"


def _rows(key: str) -> Iterator[str]:
    """Yield what rows of a map take: all of them, and those of each kind."""
    family = KINDS[key]
    common: Part = {family.key: {"description": family.meaning, "enum": family.names}}
    if key == "explainers":
        common |= _explained()
    yield from _table(_keys(common))
    for name, branch in _branches(key).items():
        own = {one: part for one, part in branch["properties"].items() if one not in common}
        yield from ["", f"### `{family.key}: {name}`", "", _meaning(family, name)]
        yield from ["", *_table(_keys(own))] if own else ()


def _networks() -> Iterator[str]:
    """Yield what rows of networks take: those that are trained, and finished ones."""
    yield from _table(_keys(_network()["properties"]))
    yield from ["", "### A finished network", "", "It is not trained, but explained as it is.", ""]
    yield from _table(_keys(_described(Finished)["properties"]))


_NOTHING: Part = {"type": ["object", "null"], "maxProperties": 0}


def _branches(key: str) -> dict[str, Part]:
    """Return what a row may be: for each kind that there is, its keys."""
    family, branches = KINDS[key], {}
    for name in family.names:
        described = family.load(name)
        branch = _described(described)
        branch["description"] = _meaning(family, name)
        properties = {family.key: {"const": name, "description": family.meaning}}
        properties |= branch["properties"]
        if key == "explainers":
            unused = {"superpixels"} if not described.USES_SUPERPIXELS else set()
            unused |= {"baseline"} if not described.USES_BASELINE else set()
            properties |= {one: part for one, part in _explained().items() if one not in unused}
        branches[name] = branch | {"properties": properties}
    return branches


def _explained() -> Part:
    properties: Part = _described(Explained)["properties"]
    return properties


def _network() -> Part:
    part = _described(Recipe)
    properties = part["properties"]
    of_a_library = {
        "type": "string",
        "pattern": f"^({'|'.join(LIBRARIES)})/",
        "examples": [f"{one}/…" for one in LIBRARIES],
    }
    choice = {"anyOf": [{"enum": list(ARCHITECTURES)}, of_a_library]}
    named = {"description": properties["architecture"]["description"]} | choice
    needed = [key for key in part["required"] if key != "architecture"]
    return part | {"properties": properties | {"architecture": named}, "required": needed}


def _finished() -> Part:
    """Return what a finished network's row may be; folders say much of it themselves."""
    return _described(Finished) | {"required": ["checkpoint"]}


def _described(described_by: type) -> Part:
    """Return the JSON Schema of a dataclass, without references and pydantic's own titles."""
    whole = adapter(described_by).json_schema()
    cleaned: Part = _cleaned(whole, whole.get("$defs", {}))
    return cleaned


def _cleaned(part: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(part, list):
        return [_cleaned(one, definitions) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        inner = definitions[part["$ref"].rpartition("/")[2]]
        part = inner | {key: value for key, value in part.items() if key != "$ref"}
    options = [one for one in part.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) == 1:  # may be left out: no more than that is meant by null
        rest = {key: value for key, value in part.items() if key not in ("anyOf", "default")}
        return _cleaned(options[0] | rest, definitions)
    cleaned = {
        key: {name: _cleaned(one, definitions) for name, one in value.items()}
        if key == "properties"
        else _cleaned(value, definitions)
        for key, value in part.items()
        if key not in ("$defs", "title", "format")
    }
    if "properties" in cleaned:  # the defaults of each are enough
        cleaned.pop("default", None)
    return cleaned


def _keys(properties: Mapping[str, Part], prefix: str = "") -> Iterator[tuple[str, Part]]:
    for key, part in properties.items():
        yield f"{prefix}{key}", part
        yield from _keys(part.get("properties", {}), f"{prefix}{key}: ")


def _table(keys: Iterator[tuple[str, Part]]) -> list[str]:
    lines = ["| key | meaning | values | default |", "|---|---|---|---|"]
    for key, part in keys:
        shown = f"`{_shown(part['default'])}`" if "default" in part else ""
        lines.append(f"| `{key}` | {part['description']} | {_values(part)} | {shown} |")
    return lines


def _values(part: Part) -> str:
    if "anyOf" in part:
        return " or ".join(map(_values, part["anyOf"]))
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if "const" in part:
        return f"`{part['const']}`"
    if "pattern" in part:
        return " or ".join(f"`{one}`" for one in part["examples"])
    kind = "mapping" if part["type"] == "object" else part["type"]
    if "items" in part:
        return f"list of {_values(part['items'])}"
    bounds = [
        f"{sign} {part[key]}"
        for key, sign in (
            ("minimum", "≥"),
            ("exclusiveMinimum", ">"),
            ("maximum", "≤"),
            ("exclusiveMaximum", "<"),
        )
        if key in part
    ]
    return " ".join([kind, ", ".join(bounds)]).strip()


def _meaning(family: Kinds, name: str) -> str:
    """Return what the file of a plugin says first of itself."""
    first = " ".join(family.doc(name).partition("\n\n")[0].split())
    meaning = first.removeprefix(f"Kind ``{name}``: ")
    return meaning[:1].upper() + meaning[1:]


def _shown(default: object) -> str:
    return yaml.safe_dump(default, default_flow_style=True).removesuffix("\n...\n").strip()
