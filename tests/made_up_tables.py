"""The tables of the measuring stage with made-up numbers, consistent among each other."""

from itertools import product

import numpy as np
import pandas as pd

from facsimile import EXPRESSIONS

NETWORKS = ("weinet", "vgg16", "<b>bold</b>")
EXPLAINERS = ("lime", "lime_grey", "grad_cam")
REFERENCES = ("ekman", "gaze")
SCORES = {"ekman": ("iou", "precision", "recall", "f1", "auroc"), "gaze": ("pearson", "nss")}
PRIMARY = ("ekman", "auroc")
REASON = "no face of this expression was explained"
LEFT_OUT = "vgg16"
"""The network that has no heatmap of fear."""


def _with_roles(table):
    """Return a table with the column role after score."""
    primary = (table["reference"] == PRIMARY[0]) & (table["score"] == PRIMARY[1])
    table.insert(list(table).index("score") + 1, "role", np.where(primary, "primary", ""))
    return table.replace({"role": {"": "exploratory"}})


def _each(*networks):
    """Return a row for each explainer, network, reference and its scores."""
    return [
        {"explainer": x, "network": n, "reference": r, "score": s}
        for x, n, r in product(EXPLAINERS, networks, REFERENCES)
        for s in SCORES[r]
    ]


def agreement():
    """Return the tidy table; undefined for vgg16 on fear."""
    rng = np.random.default_rng(3)
    rows = [
        {"explainer": x, "network": n, "expression": e, "reference": r, "score": s}
        for x, n, e, r in product(EXPLAINERS, NETWORKS, EXPRESSIONS, REFERENCES)
        for s in SCORES[r]
    ]
    table = _with_roles(pd.DataFrame(rows)).assign(
        value=0.3 + 0.6 * rng.random(len(rows)), chance=0.2, untrained=0.2, shuffled=0.18, p=0.03,
        p_min=0.007, q=0.04, elsewhere=0.25, rival=0.45, best_rival="center", reliability=0.8,
        n_repeats=3, n_faces=12.0, n_subjects=6, interval="people and trainings", fold_std=0.01,
        threshold=0.4, reason="",
    )  # fmt: skip
    table = table.assign(low=table["value"] - 0.1, high=table["value"] + 0.1)
    table = table.assign(pooled=table["value"] + 0.01, equal=table["value"] - 0.02, n_equal=9)
    table["fold_mean"] = table["value"] - 0.001
    missing = (table["network"] == LEFT_OUT) & (table["expression"] == "fear")
    numbers = ["value", "low", "high", "pooled", "equal", "chance", "untrained", "shuffled", "p",
               "p_min", "q", "elsewhere", "reliability", "fold_mean", "threshold"]  # fmt: skip
    table.loc[missing, numbers] = np.nan
    table.loc[missing, "reason"] = REASON
    return table


def overall(cells=None):
    """Return the means over expressions of the tidy table's cells, and over networks."""
    cells = agreement() if cells is None else cells
    keys, numbers = ["explainer", "network", "reference", "score"], ["value", "pooled", "equal"]
    levels = ["untrained", "shuffled"]
    means = cells.groupby(keys, sort=False)[numbers + levels].mean().reset_index()
    whole = means[means["network"] != LEFT_OUT]
    rest = ["explainer", "reference", "score"]
    every = whole.groupby(rest, sort=False)[numbers + levels].mean().reset_index()
    lacks = means["network"] == LEFT_OUT
    means = means.assign(
        p=0.02, p_min=0.007, q=0.03, rank=1.0, rank_low=1.0, rank_high=2.0, n_networks=1,
        n_expressions=np.where(lacks, 5, 6), left_out=np.where(lacks, "fear", ""),
        interval="people and trainings",
    )  # fmt: skip
    means.loc[lacks, ["rank", "rank_low", "rank_high"]] = np.nan
    every = every.assign(
        network="all", n_networks=2, n_expressions=6, left_out=LEFT_OUT, p=0.01, p_min=np.nan,
        q=0.04, interval="people and networks",
    )  # fmt: skip
    table = _with_roles(pd.concat([means, every], ignore_index=True)).assign(n_repeats=3, reason="")
    low, high = table["value"] - 0.05, table["value"] + 0.05
    rivals = {"rival": 0.5, "best_rival": "center"}
    return table.assign(low=low, high=high, chance=table["untrained"], **rivals)


def specificity():
    """Return the tidy table: own and others differ by .01, of the maps less their mean by .2."""
    rows = [{**row, "common_face": "kept"} for row in _each(*NETWORKS, "all")]
    rows += [
        {"explainer": x, "network": n, "reference": r, "score": "pearson", "common_face": "removed"}
        for x, n, r in product(EXPLAINERS, (*NETWORKS, "all"), REFERENCES)
    ]
    table = _with_roles(pd.DataFrame(rows)).assign(
        value=0.41, others=0.4, specificity=0.01, specificity_low=-0.02, specificity_high=0.04,
        chance=0.405, p=0.375, p_min=2 / 720, q=0.5, n_expressions=6, n_repeats=3, reason="",
    )  # fmt: skip
    removed = table["common_face"] == "removed"
    own = {"value": 0.15, "others": -0.05, "specificity": 0.2, "specificity_low": 0.1,
           "specificity_high": 0.3, "chance": 0.0, "p": 0.011, "q": 0.02}  # fmt: skip
    table.loc[removed, list(own)] = list(own.values())
    table.loc[removed, "role"] = "exploratory"
    every = table["network"] == "all"
    return table.assign(
        n_networks=np.where(every, 2, 1),
        left_out=np.where(every, LEFT_OUT, np.where(table["network"] == LEFT_OUT, "fear", "")),
    )


def contrasts():
    """Return the differences of the other explainers and the first; vgg16 has none on fear."""
    rows = [
        {"one": x, "other": EXPLAINERS[0], "network": n, "expression": e, "reference": r,
         "score": s}
        for x, n, e, r in product(EXPLAINERS[1:], (*NETWORKS, "all"), (*EXPRESSIONS, "all"),
                                  REFERENCES)
        for s in SCORES[r]
    ]  # fmt: skip
    table = _with_roles(pd.DataFrame(rows)).assign(
        value_one=0.62, value_other=0.5, difference=0.12, low=0.03, high=0.21, p=0.013,
        p_min=np.nan, q=0.02, n_repeats=3, n_networks=2, interval="people and networks", reason="",
    )  # fmt: skip
    missing = (table["network"] == LEFT_OUT) & (table["expression"] == "fear")
    table.loc[missing, ["value_one", "value_other", "difference", "low", "high", "p", "q"]] = np.nan
    return table


def cross_expression():
    rows = [
        {"explainer": x, "reference": r, "score": s, "heatmap": one, "drawn_for": other,
         "value": 0.3 + 0.1 * (one == other)}
        for x, r, one, other in product(EXPLAINERS, REFERENCES, EXPRESSIONS, EXPRESSIONS)
        for s in SCORES[r]
    ]  # fmt: skip
    return pd.DataFrame(rows)


def pretraining():
    rows = [
        {"explainer": x, "comparison": "twins", "pretrained": "vgg16", "scratch": "weinet",
         "expression": e, "reference": "ekman", "score": s}
        for x, e, s in product(EXPLAINERS, (*EXPRESSIONS, "all"), ("iou", "auroc"))
    ]  # fmt: skip
    return _with_roles(pd.DataFrame(rows)).assign(
        difference=0.123, low=0.1, high=0.15, p=0.004, p_min=np.nan, q=0.01, n_repeats=5,
        unit="trainings and people", confounded=False, reason="",
    )  # fmt: skip


def likeness_tests():
    """Return tests of three kinds: families too few for a verdict, one test without an answer."""
    shared = {"permutations": 495, "exact": True, "n_networks": 12, "confounded": False,
              "unit": "networks", "reason": "", "p_min": 0.002}  # fmt: skip
    rows = [
        {"test": "W*d", "expression": "all", "factor": "pre-training", "statistic": 26.8,
         "p": 0.0024, "q": 0.005},
        {"test": "W*d", "expression": "fear", "factor": "pre-training", "statistic": 11.4,
         "p": 0.0023, "q": 0.005},
        {"test": "W*d", "expression": "all", "factor": "pre-training", "unit": "families",
         "statistic": 26.8, "p": 0.1, "p_min": 0.1, "q": 0.1, "permutations": 10,
         "confounded": True},
        {"test": "W*d", "expression": "all", "factor": "family", "reason": "no two alike",
         "p_min": np.nan},
        {"test": "PERMDISP", "expression": "all", "factor": "pre-training", "statistic": 0.4,
         "p": 0.61, "q": 0.7},
        {"test": "Mantel", "expression": "anger", "other": "fear", "statistic": 0.55, "p": 0.01,
         "q": 0.02, "permutations": 9999, "exact": False},
    ]  # fmt: skip
    return pd.DataFrame([{"explainer": x, **shared, **row} for x, row in product(EXPLAINERS, rows)])


def classification():
    """Return the scores of the networks; the last has not learned."""
    table = pd.DataFrame({"network": NETWORKS, "accuracy": [0.8123, 0.9456, 0.19]})
    table = table.assign(
        accuracy_low=table["accuracy"] - 0.04, accuracy_high=table["accuracy"] + 0.04, chance=1 / 6,
        learned=[True, True, False], precision=0.7, recall=0.6, f1=0.65, repeats=3, folds=15,
        faces=360, balanced_accuracy=0.62, balanced_accuracy_low=0.58, balanced_accuracy_high=0.66,
        f1_low=0.61, f1_high=np.nan,
    )  # fmt: skip
    return table.assign(accuracy_std=0.0111, precision_std=0.02, recall_std=0.02, f1_std=np.nan)


def trust():
    """Return the table of trust: grad_cam fits no surrogate."""
    rows = [
        {"explainer": x, "network": n, "expression": e, "r2": fit, "r2_low": fit - 0.1,
         "r2_high": fit + 0.1, "split_half": fit + 0.1, "split_half_low": fit,
         "split_half_high": fit + 0.2, "standard_error": 0.2, "poor_fit": 0.25,
         "effective_samples": 900.0, "samples": 941.0}
        for (x, fit), n, e in product(zip(EXPLAINERS, (0.4, 0.7, np.nan), strict=True),
                                      NETWORKS, EXPRESSIONS)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def faith():
    """Return the table of faith: of the first network heatmaps may be read, of the others not."""
    ways = {"again": 0.9, "shifted": 0.85, "mirrored": 0.8, "other_expression": -0.2,
            "forgotten_top": 0.5, "forgotten_half": 0.2, "forgotten_all": 0.1, "lost": 0.8,
            "specific": 1.1}  # fmt: skip
    areas = {"range": 0.6, "faith": 0.5, "deletion": 0.3, "insertion": 0.2}
    numbers = ways | {f"{name}_{role}": value * share for name, value in areas.items()
                      for role, share in (("own", 1.0), ("other", 0.6))}  # fmt: skip
    numbers |= {f"{name}_low": value - 0.1 for name, value in numbers.items()} | {
        f"{name}_high": value + 0.1 for name, value in numbers.items()
    }
    rows = [
        {"explainer": x, "network": n, "read": "no" if n == NETWORKS[2] else "yes",
         "reason": "the network did not learn" if n == NETWORKS[2] else ""}
        for x, n in product(EXPLAINERS, NETWORKS)
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(
        **numbers, n_followed=12, n_again=6, trainings=0.7, untrained=0.1,
        baseline_own="black", baseline_other="blur",
    )  # fmt: skip


def leakage():
    """Return what the crop tells of the label, of a corpus where it tells nothing."""
    return pd.DataFrame(
        {"corpus": "drawn", "features": ["place", "scale"], "balanced_accuracy": [0.18, 0.17],
         "low": 0.14, "high": 0.21, "chance": 1 / 6}
    )  # fmt: skip


def findings(conditions=("mouth", "brows"), networks=("weinet", "weinet_hidden")):
    """Return what was found of planted evidence: in the second condition nothing was learned."""
    rows = [
        {"condition": c, "network": n, "explainer": x, "accuracy": 0.17 if odd else 0.97,
         "auroc": 0.5 if odd else 0.93, "low": 0.45 if odd else 0.91, "high": 0.6 if odd else 0.96,
         "learned": not odd, "found": "no" if odd else "yes", "specific": "open"}
        for (odd, c), n, x in product(enumerate(conditions), networks, EXPLAINERS)
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(
        accuracy_lowest=0.15, interval="people and trainings", n_repeats=3, lowest=0.4, visible=0.8,
        elsewhere=0.5, iou=0.3, pearson=0.6, expressions=6, specificity=0.01,
        specificity_low=-0.1, specificity_high=0.1, p=0.4, p_min=2 / 720, reason="",
        used=0.52, used_low=0.41, used_high=0.63,
    )  # fmt: skip


def places():
    """Return the comparison of one pair, whose three trainings each can give no p under .1."""
    row = {"condition": "mouth", "other": "brows", "network": "weinet", "explainer": "lime"}
    return pd.DataFrame([row]).assign(
        own=0.9, swapped=0.4, difference=0.5, low=0.4, high=0.6, p=0.1, p_min=0.1, expressions=6,
        n_repeats=3, reason="",
    )  # fmt: skip
