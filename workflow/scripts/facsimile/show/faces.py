"""The part of the report on faces: what was read and kept, and what the crop tells."""

from dataclasses import dataclass

import pandas as pd

from facsimile.faces import dataset
from facsimile.files import keyed
from facsimile.show import tables
from facsimile.show.manifest import Inputs
from facsimile.show.wording import cells, ranged


@dataclass(frozen=True)
class Faces:
    """The tables on a study's faces.

    ``faces`` and ``excluded`` are the ``faces.csv`` and ``excluded.csv`` of all corpora, the
    latter with a column corpus; ``accounting``, ``duplicates`` and ``leakage`` the tables of these
    names.
    """

    faces: pd.DataFrame
    excluded: pd.DataFrame
    accounting: pd.DataFrame
    duplicates: pd.DataFrame
    leakage: pd.DataFrame


def face_cells(faces: Faces) -> dict[str, pd.DataFrame]:
    """Return what the page shows of the faces."""
    return {
        "accounting": tables.accounting(faces.accounting, faces.faces),
        "by_expression": tables.by_expression(faces.accounting),
        "by_subject": cells(tables.by_subject(faces.accounting), digits=1),
        "shared_images": tables.shared_images(faces.duplicates),
        "exclusions": tables.exclusions(faces.excluded),
        "landmark_errors": cells(tables.landmark_errors(faces.faces)),
        "leakage": leakage_cells(faces.leakage),
    }


def leakage_cells(leakage: pd.DataFrame) -> pd.DataFrame:
    """Return what the crop alone tells about the expression, a row a corpus."""
    bounds = leakage[["balanced_accuracy", "low", "high"]].to_numpy(float)
    texts = leakage.assign(text=[ranged(*row) for row in bounds])
    cell = texts.set_index(["corpus", "features"])["text"]
    table = cell.unstack()[leakage["features"].unique()]  # noqa: PD010 (cells are unique)
    chance = leakage.groupby("corpus")["chance"].first().to_frame()
    table = table.join(cells(chance)).loc[leakage["corpus"].unique()]
    return table.rename_axis(index=None, columns=None)


def read_faces(inputs: Inputs) -> Faces | None:
    """Return the tables on faces among the files of a report, if there are any."""
    if not inputs.paths("faces"):
        return None
    excluded = keyed(inputs.paths("excluded"), "faces/{corpus}/excluded.")
    accounting, duplicates, leakage = (
        pd.concat(map(dataset.read, inputs.paths(name)))
        for name in ("accounting", "duplicates", "leakage")
    )
    return Faces(
        faces=pd.concat(map(dataset.read, inputs.paths("faces"))),
        excluded=pd.concat(
            dataset.read(path).assign(corpus=name) for name, path in excluded.items()
        ),
        accounting=accounting,
        duplicates=duplicates,
        leakage=leakage,
    )
