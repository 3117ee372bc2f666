"""What the page shows of the tests on likeness."""

import numpy as np
import pandas as pd

from facsimile.measure.multiplicity import false_discovery
from facsimile.measure.table import ALL
from facsimile.show.wording import DASH, LEVEL, TEST, TOO_FEW, p_cell

CONFOUNDED = "confounded"


def with_least_q(tests: pd.DataFrame) -> pd.DataFrame:
    """Return all tests with the q that each would have if all gave their least p."""
    least = tests["p_min"].fillna(0).where(tests["q"].notna())
    return tests.assign(least_q=false_discovery(tests.assign(p=least, whole=""), ["whole"]))


def tests_cells(tests: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return an explainer's tests over all expressions as text, and why others are missing.

    Parameters
    ----------
    tests : of one explainer, with ``least_q``; see ``with_least_q``.
    """
    lines, reasons = {}, []
    factors = tests[tests["test"] != "Mantel"]
    for (test, factor, unit), part in factors.groupby(["test", "factor", "unit"], sort=False):
        row = part[part["expression"] == ALL].iloc[0]
        name = f"{test} of {factor}, {unit}"
        if np.isfinite(row["statistic"]):
            confounded = f" ({CONFOUNDED})" if row["confounded"] else ""
            lines[name + confounded] = {
                "statistic": f"{row['statistic']:.2f}",
                "p": p_cell(*row[TEST]),
                "orders": _orders(row),
                "networks": row["n_networks"],
                "expressions with q < .05": _significant(part[part["expression"] != ALL]),
            }
        else:
            reasons.append(f"No {name}: {row['reason']}.")
    mantel = tests[tests["test"] == "Mantel"]
    done = mantel[mantel["statistic"].notna()]
    if len(done):
        lines["Mantel, mean of pairs of expressions"] = {
            "statistic": f"{done['statistic'].mean():.2f}",
            "p": DASH,
            "orders": _orders(done.iloc[0]),
            "networks": done["n_networks"].max(),
            "expressions with q < .05": f"{_significant(done)} pairs",
        }
    elif len(mantel):
        reasons.append(f"No Mantel test: {mantel['reason'].iloc[0]}.")
    return pd.DataFrame.from_dict(lines, orient="index"), reasons


def _orders(row: pd.Series) -> str:
    """Return how many orders of the labels a test has looked at."""
    return f"{'all' if row['exact'] else 'random'} {row['permutations']:,.0f}"


def _significant(part: pd.DataFrame) -> str:
    """Return in how many tests something was found, of those that could find anything.

    A test could not, if its q were over 5 % even with all tests at their least p.
    """
    tested = part[part["q"].notna()]
    able = tested[~(tested["least_q"] > LEVEL)]
    if len(tested) and able.empty:
        return TOO_FEW
    return f"{(able['q'] < LEVEL).sum()} of {len(able)}" if len(tested) else DASH
