from pathlib import Path

from facsimile import logs
from facsimile.files import write_text
from facsimile.show import report
from facsimile.show.audit import audit_cells
from facsimile.show.faces import read_faces
from facsimile.show.facts import Facts
from facsimile.show.manifest import Inputs
from facsimile.show.null import Null

inputs, settings = Inputs(dict(snakemake.input.items())), snakemake.params.settings
logs.start(snakemake.log[0], "report")

page = report.render(
    report.Report(
        settings=settings,
        facts=Facts.of(settings, Path(snakemake.scriptdir).resolve().parents[1]),
        measures=report.read_measures(inputs),
        pictures=report.read_pictures(inputs.paths("figures")),
        faces=read_faces(inputs),
        classification=inputs.table_if_any("classification"),
        trust=inputs.table_if_any("trust"),
        faith=inputs.table_if_any("faith"),
        null=Null.read(inputs),
        audits=audit_cells(inputs.tables("audits", "networks/{network}/audit/{corpus}.")),
        software=report.software() | report.read_records(inputs.paths("records")),
    )
)
write_text(page, snakemake.output[0])
