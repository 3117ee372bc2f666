"""Slips in YAML that it reads as something else than is written, without a word."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from facsimile.errors import UserError

ODD_NUMBER = re.compile(r"[-+]?0[0-9_]+|.*:.*")
"""Numbers that YAML counts in eights (010) or sixties (1:30)."""


def refuse_slips(paths: Iterable[str | Path]) -> None:
    """Refuse what YAML would read as something else than is written, without a word.

    Raises
    ------
    UserError
        If a file is no YAML, has a key twice, of which YAML would drop the first, or a number that
        is another one to YAML.
    """
    for path in map(Path, paths):
        if path.is_file():
            for node in _nodes(_root(path), set()):
                _refuse_twice(path, node)
                _refuse_odd_number(path, node)


def _root(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read as YAML: {error}.") from None


def _nodes(node: yaml.Node | None, seen: set[int]) -> Iterator[yaml.Node]:
    """Yield a node and all below it, once each."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    yield node
    if isinstance(node, yaml.CollectionNode):
        for inner in node.value:
            for one in inner if isinstance(inner, tuple) else (inner,):
                yield from _nodes(one, seen)


def _refuse_twice(path: Path, node: yaml.Node) -> None:
    lines: dict[str, int] = {}
    keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    for key in keys:
        if not isinstance(key, yaml.ScalarNode):
            continue
        # A number and the text of it are one name of a row; yes and true are one to YAML.
        line, name = key.start_mark.line + 1, str(yaml.SafeLoader("").construct_object(key))
        if name in lines:
            raise UserError(
                f"{path} has the key '{key.value}' twice, in lines {lines[name]} and {line}: YAML "
                "would drop the first without a word. Join them, or rename one."
            )
        lines[name] = line


def _refuse_odd_number(path: Path, node: yaml.Node) -> None:
    number = isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:int"
    if number and ODD_NUMBER.fullmatch(node.value):
        raise UserError(
            f"Line {node.start_mark.line + 1} of {path} has {node.value}, which is "
            f"{yaml.safe_load(node.value)} to YAML: write the number without a leading zero or "
            "colon, or put text into quotes."
        )
