from facsimile import logs
from facsimile.files import write_text
from facsimile.show.report import read_figures, read_measures, render_external

found, given = snakemake.input, snakemake.params
logs.start(snakemake.log[0], "report")

page = render_external(
    read_measures(found, given.references), read_figures(found, given.references), given.settings
)
write_text(page, snakemake.output[0])
