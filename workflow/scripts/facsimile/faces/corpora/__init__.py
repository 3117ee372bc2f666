"""Corpora: each kind has one reader, which yields what it found, kept or not.

A kind is a file here with a ``LAYOUT``, half a sentence on what lies where, and ``records``, a
function of the corpus' options (the mapping in the configuration, without ``kind``). It yields a
`Record` for every face to read and an `Excluded` for every image or row that cannot be one. To
add a kind: write its file, name it in `KINDS`, and its options in the schema.
"""

from types import ModuleType

from facsimile.faces.corpora import (
    bu_4dfe,
    ck_plus,
    embedded,
    fega,
    fer2013,
    folder,
    jaffe,
    kdef,
    raf_db,
    rafd,
    table,
    wsefep,
)
from facsimile.faces.corpora.records import Excluded, Record

KINDS: dict[str, ModuleType] = {
    "ck_plus": ck_plus,
    "jaffe": jaffe,
    "wsefep": wsefep,
    "bu_4dfe": bu_4dfe,
    "fega": fega,
    "kdef": kdef,
    "rafd": rafd,
    "fer2013": fer2013,
    "raf_db": raf_db,
    "csv": table,
    "folder": folder,
    "embedded": embedded,
}

__all__ = ["KINDS", "Excluded", "Record"]
