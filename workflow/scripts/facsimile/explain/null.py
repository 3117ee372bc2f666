"""Explaining networks that know nothing of expressions as those of a study are explained."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from facsimile import EXPRESSIONS
from facsimile.explain.explanations import Explanations
from facsimile.explain.predictor import Predictor
from facsimile.explain.running import Face, Job, Part, explain_faces
from facsimile.explain.selection import select
from facsimile.explain.throughput import Throughput
from facsimile.faces.null import kinds_of, null_seed
from facsimile.networks.network import Network
from facsimile.networks.null import NAME

BATCH_SIZE = {"cpu": 32, "cuda": 256, "mps": 256}
"""Images together where the study measures what is fastest: not worth it for networks so small."""


def explain_null(
    networks: Mapping[tuple[int, int], Network],
    splits: Sequence[pd.DataFrame],
    row: Mapping[str, Any],
    input_size: int,
    load_face: Callable[[str], Face],
    seed: int,
    inference: Mapping[str, Any],
    device: str = "cpu",
    threads: int = 1,
    deterministic: bool = True,
) -> dict[Part, Explanations]:
    """Explain networks that know nothing, those of a draw on as many faces as a study's repeat.

    What such networks answer means nothing: faces are chosen by their label, and that label's
    answer is explained. Of the faces of a label those are taken that the study's networks are
    explained on where they get them right.

    Parameters
    ----------
    networks : by draw and fold.
    splits : the faces as each draw has them, see ``faces.null.split_draws``.
    row : the explainer's.
    input_size : of the networks.
    load_face : gives a face by its id.
    seed : of the study.
    inference : ``batch_size``, 0 for any, and ``precision``.

    Returns
    -------
    The explanations of each draw and expression.
    """
    throughput = Throughput(inference["batch_size"] or BATCH_SIZE[device.partition(":")[0]])

    def load_predictor(draw: int, fold: int) -> Predictor:
        return Predictor(networks[draw, fold], throughput, device, inference["precision"])

    job = Job.of(NAME, input_size, row, load_predictor, load_face, null_seed(seed))
    chosen = {
        (draw, expression): select(faces, expression, row["faces"], "labelled", seed)
        for draw, faces in enumerate(map(job.covered, splits))
        for expression in EXPRESSIONS
    }
    return explain_faces(job, chosen, device, threads, deterministic)


def table_of_draws(explained: Mapping[Part, Explanations]) -> pd.DataFrame:
    """Return a row a draw: kind, draw, ``faces`` explained, ``samples`` passed through networks."""
    kinds = kinds_of(len({draw for draw, _ in explained}) // 2)
    rows = [
        {"kind": kinds[draw], "draw": draw, "faces": len(one.id), "samples": one.samples.sum()}
        for (draw, _), one in explained.items()
    ]
    return pd.DataFrame(rows).groupby(["kind", "draw"], sort=False).sum().reset_index()
