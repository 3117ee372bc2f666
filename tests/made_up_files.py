"""Files as people have them, made for tests, and what corpora yield of them."""

import struct
import zlib

import pandas as pd
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.atlas.canonical import HEIGHT, WIDTH
from facsimile.atlas.people import TILES
from facsimile.faces.corpora import corpus_of
from facsimile.faces.records import Excluded, Record

HEADER = "path,subject,expression\n"

LIST = "EmoLabel/list_patition_label.txt"
"""Where RAF-DB lists its labels."""


def written(folder, files):
    """Write files, an image where no content is given, and return their folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            Image.new("RGB", (4, 4)).save(path, "png")
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def _png(width, height, bits, pixels):
    """Return a PNG of so many bits a colour."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def deep_png(path, rows):
    """Write rows of 16-bit RGB, (height, width, 3), as PNG."""
    height, width, _ = rows.shape
    lines = b"".join(b"\0" + row.astype(">u2").tobytes() for row in rows)
    path.write_bytes(_png(width, height, 16, lines))


def header_of_png(width, height):
    """Return a PNG that claims a size and holds no pixels."""
    return _png(width, height, 8, b"")


def items_of(kind, path, **options):
    """Return all that a corpus of a kind yields."""
    return list(corpus_of({"kind": kind, "path": str(path), **options}).records())


def by_source(items):
    """Return (subject, expression) of records, and reasons, by source."""
    kept = {one.source: (one.subject, one.expression) for one in items if isinstance(one, Record)}
    return kept, {one.source: one.reason for one in items if isinstance(one, Excluded)}


def read(kind, path, **options):
    """Return what a corpus of a kind yields, by source."""
    return by_source(items_of(kind, path, **options))


def write_tiles(folder, canonical, weights):
    """Write data of two participants on one face: the canonical one, 224 x 275."""
    names = [f"tile{number}" for number in range(TILES)]
    rows = [
        {"participant": person, "face": "f", "expression": expression}
        | dict(zip(names, weights, strict=True))
        for person in "ab"
        for expression in EXPRESSIONS
    ]
    pd.DataFrame(rows).to_csv(folder / "tiles.csv", index=False)
    axes = [f"{axis}{number}" for number in range(1, 69) for axis in "xy"]
    points = pd.DataFrame([canonical.ravel()] * 6, columns=axes)
    points = points.assign(face="f", expression=EXPRESSIONS, width=WIDTH, height=HEIGHT)
    points.to_csv(folder / "landmarks.csv", index=False)
    return folder / "tiles.csv", folder / "landmarks.csv"
