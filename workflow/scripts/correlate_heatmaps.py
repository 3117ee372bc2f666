import numpy as np

from facsimile import files, logs
from facsimile.atlas.heatmaps import CarriedFaces
from facsimile.atlas.store import load_maps
from facsimile.faces.dataset import read
from facsimile.measure.intervals import draw_people
from facsimile.measure.likeness import drawn_likeness, likeness_table

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], f"likeness {snakemake.wildcards.expression}")

heatmaps = load_maps(found.heatmaps, "heatmaps/{explainer}/{network}/")
references = load_maps(found.references, "references/{reference}/")
with files.atomic(snakemake.output.table) as draft:
    likeness_table(heatmaps, references).to_csv(draft, index=False)

carried = files.keyed(found.faces, "heatmaps/{explainer}/{network}/faces/")
faces = {cell: CarriedFaces.load(path) for cell, path in carried.items()}
people = [draw_people(read(path), given.bootstrap_samples, given.seed) for path in found.table]
explainers = dict.fromkeys(explainer for explainer, _ in heatmaps)
drawn = drawn_likeness(explainers, faces, references, people[0] if people else None)
with files.atomic(snakemake.output.bootstrap) as draft:
    np.savez(draft, **drawn)
