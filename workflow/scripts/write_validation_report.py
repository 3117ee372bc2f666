from pathlib import Path

import pandas as pd

from facsimile import logs
from facsimile.files import write_text
from facsimile.show.facts import Facts
from facsimile.show.report import read_pictures
from facsimile.show.validation import render

found, settings = snakemake.input, snakemake.params.settings
logs.start(snakemake.log[0], "report of the validation")

page = render(
    pd.read_csv(found.findings),
    pd.read_csv(found.places),
    read_pictures(found.figures),
    Facts.of(settings, Path(snakemake.scriptdir).resolve().parents[1]),
    settings,
)
write_text(page, snakemake.output[0])
