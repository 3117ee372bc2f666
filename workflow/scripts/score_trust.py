import pandas as pd

from facsimile import files, logs
from facsimile.explain.explanations import Explanations
from facsimile.explain.trust import face_scores, summary

KEYS = ("explainer", "network", "expression")
logs.start(snakemake.log[0], "trust")

paths = files.keyed(
    snakemake.input.explanations, "explanations/{explainer}/{network}/{expression}."
)
rows = [
    dict(zip(KEYS, keys, strict=True)) | summary(face_scores(Explanations.load(path), keys[-1]))
    for keys, path in paths.items()
]
with files.atomic(snakemake.output[0]) as draft:
    pd.DataFrame(rows).to_csv(draft, index=False)
