from facsimile import logs
from facsimile.show.manifest import Inputs, among, figures
from facsimile.show.style import save

stage = snakemake.params.stage
logs.start(snakemake.log[0], f"figures of {stage}")

inputs = Inputs(dict(snakemake.input.items()), dict(snakemake.params.items()))
for drawing, paths in among(figures(stage), snakemake.output):
    save(drawing.kind.draw(inputs, drawing.key), *paths)
