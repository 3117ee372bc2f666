import json
from pathlib import Path

from facsimile import logs
from facsimile.files import write_text
from facsimile.show import report
from facsimile.show.audit import audit_cells
from facsimile.show.closing import closing
from facsimile.show.faces import read_faces
from facsimile.show.facts import Facts
from facsimile.show.manifest import Inputs
from facsimile.show.null import Null
from facsimile.show.published import with_published
from facsimile.show.record import flat, record
from facsimile.show.sheet import Maps

inputs, settings = Inputs(dict(snakemake.input.items())), snakemake.params.settings
logs.start(snakemake.log[0], "report")

workflow, made = Path(snakemake.scriptdir).resolve().parent, snakemake.output
classification, (published,) = inputs.table_if_any("classification"), inputs.paths("published")
kept = record(settings, workflow, inputs.paths("records"))
study = report.Report(
    settings=settings,
    facts=Facts.of(settings, workflow.parent),
    measures=report.read_measures(inputs),
    pictures=report.read_pictures(inputs.paths("figures")),
    faces=read_faces(inputs),
    classification=with_published(classification, settings["networks"], published),
    trust=inputs.table_if_any("trust"),
    faith=inputs.table_if_any("faith"),
    null=Null.read(inputs),
    audits=audit_cells(inputs.tables("audits", "networks/{network}/audit/{corpus}.")),
    maps=Maps.read(inputs),
    software=flat(kept),
)
write_text(json.dumps(kept, indent=2) + "\n", made.record)
write_text("\n".join(closing(study, made.page)) + "\n", made.summary)
write_text(report.render(study), made.page)
