from facsimile import logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.heatmaps import CarriedFaces, average_explanations
from facsimile.atlas.store import save_map
from facsimile.explain.explanations import Explanations
from facsimile.faces.dataset import read
from facsimile.files import keyed

given, found, made = snakemake.params, snakemake.input, snakemake.output
paths = keyed(found.explanations, "/repeat{repeat}/{expression}.")
outputs = {kind: keyed(some, "/{expression}.") for kind, some in made.items()}
logs.start(snakemake.log[0], f"{snakemake.wildcards.network} {' '.join(outputs['pooled'])}")

table, atlas = read(found.table[0]), Atlas.of(read_landmarks(found.canonical))
landmarks = keyed(found.landmarks, "faces/{corpus}/")
cuts = keyed(found.superpixels, "faces/{corpus}/superpixels/*/")
how = given.contrast, given.shape, atlas
for expression, carried in outputs["faces"].items():
    explained = [Explanations.load(path) for (_, name), path in paths.items() if name == expression]
    faces, means = average_explanations(explained, expression, table, landmarks, cuts, *how)
    CarriedFaces.of(faces, means.faces).save(carried)
    for kind in ("folds", "repeats", "pooled"):
        save_map(getattr(means, kind), outputs[kind][expression])
