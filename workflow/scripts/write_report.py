from pathlib import Path

import pandas as pd

from facsimile import files, logs
from facsimile.faces import pool
from facsimile.show.report import FIGURES, Report, render
from facsimile.show.words import method

found, settings = snakemake.input, snakemake.params.settings
study = settings["study"]
logs.start(snakemake.log[0], "report")

excluded = map(pool.read, found.excluded)
page = render(
    Report(
        settings=settings,
        faces=pd.concat(map(pool.read, found.tables)),
        excluded=pd.concat(
            table.assign(corpus=name)
            for name, table in zip(snakemake.params.corpora, excluded, strict=True)
        ),
        accounting=pool.read(found.accounting),
        duplicates=pool.read(found.duplicates),
        classification=pd.read_csv(found.classification),
        trust=pd.read_csv(found.trusted),
        agreement=pd.read_csv(found.scores),
        folds=study["folds"],
        faces_per_expression=study["faces_per_expression"],
        select=study["select"],
        figures={name: Path(found[name]).read_bytes() for name in FIGURES},
        heatmaps={
            name: Path(path).read_bytes()
            for name, path in zip(settings["explainers"], found.heatmaps, strict=True)
        },
        methods={name: method(name, settings) for name in settings["explainers"]},
    )
)
with files.atomic(snakemake.output[0]) as draft:
    draft.write_text(page, encoding="utf-8")
