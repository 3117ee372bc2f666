from itertools import product
from pathlib import Path

import pandas as pd

from facsimile import logs
from facsimile.files import write_text
from facsimile.show.planted import render

found, given = snakemake.input, snakemake.params
logs.start(snakemake.log[0], "report of the validation")

panels = product(given.settings["corpora"], given.settings["networks"])
page = render(
    pd.read_csv(found.findings),
    pd.read_csv(found.places),
    dict(zip(panels, (Path(path).read_bytes() for path in found.figures), strict=True)),
    Path(found.limits).read_bytes(),
    given.settings,
)
write_text(page, snakemake.output[0])
