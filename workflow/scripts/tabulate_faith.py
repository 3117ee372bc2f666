from facsimile import files, logs, tables
from facsimile.atlas.again import CarriedAgain
from facsimile.atlas.store import load_maps
from facsimile.faces.dataset import read
from facsimile.measure.bootstrap import draw_people
from facsimile.measure.reading import faith_table

given, found = snakemake.params, snakemake.input
logs.start(snakemake.log[0], "faith")

faces, pattern = read(found.table[0]), "/{explainer}/{network}."
again = files.keyed(found.again, pattern)
table = faith_table(
    {key: tables.read(path) for key, path in files.keyed(found.areas, pattern).items()},
    {key: CarriedAgain.load(path) for key, path in again.items()},
    load_maps(found.repeats, "/{explainer}/{network}/repeats/{expression}."),
    load_maps(found.null, "null/{explainer}/size{size}/{expression}."),
    given.sizes,
    given.baselines,
    tables.read(found.classification[0]),
    faces,
    draw_people(faces, given.bootstrap_samples, given.seed),
)
with files.atomic(snakemake.output[0]) as draft:
    table.to_csv(draft, index=False)
