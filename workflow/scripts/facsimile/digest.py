"""What the code of a job means, in one short text that changes when, and only when, it does.

Snakemake sees neither the modules that a script imports nor that a changed comment changes
nothing. So a job carries, as one of its parameters, a digest of the syntax trees of its script and
of all modules of the library that it reaches, without comments, docstrings and the words that
explain settings.
"""

import ast
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from facsimile.files import write_text


def digest(script: str | Path, *modules: str | Path) -> str:
    """Return a digest of a script and of all that it reaches by its imports, at any depth.

    Parameters
    ----------
    script : a file in the folder that holds the library's package.
    modules : what it imports by a name that is known only when it runs, such as
        ``facsimile.explain.methods.lime``; and, as paths, files that are no code (templates).
    """
    root = Path(script).resolve().parent
    files = [one for one in modules if isinstance(one, Path)]
    code = reached(script, *(one for one in modules if isinstance(one, str)))
    parts = [f"{file.relative_to(root)} {_read(file)[1]}" for file in code]
    parts += [f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]
    meaning = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return f"code {meaning}"


def reached(script: str | Path, *modules: str) -> list[Path]:
    """Return the files of a script's code: its own and those it imports, at any depth, sorted."""
    root = Path(script).resolve().parent
    found: set[Path] = set()
    waiting = [Path(script).resolve(), *(file for name in modules for file in _files(root, name))]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [one for name in _read(file)[0] for one in _files(root, name)]
    return sorted(found)


@cache
def _files(root: Path, module: str) -> list[Path]:
    """Return the files that importing a module runs: its packages' and its own; none of others'."""
    parts = module.split(".")
    if not (root / parts[0]).is_dir():
        return []
    folders = (root.joinpath(*parts[:depth]) for depth in range(1, len(parts) + 1))
    candidates = (file for one in folders for file in (one / "__init__.py", one.with_suffix(".py")))
    return [file for file in candidates if file.is_file()]


class Known:
    """What files of code import and mean, by a digest of their bytes and of what reads them.

    It can be kept in a file from one planning to the next, and is never out of date: parsing all of
    the library takes longer than all else of a small plan.
    """

    def __init__(self) -> None:
        self.found: dict[str, tuple[list[str], str]] = {}
        self.kept: Path | None = None
        self.salt = Path(__file__).read_bytes() + sys.version.encode()

    def load(self, kept: Path) -> None:
        """Take up what a file holds, and keep there what comes."""
        self.kept = kept
        with suppress(OSError, ValueError):
            self.found |= json.loads(kept.read_text(encoding="utf-8"))

    def read(self, file: Path) -> tuple[list[str], str]:
        """Return what a file imports, and a digest of what it does."""
        code = file.read_bytes()
        key = hashlib.sha256(self.salt + code).hexdigest()
        if key not in self.found:
            self.found[key] = _parsed(code)
        imported, meaning = self.found[key]
        return imported, meaning

    def save(self) -> None:
        """Write what is known; nothing where nothing can be written."""
        if self.kept is not None:
            with suppress(OSError):
                write_text(json.dumps(self.found), self.kept)


KNOWN = Known()
_read = cache(KNOWN.read)


def _parsed(code: bytes) -> tuple[list[str], str]:
    """Return what code imports, and a digest of what it does."""
    tree = ast.parse(code)
    imported = _imported(tree)
    _strip(tree)
    return imported, hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def _imported(tree: ast.Module) -> list[str]:
    """Return what a file imports, at its top or inside functions: modules, and names from them."""
    names = []
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a tree's nodes, but for what only a type checker reads."""
    yield node
    for child in ast.iter_child_nodes(node):
        test = child.test if isinstance(child, ast.If) else None
        if not (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"):
            yield from _nodes(child)


def _strip(tree: ast.Module) -> None:
    """Take out of a file's tree all that only people read."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            if isinstance(getattr(node, name, None), list):
                setattr(node, name, [one for one in getattr(node, name) if not _is_text(one)])
        # The first argument of `options.option` is the meaning of a setting, in words.
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            node.args = node.args[1:] if node.func.id == "option" else node.args


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def code_from(scripts: Path, kept: Path) -> Callable[..., Callable[[Any], str]]:
    """Return a function that gives, for a script of a folder, what its jobs' code means.

    Beside the script's name it takes the modules which that reaches by names that only settings
    tell, or functions of a job's wildcards that return such names; it returns a function of these.

    Parameters
    ----------
    kept : a file for what is known of the library from one planning to the next.
    """
    KNOWN.load(kept)

    @cache
    def known(script: str, *modules: str | Path) -> str:
        before = len(KNOWN.found)
        found = digest(scripts / f"{script}.py", *modules)
        if len(KNOWN.found) > before:
            KNOWN.save()
        return found

    def code(script: str, *modules: Any) -> Callable[[Any], str]:
        def meaning(wildcards: Any) -> str:
            found = (one(wildcards) if callable(one) else [one] for one in modules)
            return known(script, *(name for names in found for name in names))

        return meaning

    return code
