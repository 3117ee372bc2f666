import json
from pathlib import Path

from facsimile import devices, files, logs
from facsimile.faces.dataset import read
from facsimile.networks import evaluation, pretrained
from facsimile.networks.crossvalidation import train_fold
from facsimile.networks.recipe import Recipe
from facsimile.networks.reproducible import precision_record
from facsimile.unfinished import finish, identity, unfinished

given, found, names = snakemake.params, snakemake.input, snakemake.wildcards
made = {kind: files.keyed(paths, "/fold{fold}/") for kind, paths in snakemake.output.items()}
logs.start(snakemake.log[0], f"{names.network} repeat {names.repeat}")
machine = devices.ready(given.machine)

recipe, initial = Recipe(**given.recipe), found.initial or None
faces, pixels = read(found.folds), files.keyed(found.faces, "faces/{corpus}/")
# Of all folds, since one that is done goes with the others if the job is cut off.
kept = {fold: Path(path).with_suffix(".pt") for fold, path in made["weights"].items()}
own = identity(dict(given.items()), found)
for fold, path in made["weights"].items():
    place, state = (names.network, int(names.repeat), int(fold)), unfinished(kept[fold], own)
    trained = train_fold(recipe, faces, pixels, place, given.seed, initial, state=state, **machine)
    evaluation.save(trained.network, path)
    record = precision_record(**machine) | pretrained.record(initial)
    files.write_text(json.dumps(record), made["record"][fold])
    for table in ("history", "predictions"):
        with files.atomic(made[table][fold]) as draft:
            getattr(trained, table).to_csv(draft, index=False)
for path in kept.values():
    finish(path)
