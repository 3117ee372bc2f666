from facsimile import files, logs
from facsimile.faces import dataset
from facsimile.faces.folds import assign_folds

logs.start(snakemake.log[0], "folds")

columns = ["id", "corpus", "subject", "expression", "sha256"]
faces = dataset.pool([dataset.read(path, columns) for path in snakemake.input.tables])
assigned = assign_folds(faces, snakemake.params.folds, snakemake.params.seed)
with files.atomic(snakemake.output[0]) as draft:
    assigned.drop(columns="sha256").to_csv(draft, index=False)
