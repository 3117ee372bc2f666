"""Arrays that grow on disk."""

import numpy as np
import pytest

from facsimile.arrays import GrowingArray


@pytest.mark.parametrize("count", [0, 1, 9, 10, 12_345])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_a_grown_array_has_the_bytes_of_one_saved_whole(tmp_path, count, dtype):
    rows = np.random.default_rng(0).integers(0, 255, (count, 2, 3)).astype(dtype)
    with GrowingArray(tmp_path / "grown.npy", (2, 3), dtype) as array:
        for row in rows:
            array.append(row)
    np.save(tmp_path / "whole.npy", rows)
    assert (tmp_path / "grown.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()
    assert (np.load(tmp_path / "grown.npy", mmap_mode="r") == rows).all()


def test_a_row_of_another_shape_is_refused(tmp_path):
    with (
        pytest.raises(ValueError, match=r"shape \(3, 2\), not \(2, 3\)"),
        GrowingArray(tmp_path / "a.npy", (2, 3), np.uint8) as array,
    ):
        array.append(np.zeros((3, 2)))
