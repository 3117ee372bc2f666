from facsimile import files, logs
from facsimile.faces.dataset import read_pool
from facsimile.faces.folds import assign_folds, check_folds

given, repeat = snakemake.params, int(snakemake.wildcards.repeat)
logs.start(snakemake.log[0], f"folds of repeat {repeat}")

assigned = assign_folds(read_pool(snakemake.input.tables), given.folds, given.seed, repeat)
check_folds(assigned, repeat, given.trained)
with files.atomic(snakemake.output[0]) as draft:
    assigned.drop(columns=["sha256", "people"]).to_csv(draft, index=False)
