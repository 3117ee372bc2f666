import numpy as np

from facsimile import FACE_SIZE, files, logs
from facsimile.explain.explanations import Explanations
from facsimile.faces.corpora.embedded import series
from facsimile.faces.embedded.evidence import aligned_without
from facsimile.faces.pool import read

found = snakemake.input
logs.start(snakemake.log[0], snakemake.wildcards.corpus)

drawn = series(
    action_units=found.action_units, planted_units=found.planted_units, **snakemake.params.options
)
faces = read(found.faces)
explained = set(np.concatenate([Explanations.load(path).id for path in found.explanations]))
# Black where a face is not explained: nobody looks there.
undone = np.zeros((len(faces), FACE_SIZE, FACE_SIZE), np.uint8)
for row in np.flatnonzero(faces["id"].isin(explained)):
    undone[row] = aligned_without(drawn.sitting(faces["source"][row]))
with files.atomic(snakemake.output[0]) as draft:
    np.save(draft, undone)
