from facsimile import devices, files, logs
from facsimile.atlas.canonical import Atlas, read_landmarks
from facsimile.atlas.heatmaps import average_explanations
from facsimile.atlas.store import save_map
from facsimile.explain.null import explain_null, table_of_draws
from facsimile.explain.running import face_loader
from facsimile.faces.dataset import read_pool
from facsimile.faces.null import split_draws
from facsimile.networks.null import load_null
from facsimile.networks.recipe import Recipe

given, found, made = snakemake.params, snakemake.input, snakemake.output
logs.start(snakemake.log[0], f"{snakemake.wildcards.explainer}, networks that know nothing")
machine = devices.ready(given.machine)
patterns = ("faces/{corpus}/", "faces/{corpus}/superpixels/*/", "faces/{corpus}/{image}.")
pixels, cuts, extras = map(files.keyed, (found.faces, found.superpixels, found.extras), patterns)

recipe, faces = Recipe(**given.recipe), read_pool(found.tables)
splits, networks = split_draws(faces, **given.split), load_null(recipe, found.weights)
asked = recipe.input_size, face_loader(faces, pixels, cuts, extras), given.split["seed"]
explained = explain_null(networks, splits, given.row, *asked, given.inference, **machine)
places = files.keyed(found.landmarks, "faces/{corpus}/"), cuts, given.contrast
shape, atlas = (len(splits), given.split["folds"]), Atlas.of(read_landmarks(found.canonical))
for expression, path in files.keyed(made.heatmaps, "/{expression}.").items():
    draws = [one for (_, name), one in explained.items() if name == expression]
    save_map(average_explanations(draws, expression, faces, *places, shape, atlas)[1].repeats, path)
with files.atomic(made.draws) as draft:
    table_of_draws(explained).to_csv(draft, index=False)
