from facsimile import logs
from facsimile.faces.pool import gather, read, sample
from facsimile.show.figures import faces_sheet
from facsimile.show.style import save

logs.start(snakemake.log[0], "figure of faces")

faces = sample(read(snakemake.input.folds), 8, snakemake.params.seed)
pixels = gather(faces, snakemake.params.corpora, snakemake.input.faces)
landmarks = gather(faces, snakemake.params.corpora, snakemake.input.landmarks)
save(faces_sheet(pixels, list(faces["expression"]), landmarks), snakemake.output[0])
