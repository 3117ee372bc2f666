import json

from facsimile import devices, files, logs
from facsimile.faces.dataset import read
from facsimile.networks.asking import ask
from facsimile.networks.audit import check
from facsimile.networks.finished import network_of
from facsimile.networks.reproducible import precision_record

given, found, made = snakemake.params, snakemake.input, snakemake.output
name = snakemake.wildcards.network
logs.start(snakemake.log[0], name)
machine = devices.ready(given.machine)

row, pixels = network_of(given.network), files.keyed(found.faces, "faces/{corpus}/")
doubts = check(name, row, files.keyed(found.audits, "/audit/{corpus}."))
asked = ask(name, row, read(found.folds[0]), pixels, **machine)
record = precision_record(**machine) | asked.record | doubts
files.write_text(json.dumps(record), made.record)
for table in ("history", "predictions"):
    with files.atomic(made[table]) as draft:
        getattr(asked, table).to_csv(draft, index=False)
