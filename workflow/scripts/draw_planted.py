import numpy as np

from facsimile import logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.evidence import planted, references
from facsimile.atlas.store import save_map
from facsimile.faces.corpora.synthetic import shown_by
from facsimile.faces.dataset import read
from facsimile.files import keyed

found = snakemake.input
logs.start(snakemake.log[0], "planted regions")

# A study with planted evidence is one of a single corpus.
(evidence,), (faces,), (landmarks,) = found.evidence, found.faces, found.landmarks
changes = planted(
    np.load(evidence, mmap_mode="r"),
    read(faces)["source"].map(shown_by),
    np.load(landmarks),
    Atlas.of(read_landmarks(found.canonical)),
)
maps = {expression: references(change) for expression, change in changes.items()}
paths = keyed(snakemake.output, "references/{reference}/{expression}.")
for (name, expression), path in paths.items():
    save_map(maps[expression][name], path)
