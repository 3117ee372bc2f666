import pandas as pd

from facsimile import logs
from facsimile.show.classification import confusion, training_curves
from facsimile.show.style import save

logs.start(snakemake.log[0], "figures of networks")

history = pd.concat(map(pd.read_csv, snakemake.input.history))
save(training_curves(history), snakemake.output.training)
predictions = pd.concat(map(pd.read_csv, snakemake.input.predictions))
save(confusion(predictions), snakemake.output.confusion)
