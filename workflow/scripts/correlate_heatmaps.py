import numpy as np

from facsimile import files, logs
from facsimile.atlas.heatmaps import CarriedFaces
from facsimile.atlas.store import load_maps
from facsimile.faces.dataset import read
from facsimile.measure.bootstrap import draw_people
from facsimile.measure.likeness import likeness_table, reliability_of_references
from facsimile.measure.trees import drawn_likeness

given, found, expression = snakemake.params, snakemake.input, snakemake.wildcards.expression
logs.start(snakemake.log[0], f"likeness {expression}")

heatmaps = load_maps(found.heatmaps, "heatmaps/{explainer}/{network}/")
references = load_maps(found.references, "references/{reference}/")
carried = files.keyed(found.faces, "heatmaps/{explainer}/{network}/faces/")
faces = {cell: CarriedFaces.load(path) for cell, path in carried.items()}
ceilings = files.keyed(found.ceilings, "references/{reference}/")
sure = reliability_of_references(ceilings, expression)
with files.atomic(snakemake.output.table) as draft:
    table = likeness_table(heatmaps, references, faces, sure, given.seed)
    table.to_csv(draft, index=False)

people = [draw_people(read(path), given.bootstrap_samples, given.seed) for path in found.table]
explainers = dict.fromkeys(explainer for explainer, _ in heatmaps)
weights = people[0] if people else None
drawn = drawn_likeness(explainers, faces, references, weights, given.repeats, given.seed)
with files.atomic(snakemake.output.bootstrap) as draft:
    np.savez(draft, **drawn)
