"""Arrays on disk: several in one file, and one that grows."""

from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from facsimile.files import atomic


def load_array(path: str | Path) -> np.ndarray:
    """Return the one array of an ``.npy`` file that somebody brings; run no code in it.

    Raises
    ------
    ValueError
        If it cannot be read as such, or holds several: why, on one line.
    """
    try:
        found = np.load(path, allow_pickle=False)
    except Exception as error:  # NumPy's readers raise whatever a damaged file leads them to
        raise ValueError(str(error).partition("\n")[0] or type(error).__name__) from None
    if not isinstance(found, np.ndarray):
        raise ValueError("it is an archive of arrays (NPZ)")
    return found


class Bundle:
    """Base of dataclasses whose fields are all arrays: kept together in one ``.npz`` file."""

    def save(self, path: str | Path) -> None:
        """Write all arrays, whole or not at all."""
        with atomic(path) as draft:
            np.savez_compressed(draft, **vars(self))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**arrays)


class GrowingArray:
    """An ``.npy`` file that grows row by row, so that no more than a row need be in memory.

    Used as a context; the file is complete once that ends.

    Parameters
    ----------
    path : of the file to write.
    shape : of a row.
    dtype : of the values.
    """

    def __init__(self, path: str | Path, shape: tuple[int, ...], dtype: npt.DTypeLike):
        self.shape, self.dtype, self.rows = shape, np.dtype(dtype), 0
        self._file = Path(path).open("wb")  # noqa: SIM115 (closed as the context ends)
        self._write_header()

    def append(self, row: np.ndarray) -> None:
        """Write one more row.

        Raises
        ------
        ValueError
            If it has another shape than the others.
        """
        if np.shape(row) != self.shape:
            raise ValueError(f"a row of shape {np.shape(row)}, not {self.shape}")
        self._file.write(np.ascontiguousarray(row, self.dtype).tobytes())
        self.rows += 1

    def __enter__(self) -> "GrowingArray":
        return self

    def __exit__(self, *_: object) -> None:
        # NumPy leaves room in the header for the number of rows to grow.
        self._file.seek(0)
        self._write_header()
        self._file.close()

    def _write_header(self) -> None:
        shape = (self.rows, *self.shape)
        layout = {"descr": self.dtype.str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, layout)
