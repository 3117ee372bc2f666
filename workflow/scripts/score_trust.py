import pandas as pd

from facsimile import files, logs
from facsimile.explain.explanations import Explanations
from facsimile.explain.trust import face_scores, summary

KEYS = ["explainer", "network", "expression"]
logs.start(snakemake.log[0], "trust")

faces = {}
paths = files.keyed(
    snakemake.input.explanations, "/{explainer}/{network}/repeat{repeat}/{expression}."
)
for (explainer, network, _, expression), path in paths.items():
    scores = face_scores(Explanations.load(path), expression)
    faces.setdefault((explainer, network, expression), []).append(scores)
rows = [
    dict(zip(KEYS, keys, strict=True)) | summary(pd.concat(scores))
    for keys, scores in faces.items()
]
with files.atomic(snakemake.output[0]) as draft:
    pd.DataFrame(rows).to_csv(draft, index=False)
