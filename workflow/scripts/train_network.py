from facsimile import files, logs
from facsimile.faces.pool import Rows, labels, read
from facsimile.networks import evaluation
from facsimile.networks.training import Recipe, train
from facsimile.seeds import derive

network, fold = snakemake.wildcards.network, int(snakemake.wildcards.fold)
logs.start(snakemake.log[0], f"{network} fold {fold}")

recipe, machine = Recipe(**snakemake.params.recipe), snakemake.params.machine
faces = read(snakemake.input.folds)
corpora, pixels = snakemake.params.corpora, snakemake.input.faces
learn, test = faces[faces["fold"] != fold], faces[faces["fold"] == fold]
seed = derive(snakemake.params.seed, "network", network, fold)
trained, history = train(
    recipe,
    Rows(learn, corpora, pixels),
    labels(learn),
    seed,
    **machine,
    initial=snakemake.input.initial or None,
)
answers = evaluation.predict(trained, Rows(test, corpora, pixels), recipe.input_size, **machine)
predictions = evaluation.predictions(test["id"], fold, labels(test), answers)

evaluation.save(trained, snakemake.output.weights)
with files.atomic(snakemake.output.history) as draft:
    history.assign(network=network, fold=fold).to_csv(draft, index=False)
with files.atomic(snakemake.output.predictions) as draft:
    predictions.assign(network=network).to_csv(draft, index=False)
