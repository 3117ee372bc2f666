import numpy as np

from facsimile import EXPRESSIONS, files, logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.evidence import planted, references
from facsimile.faces.corpora.embedded import shown_by
from facsimile.faces.pool import read

found = snakemake.input
logs.start(snakemake.log[0], f"regions planted in {snakemake.wildcards.corpus}")

changes = planted(
    np.load(found.evidence, mmap_mode="r"),
    read(found.faces)["source"].map(shown_by),
    np.load(found.landmarks),
    Atlas.of(read_landmarks(found.canonical)),
)
for row, expression in enumerate(EXPRESSIONS):
    for name, image in references(changes[expression]).items():
        with files.atomic(snakemake.output[name][row]) as draft:
            np.save(draft, image)
