import numpy as np

from facsimile import logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.looks import motion, spread
from facsimile.atlas.rivals import rivals
from facsimile.atlas.store import save_map
from facsimile.faces.dataset import gather, read, sample
from facsimile.files import keyed

found, canonical = snakemake.input, read_landmarks(snakemake.input.canonical)
logs.start(snakemake.log[0], "rivals that know faces")

atlas, faces = Atlas.of(canonical), sample(read(found.table[0]), 100, snakemake.params.seed)
pixels, places = (keyed(some, "faces/{corpus}/") for some in (found.faces, found.landmarks))
at_rest = keyed(found.at_rest, "faces/{corpus}/")
moved = faces[faces["corpus"].isin(at_rest)]
looks = {
    "average": np.load(found.average),
    "spread": spread(gather(faces, pixels), gather(faces, places), atlas),
}
if len(moved):
    pictures = gather(moved, pixels), gather(moved, at_rest), gather(moved, places)
    looks["motion"] = motion(*pictures, atlas)
for name, path in keyed(snakemake.output, "/{rival}.").items():
    rival = rivals()[name]
    save_map(rival.draw(canonical, *(looks[need] for need in rival.needs)), path)
