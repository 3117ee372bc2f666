from facsimile import logs
from facsimile.atlas.canonical import read_landmarks
from facsimile.atlas.regions import outline
from facsimile.atlas.rivals import rivals
from facsimile.atlas.store import save_map
from facsimile.files import keyed

logs.start(snakemake.log[0], "rivals")

landmarks, known = read_landmarks(snakemake.input.canonical), rivals()
for name, path in keyed(snakemake.output.rivals, "/{rival}.").items():
    save_map(known[name].draw(landmarks), path)
save_map(outline(landmarks), snakemake.output.outline)
