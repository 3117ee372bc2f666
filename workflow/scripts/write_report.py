from facsimile import logs
from facsimile.files import write_text
from facsimile.show.facts import Facts
from facsimile.show.manifest import Inputs
from facsimile.show.report import (
    Report,
    read_faces,
    read_measures,
    read_pictures,
    read_table,
    render,
)

inputs, settings = Inputs(dict(snakemake.input.items())), snakemake.params.settings
logs.start(snakemake.log[0], "report")

page = render(
    Report(
        settings=settings,
        facts=Facts.of(settings),
        measures=read_measures(inputs),
        pictures=read_pictures(inputs.paths("figures")),
        faces=read_faces(inputs),
        classification=read_table(inputs, "classification"),
        trust=read_table(inputs, "trust"),
    )
)
write_text(page, snakemake.output[0])
