"""The part of the report on networks that know nothing: how many, at what cost, what they reach."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from facsimile.files import keyed
from facsimile.measure.null import NullLevel
from facsimile.show.manifest import Inputs
from facsimile.show.tables import Primary, label_of
from facsimile.show.wording import cells, percent, ranged


@dataclass(frozen=True)
class Null:
    """What is known of these networks: by input size, and by explainer and input size.

    ``networks`` and ``draws`` are the tables of these names; ``levels`` the scores of each draw.
    """

    networks: Mapping[str, pd.DataFrame]
    draws: Mapping[tuple[str, str], pd.DataFrame]
    levels: Mapping[tuple[str, str], NullLevel]

    @classmethod
    def read(cls, inputs: Inputs) -> "Null":
        """Read them from the files of a report; of heatmaps made elsewhere there are none."""
        levels = keyed(inputs.paths("null_levels"), "null/{explainer}/size{size}.")
        return cls(
            inputs.tables("null_networks", "null/size{size}/networks."),
            inputs.tables("null_draws", "null/{explainer}/size{size}/draws."),
            {key: NullLevel.load(path) for key, path in levels.items()},
        )


def null_cells(null: Null, first: Primary) -> pd.DataFrame:
    """Return a row for each explainer, input size and kind as text.

    The last column is the mean of the primary score over expressions, with the range of the draws.
    """
    rows = {}
    for (explainer, size), level in null.levels.items():
        values = own_level(level, first)
        networks, draws = null.networks[size], null.draws[explainer, size]
        for kind in dict.fromkeys(level.kind.tolist()):
            trained, explained = (part[part["kind"] == kind] for part in (networks, draws))
            own = values[(level.kind == kind) & np.isfinite(values)]
            bounds = [own.min(), own.max()] if len(own) else [np.nan, np.nan]
            rows[f"{explainer}, {size} px, {kind}"] = {
                "draws": len(explained),
                "networks": len(trained),
                "told labels learned": _mean_share(trained["learned"]),
                "true labels named": _mean_share(trained["accuracy"]),
                "faces a draw": f"{explained['faces'].mean():.0f}",
                "passes": f"{explained['samples'].sum():,.0f}",
                f"{label_of(first.score)} with {first.reference}": ranged(
                    own.mean() if len(own) else np.nan, *bounds
                ),
            }
    return cells(pd.DataFrame.from_dict(rows, orient="index"))


def _mean_share(shares: pd.Series) -> str:
    return "" if shares.isna().all() else percent(shares.mean())


def own_level(level: NullLevel, first: Primary) -> np.ndarray:
    """Return the primary score of each draw, (draws,): mean over the expressions that it has."""
    known, expressions, references = level.axes()
    columns = [references.index((first.reference, name)) for name in expressions]
    own = level.value[known.index(first.score)][:, range(len(expressions)), columns]
    return pd.DataFrame(own).mean(axis=1).to_numpy()
