from facsimile import logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.heatmaps import mean
from facsimile.atlas.store import save_map
from facsimile.faces.dataset import gather, read, sample
from facsimile.files import keyed

logs.start(snakemake.log[0], "average face")

faces = sample(read(snakemake.input.table[0]), 100, snakemake.params.seed)
pixels = gather(faces, keyed(snakemake.input.faces, "faces/{corpus}/"))
landmarks = gather(faces, keyed(snakemake.input.landmarks, "faces/{corpus}/"))
atlas = Atlas.of(read_landmarks(snakemake.input.canonical))
save_map(mean(pixels, landmarks, atlas), snakemake.output[0])
