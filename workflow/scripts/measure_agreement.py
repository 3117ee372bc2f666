import numpy as np

from facsimile import logs
from facsimile.atlas.heatmaps import CarriedFaces, coarsen
from facsimile.atlas.store import load_maps
from facsimile.faces.dataset import read
from facsimile.files import keyed
from facsimile.measure.agreement import Yardstick, measure
from facsimile.measure.bootstrap import draw_people
from facsimile.measure.chance import placements

given, found, names = snakemake.params, snakemake.input, snakemake.wildcards
logs.start(snakemake.log[0], f"agreement of {names.explainer} {names.network}")

references = load_maps(found.references, "references/{reference}/{expression}.")
carried = keyed(found.faces, "faces/{expression}.")
people = [draw_people(read(path), given.bootstrap_samples, given.seed) for path in found.table]
measure(
    load_maps(found.heatmaps, "/{expression}."),
    load_maps(found.repeats, "repeats/{expression}."),
    load_maps(found.folds, "folds/{expression}."),
    {name: CarriedFaces.load(path) for name, path in carried.items()},
    people[0] if people else None,
    Yardstick(references, placements(coarsen(np.load(found.face)) >= 0.5)),
    given.seed,
    given.absent,
).save(snakemake.output[0])
