"""Files as people have them, made for tests."""

import struct
import zlib

from PIL import Image


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
