import pandas as pd

from facsimile import logs
from facsimile.explain.ceiling import explain_perfectly
from facsimile.explain.explanations import Explanations
from facsimile.faces.pool import gather

found, corpora = snakemake.input, [snakemake.wildcards.corpus]
logs.start(snakemake.log[0], f"ceiling of {snakemake.wildcards.cut} superpixels")

table = pd.read_csv(found.folds).set_index("id")
for explained, path in zip(found.explanations, snakemake.output, strict=True):
    others = Explanations.load(explained)
    faces = table.loc[others.id].reset_index().assign(seed=others.seed)
    maps = (gather(faces, corpora, of) for of in (found.evidence, found.superpixels))
    explain_perfectly(faces, *maps).save(path)
