"""What a mapping says, as the dataclass that describes it: defaults filled in, mistakes named.

pydantic reads the dataclasses of settings; here its complaints become sentences for the user.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from functools import cache
from typing import Any

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from facsimile.errors import UserError, unknown
from facsimile.slips import ODD_NUMBER

KINDS = {
    "int_type": "integer",
    "float_type": "number",
    "bool_type": "boolean",
    "string_type": "string",
    "tuple_type": "array",
    "dict_type": "object",
    "dataclass_type": "object",
}
"""pydantic's complaint about a type -> the type wanted, in the words of JSON Schema."""

BOUNDS = {
    "greater_than_equal": "less than the minimum of {ge}",
    "greater_than": "not greater than {gt}",
    "less_than_equal": "greater than the maximum of {le}",
    "less_than": "not less than {lt}",
    "too_short": "too short: at least {min_length} wanted",
    "too_long": "too long: at most {max_length} allowed",
    "finite_number": "not finite",
    "string_pattern_mismatch": "not of the form {pattern}",
}
"""pydantic's complaint about a value -> what it is instead."""


def read(described_by: type, given: object, place: str = "", beside: Iterable[str] = ()) -> Any:
    """Return the dataclass that a part of the configuration describes.

    Parameters
    ----------
    described_by : a dataclass of ``options.option`` fields.
    given : the part, as read from YAML and the command line.
    place : its keys, such as ``networks: weinet``.
    beside : further keys that stand beside these and are read elsewhere, for the list of all.

    Raises
    ------
    UserError
        For the first key or value that is not allowed: the key, what was found, what is allowed,
        and the nearest name.
    """
    value = plain(given)
    errors = _errors(described_by, value)
    while errors and (mended := _without_text(value, errors)) != value:
        value, errors = mended, _errors(described_by, mended)
    if errors:
        raise _sentence(errors, value, described_by, place, beside)
    try:
        return adapter(described_by).validate_json(json.dumps(value))
    except UserError as error:  # what a dataclass itself has to say about its values
        raise UserError(f"In '{place}': {error}") from None


def dump(settings: Any) -> dict[str, Any]:
    """Return a dataclass of settings as YAML and JSON have it: dicts, lists, text, numbers."""
    dumped: dict[str, Any] = adapter(settings.__class__).dump_python(settings, mode="json")
    return dumped


def plain(value: object) -> Any:
    """Return a value as JSON has it, of its own: what is neither mapping nor list is left or text.

    YAML has more types than JSON, such as dates, and keys that are no text.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


@cache
def adapter(described_by: type) -> TypeAdapter:
    """Return pydantic's reader of a dataclass: strict, so that true is no 1 and 5.0 no 5."""
    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    described_by.__pydantic_config__ = config  # type: ignore[attr-defined]
    return TypeAdapter(described_by)


def part_at(described_by: type, path: Sequence[str | int]) -> dict[str, Any]:
    """Return the part of a dataclass' JSON Schema that describes what lies at a path."""
    schema = adapter(described_by).json_schema()
    part = schema
    for step in path:
        part = part["items"] if isinstance(step, int) else part["properties"].get(step, {})
        options = [one for one in part.get("anyOf", ()) if one.get("type") != "null"]
        part = {**part, **options[0]} if len(options) == 1 else part
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].rpartition("/")[2]]
    return part


def _errors(described_by: type, value: Any) -> list[ErrorDetails]:
    try:
        adapter(described_by).validate_json(json.dumps(value))
    except ValidationError as error:
        return [one for one in error.errors() if not _follows(one)]
    except UserError:
        pass  # all values are right one by one
    return []


def _without_text(value: Any, errors: Iterable[ErrorDetails]) -> Any:
    """Turn text into the number, boolean, list or mapping that is wanted, where it is one.

    Snakemake hands on what stands inside a key of --config as text, and YAML takes 1e-4 for text.
    """
    value = deepcopy(value)
    for error in errors:
        path = _path(error, value)
        if path and isinstance(error["input"], str):
            meant = _meant(error["input"])
            wanted = error["type"] in KINDS
            if error["type"] == "literal_error":
                wanted = repr(meant) in error["ctx"]["expected"]
            if wanted:
                _at(value, path[:-1])[path[-1]] = meant
    return value


def _meant(text: str) -> object:
    """Return what text says to JSON, or to YAML; the text itself where it says nothing more."""
    if ODD_NUMBER.fullmatch(text.strip()):
        return text
    for reader in (json.loads, yaml.safe_load):
        with suppress(ValueError, yaml.YAMLError):
            if not isinstance(meant := plain(reader(text.strip())), str | None):
                return meant
    return text


def _path(error: ErrorDetails, value: Any) -> list[str | int]:
    """Return where in a value an error lies, without pydantic's marks for one type of several."""
    path: list[str | int] = []
    for step in error["loc"]:
        if not _has(value, step):
            break
        value = value[step]
        path.append(step)
    return path


def _has(value: Any, step: str | int) -> bool:
    return (isinstance(value, dict) and step in value) or (
        isinstance(value, list) and isinstance(step, int)
    )


def _at(value: Any, path: Iterable[str | int]) -> Any:
    for step in path:
        value = value[step]
    return value


def _follows(error: ErrorDetails) -> bool:
    """Return whether a list is called too short only because its items are wrong."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def _importance(error: ErrorDetails) -> tuple[int, int]:
    # The outermost first: the rest may follow from it. Then a wrong key before a missing one,
    # whose name it may be, misspelt.
    rank = ["unexpected_keyword_argument", "missing"]
    kind = rank.index(error["type"]) if error["type"] in rank else len(rank)
    return len(error["loc"]), kind


def _sentence(
    errors: Sequence[ErrorDetails],
    value: Any,
    described_by: type,
    place: str,
    beside: Iterable[str],
) -> UserError:
    """Return the first of pydantic's complaints as a sentence for the user."""
    error = min(errors, key=_importance)
    path, key, found = _path(error, value), error["loc"][-1], error["input"]
    where = ": ".join(map(str, [place, *path] if place else path))
    if error["type"] == "missing":
        inside = f" in '{where}'" if where else ""
        return UserError(f"The configuration lacks the key '{key}'{inside}: add it.")
    if error["type"] == "unexpected_keyword_argument":
        outer = where.removesuffix(str(key)).removesuffix(": ")
        allowed = part_at(described_by, path[:-1])["properties"]
        return unknown("configuration key", str(key), [*beside, *allowed], outer)
    reasons = [_reason(one) for one in errors if _path(one, value) == path]
    if error["type"] == "literal_error" and len(reasons) == 1:
        part = part_at(described_by, path)
        allowed = part["enum"] if "enum" in part else [part["const"]]
        if isinstance(found, str):
            return unknown("value", found, allowed, where)
        reasons = [f"{found!r} is not one of {allowed}"]
    return UserError(f"The configuration key '{where}' is wrong: {', and '.join(reasons)}.")


def _reason(error: ErrorDetails) -> str:
    found, wanted = error["input"], KINDS.get(error["type"], "")
    if error["type"] == "literal_error":
        return f"{found!r} is not {error['ctx']['expected']}"
    if wanted in ("number", "integer") and isinstance(found, str):
        return f"'{found}' is text to YAML; write a number, such as 3 or 1.0e-4"
    if wanted == "string" and isinstance(found, bool):
        word = "yes, on or true" if found else "no, off or false"
        return f"{word} is {found} to YAML, and no text; put it into quotes"
    if wanted == "string" and isinstance(found, int | float):
        return f"{found!r} is no text to YAML; put it into quotes"
    if wanted:
        return f"{found!r} is not of type '{wanted}'"
    if error["type"] in BOUNDS:
        return f"{found!r} is {BOUNDS[error['type']].format(**error.get('ctx', {}))}"
    return error["msg"]
