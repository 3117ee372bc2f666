import pandas as pd

from facsimile import logs
from facsimile.faces import pool
from facsimile.files import write_text
from facsimile.show.report import Report, read_figures, read_heatmaps, read_measures, render
from facsimile.show.words import method

found, given = snakemake.input, snakemake.params
study = given.settings["study"]
logs.start(snakemake.log[0], "report")

excluded = zip(given.corpora, map(pool.read, found.excluded), strict=True)
page = render(
    Report(
        settings=given.settings,
        faces=pd.concat(map(pool.read, found.tables)),
        excluded=pd.concat(table.assign(corpus=name) for name, table in excluded),
        accounting=pool.read(found.accounting),
        duplicates=pool.read(found.duplicates),
        classification=pd.read_csv(found.classification),
        trust=pd.read_csv(found.trusted),
        measures=read_measures(found, given.references),
        folds=study["folds"],
        faces_per_expression=study["faces_per_expression"],
        select=study["select"],
        figures=read_figures(found, given.references),
        heatmaps=read_heatmaps(found.heatmaps, given.settings["explainers"]),
        methods={name: method(name, given.settings) for name in given.settings["explainers"]},
    )
)
write_text(page, snakemake.output[0])
