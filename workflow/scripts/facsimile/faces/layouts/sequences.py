"""Corpora whose folders hold sequences of frames, of which some carry the label."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from facsimile.faces.layouts.trees import belied, image_files, load
from facsimile.faces.records import Excluded, Record, labelled


def sequences(
    root: Path, below: str, pattern: re.Pattern[str], example: str
) -> tuple[list[Excluded], dict[tuple[str, str], list[str]]]:
    """Return the image files that are no frames, and the frames of every sequence in their order.

    Parameters
    ----------
    root, below : the corpus' folder, and the folder of the sequences in it.
    pattern : of a path from the root, with the groups ``subject``, ``sequence`` and ``frame``.
    example : a path of that form, for the reason of files that have another.

    Returns
    -------
    The files left out, and (subject in upper case, sequence) to the paths of its frames, by number.
    """
    others: list[Excluded] = []
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for source in image_files(root, below):
        if isinstance(source, Excluded):
            others.append(source)
            continue
        match = pattern.fullmatch(source)
        if match is None:
            others.append(Excluded(source, f"name is not of the form {example}"))
        else:
            frames = found.setdefault((match["subject"].upper(), match["sequence"]), [])
            frames.append((int(match["frame"]), source))
    ordered = {name: [source for _, source in sorted(frames)] for name, frames in found.items()}
    return others, ordered


def read_frames(
    root: Path,
    frames: list[str],
    wanted: slice,
    subject: str,
    word: str,
    people: re.Pattern[str] | None = None,
) -> Iterator[Record | Excluded]:
    """Yield the frames of one sequence: the wanted ones as records, the others left out.

    It begins with a neutral face. ``people`` is of folders that hold one person's frames; see
    `trees.belied`.
    """
    read = set(frames[wanted])
    for source in frames:
        item = labelled(source, subject, word, partial(load, root, source))
        if isinstance(item, Record) and source not in read:
            reason = "frame of the sequence that is not asked for"
            neutral = item.load if source == frames[0] else None
            item = Excluded(source, reason, subject, item.expression, neutral)
        if objection := belied(source, subject, word, people):
            item = Excluded(source, objection, subject, item.expression)
        yield item
