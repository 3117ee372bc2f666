"""A study's settings held against the schema: defaults filled in, errors in one sentence."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator, ValidationError, validators

from facsimile.errors import UserError, unknown

# To JSON 5.0 is an integer, but not to Python.
Validator = validators.extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)


def read_schema(path: str | Path) -> dict:
    """Return the schema of a study, from YAML."""
    return yaml.safe_load(Path(path).read_text())


def check(settings: Mapping, schema: Mapping) -> dict:
    """Return the settings of a study with every default filled in.

    Parameters
    ----------
    settings : as read from configuration files and the command line.
    schema : what ``read_schema`` returns.

    Raises
    ------
    UserError
        For the first key or value that the schema does not allow: the key, what was found, what
        is allowed, and the nearest name.
    """
    settings = deepcopy(dict(settings))
    networks = settings.get("networks")
    for name, network in networks.items() if isinstance(networks, dict) else ():
        if network is None:
            network = networks[name] = {}
        if isinstance(network, dict):
            network.setdefault("architecture", name)
    validator = Validator(schema)
    _read_text(settings, validator)
    errors = sorted(validator.iter_errors(settings), key=_importance)
    if errors:
        raise _sentence(errors[0])
    _fill(settings, schema, schema)
    return settings


def describe(schema: Mapping) -> str:
    """Return the table of all keys as Markdown: key, meaning, values, default."""
    lines = ["| key | meaning | values | default |", "|---|---|---|---|"]
    for key, part in _keys(schema, schema):
        default = part.get("default")
        shown = "" if default is None or default == {} else f"`{_shown(default)}`"
        lines.append(f"| `{key}` | {part.get('description', '')} | {_values(part)} | {shown} |")
    return "\n".join(lines) + "\n"


def _read_text(settings: dict, validator: Draft202012Validator) -> None:
    """Turn text into the number or boolean that the schema wants, where it is one.

    Snakemake hands on what stands inside a key of --config as text, and YAML takes 1e-4 for text.
    """
    for error in list(validator.iter_errors(settings)):
        wanted = error.validator == "type" and error.validator_value
        if wanted in ("integer", "number", "boolean") and isinstance(error.instance, str):
            *path, key = error.absolute_path
            with suppress(ValueError):
                reduce(getitem, path, settings)[key] = json.loads(error.instance.strip())


def _importance(error: ValidationError) -> tuple[bool, int, str]:
    # What a thing is comes first, then the outermost error: the rest may follow from these.
    path = list(error.absolute_path)
    return path[-1:] not in (["kind"], ["architecture"]), len(path), error.json_path


def _sentence(error: ValidationError) -> UserError:
    """Return a schema's complaint as a sentence for the user."""
    path = [str(part) for part in error.absolute_path]
    place = ": ".join(path)
    if error.validator == "additionalProperties":
        allowed = error.schema["properties"]
        found = next(key for key in error.instance if key not in allowed)
        return unknown("configuration key", found, allowed, place)
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        where = f" in '{place}'" if place else ""
        return UserError(f"The configuration lacks the key '{missing}'{where}: add it.")
    if error.validator == "enum" and isinstance(error.instance, str):
        what = {"architecture": "network", "kind": "kind of corpus"}.get(path[-1], "value")
        return unknown(what, error.instance, error.schema["enum"], place)
    if error.validator == "pattern":
        reason = f"'{error.instance}' is no name; use letters, digits, '_' and '-'"
    elif error.validator_value in ("number", "integer") and isinstance(error.instance, str):
        reason = f"'{error.instance}' is text to YAML; write a number, such as 3 or 1.0e-4"
    else:
        reason = error.message
    return UserError(f"The configuration key '{place}' is wrong: {reason}.")


def _resolve(part: Mapping, schema: Mapping) -> Mapping:
    return schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def _properties(part: Mapping, value: Mapping) -> Mapping:
    """Return the properties of a part, of those with a kind the ones that it takes."""
    properties = part.get("properties", {})
    for branch in part.get("allOf", ()):
        if value["kind"] in branch["if"]["properties"]["kind"]["enum"]:
            return {key: properties[key] for key in branch["then"]["properties"]}
    return properties


def _fill(value: dict, part: Mapping, schema: Mapping) -> None:
    """Fill in defaults, in the order of the schema, all the way down."""
    for key, inner in _properties(part, value).items():
        if isinstance(inner, Mapping) and "default" in inner:
            value.setdefault(key, deepcopy(inner["default"]))
        if isinstance(value.get(key), dict):
            _fill(value[key], _resolve(inner, schema), schema)
    if isinstance(part.get("additionalProperties"), Mapping):
        for inner in filter(lambda inner: isinstance(inner, dict), value.values()):
            _fill(inner, _resolve(part["additionalProperties"], schema), schema)


def _keys(part: Mapping, schema: Mapping, prefix: str = "") -> Iterator[tuple[str, Mapping]]:
    """Yield every key with its part of the schema; ``NAME`` stands for a name that users give."""
    inner = dict(part.get("properties", {}))
    if isinstance(part.get("additionalProperties"), Mapping):
        inner["NAME"] = _resolve(part["additionalProperties"], schema)
    for key, value in inner.items():
        path = f"{prefix}{key}"
        if "description" in value:
            yield path, value
        yield from _keys(value, schema, f"{path}: ")


def _values(part: Mapping) -> str:
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if "enum" in part.get("items", {}):
        return "list of " + ", ".join(f"`{value}`" for value in part["items"]["enum"])
    kind = {"object": "mapping", "array": "list"}.get(part["type"], part["type"])
    bounds = [
        f"{sign} {part[key]}"
        for key, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"))
        if key in part
    ]
    return " ".join([kind, ", ".join(bounds)]).strip()


def _shown(default: object) -> str:
    return yaml.safe_dump(default, default_flow_style=True).removesuffix("\n...\n").strip()
