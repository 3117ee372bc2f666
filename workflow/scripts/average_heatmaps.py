from facsimile import EXPRESSIONS, logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.heatmaps import CarriedFaces, average
from facsimile.atlas.store import save_map
from facsimile.explain.explanations import Explanations
from facsimile.faces.dataset import gather, read
from facsimile.files import keyed

given, found, made = snakemake.params, snakemake.input, snakemake.output
explanations, pooled = (
    keyed(paths, "/{expression}.") for paths in (found.explanations, made.pooled)
)
folds, carried = keyed(made.folds, "folds/{expression}."), keyed(made.faces, "faces/{expression}.")
logs.start(snakemake.log[0], f"{snakemake.wildcards.network} {' '.join(pooled)}")

table = read(found.folds).set_index("id")
atlas = Atlas.of(read_landmarks(found.canonical))
landmarks = keyed(found.landmarks, "faces/{corpus}/")
labels = keyed(found.superpixels, "faces/{corpus}/superpixels/*/")
for expression, path in pooled.items():
    explained = Explanations.load(explanations[expression])
    faces = table.loc[explained.id].reset_index()
    superpixels = gather(faces, labels) if labels else []
    maps = explained.maps(EXPRESSIONS.index(expression), superpixels, given.contrast)
    means = average(maps, gather(faces, landmarks), explained.fold, given.folds, atlas)
    CarriedFaces.of(faces, means.faces).save(carried[expression])
    save_map(means.folds, folds[expression])
    save_map(means.pooled, path)
