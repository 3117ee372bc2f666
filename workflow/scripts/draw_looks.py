import numpy as np

from facsimile import logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.looks import motion, spread
from facsimile.atlas.rivals import rivals
from facsimile.atlas.store import save_map
from facsimile.faces.corpora import corpus_of
from facsimile.faces.dataset import gather, read, sample
from facsimile.faces.synthetic.evidence import aligned_evidence_of
from facsimile.files import keyed

MOVED = 10
"""Drawn faces of each expression and corpus that are drawn at rest, which takes a while."""

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "rivals that know faces")

canonical = read_landmarks(found.canonical)
atlas, faces = Atlas.of(canonical), sample(read(found.table[0]), 100, given.seed)
pixels, places = (keyed(some, "faces/{corpus}/") for some in (found.faces, found.landmarks))
at_rest = []
for name, neutral in keyed(found.neutrals, "faces/{corpus}/").items():
    some = faces[faces["corpus"] == name]
    at_rest.append((some, gather(some, {name: neutral})))
for name, row in given.drawn.items():
    some = sample(faces[faces["corpus"] == name], MOVED, given.seed)
    series = corpus_of(row).series(keyed(set(found.tables), "resources/{table}."))
    sources = [face.removeprefix(f"{name}/") for face in some["id"]]
    sittings = ((source, series.sitting(source)) for source in sources)
    at_rest.append((some, aligned_evidence_of(sittings, given.alignment, snakemake.threads)[1]))
looks = {
    "average": np.load(found.average),
    "spread": spread(gather(faces, pixels), gather(faces, places), atlas),
    "motion": motion(
        ((gather(some, pixels), rest, gather(some, places)) for some, rest in at_rest), atlas
    ),
}
for name, path in keyed(snakemake.output, "/{rival}.").items():
    rival = rivals()[name]
    save_map(rival.draw(canonical, *(looks[need] for need in rival.needs)), path)
