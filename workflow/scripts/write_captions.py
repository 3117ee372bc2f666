from pathlib import Path

from facsimile import EXPRESSIONS, logs
from facsimile.files import write_text
from facsimile.show.facts import Facts
from facsimile.show.manifest import captions, drawings

given = snakemake.params
logs.start(snakemake.log[0], "captions")

project = Path(snakemake.scriptdir).resolve().parents[1]
names = {**given.names, "expression": [*EXPRESSIONS, "all"]}
found = [one for stage in given.stages for one in drawings(stage, **names)]
write_text(captions(found, Facts.of(given.settings, project)), snakemake.output[0])
