import pandas as pd

from facsimile import logs
from facsimile.files import write_text
from facsimile.show.facts import Facts
from facsimile.show.report import Report, read_faces, read_measures, read_pictures, render

found, settings = snakemake.input, snakemake.params.settings
logs.start(snakemake.log[0], "report")

page = render(
    Report(
        settings=settings,
        facts=Facts.of(settings),
        measures=read_measures(found),
        pictures=read_pictures(found.figures),
        faces=read_faces(found) if found.faces else None,
        classification=pd.read_csv(found.classification) if found.classification else None,
        trust=pd.read_csv(found.trust) if found.trust else None,
    )
)
write_text(page, snakemake.output[0])
