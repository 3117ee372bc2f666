import json

from facsimile import files, logs
from facsimile.faces.dataset import Rows, labels, read
from facsimile.networks import evaluation
from facsimile.networks.recipe import Recipe
from facsimile.networks.reproducible import precision_record
from facsimile.networks.training import train
from facsimile.seeds import derive

network, fold = snakemake.wildcards.network, int(snakemake.wildcards.fold)
logs.start(snakemake.log[0], f"{network} fold {fold}")

recipe, machine = Recipe(**snakemake.params.recipe), snakemake.params.machine
faces, pixels = read(snakemake.input.folds), files.keyed(snakemake.input.faces, "faces/{corpus}/")
learn, test = faces[faces["fold"] != fold], faces[faces["fold"] == fold]
seed = derive(snakemake.params.seed, "network", network, fold)
trained, history = train(
    recipe,
    Rows(learn, pixels),
    labels(learn),
    seed,
    **machine,
    initial=snakemake.input.initial or None,
)
answers = evaluation.predict(trained, Rows(test, pixels), recipe.input_size, **machine)
predictions = evaluation.predictions(test["id"], fold, labels(test), answers)

evaluation.save(trained, snakemake.output.weights)
files.write_text(json.dumps(precision_record(machine["device"])), snakemake.output.record)
with files.atomic(snakemake.output.history) as draft:
    history.assign(network=network, fold=fold).to_csv(draft, index=False)
with files.atomic(snakemake.output.predictions) as draft:
    predictions.assign(network=network).to_csv(draft, index=False)
