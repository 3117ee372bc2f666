"""The table of means over expressions: of each network, and of all networks."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from facsimile.measure.null import FEW_NETWORKS, NO_NULL, compare_networks, compare_trainings
from facsimile.measure.ranks import rank_networks
from facsimile.measure.scores import scores
from facsimile.measure.scoring import mean_defined
from facsimile.measure.table import ALL, EVERY, Study, complete, finished
from facsimile.measure.units import Own, Units
from facsimile.names import NULL_KINDS
from facsimile.seeds import generator


def overall_table(study: Study) -> pd.DataFrame:
    """Return a row for each explainer, network (and ``all``), reference and score.

    Numbers are means over the expressions that a network has; of ``all``, over the networks that
    learned and have all expressions that any of these has. Where some did not learn, ``every`` is
    the same over all, without a test.

    Columns
    -------
    explainer, network, reference, score, role; value, low, high, pooled, equal, chance, untrained,
    shuffled, p, p_min, q as in ``cells.agreement_table``; rival (the mean over the same expressions
    of the one rival that reaches most), best_rival (which); rank (among the networks of ``all``),
    rank_low, rank_high (95 %); n_networks, n_expressions, n_repeats; left_out (names of
    expressions and networks that are not in these numbers); interval, reason.
    """
    rows = []
    for explainer, (reference, score) in product(study.explainers, study.parts()):
        cells = {network: (explainer, network) for network in study.networks(explainer)}
        own = {network: study.own(cell, reference, score) for network, cell in cells.items()}
        null = {network: study.null_of(cell, reference, score) for network, cell in cells.items()}
        learned = study.learned(own)
        whole, common = complete(own, learned)
        rng = generator(study.seed, "ranks", explainer, reference, score)
        ranks = _ranks({name: own[name].over(common) for name in whole}, score, rng)
        parts = {name: _network(study, own[name], *null[name], reference, score) for name in own}
        parts[ALL] = _networks(study, own, learned, null, reference, score)
        if len(learned) < len(own):
            parts[EVERY] = _networks(study, own, list(own), null, reference, score) | UNTESTED
        names = {"explainer": explainer, "reference": reference, "score": score}
        rows += [
            {**names, "network": name, **numbers, **ranks.get(name, UNRANKED)}
            for name, numbers in parts.items()
        ]
    return finished(rows, study, ["explainer", "network", "reference", "score"])


EMPTY = dict.fromkeys(
    ("value", "low", "high", "pooled", "equal", "rival", "chance", *NULL_KINDS, "p", "p_min"),
    np.nan,
) | {"best_rival": "", "n_networks": 0, "n_expressions": 0, "n_repeats": 0, "interval": ""}

UNTESTED = {"p": np.nan, "p_min": np.nan}

UNRANKED = dict.fromkeys(("rank", "rank_low", "rank_high"), np.nan)


def _network(
    study: Study, own: Own, null: np.ndarray, kind: np.ndarray, reference: str, score: str
) -> dict:
    """Return the numbers of one network, over the expressions that it has."""
    left_out = {"left_out": study.left_out(own.rows)}
    if not own.rows:
        return EMPTY | left_out | {"reason": "no expression with a score"}
    units = own.over(own.rows)
    level = mean_defined(null[:, own.rows], 1)
    compared = compare_trainings(units.value, level, kind, study.seed)
    numbers = _numbers(units, [own], score) | _rival(study, reference, score, own.rows)
    return numbers | compared | left_out | _reason(compared)


def _networks(
    study: Study,
    own: Mapping[str, Own],
    networks: Sequence[str],
    null: Mapping[str, tuple[np.ndarray, np.ndarray]],
    reference: str,
    score: str,
) -> dict:
    """Return the numbers of the mean over some networks, those that have all expressions."""
    names, rows = complete(own, networks)
    left_out = {"left_out": study.left_out(rows, [name for name in own if name not in names])}
    if not names:
        return EMPTY | left_out | {"reason": "no network with a score of every expression"}
    units = Units.of_networks([own[name].over(rows) for name in names])
    # Networks of other input sizes have a null of their own: its draws are averaged as they are.
    draws = [mean_defined(null[name][0][:, rows], 1) for name in names]
    level = np.mean(draws, axis=0) if len({len(one) for one in draws}) == 1 else np.empty(0)
    kind = null[names[0]][1][: len(level)]
    compared = compare_networks(units.value, level, kind)
    numbers = _numbers(units, [own[name] for name in names], score)
    numbers |= _rival(study, reference, score, rows)
    return numbers | compared | left_out | _reason(compared)


def _numbers(units: Units, networks: Sequence[Own], score: str) -> dict:
    """Return a mean, its interval and what is beside it."""
    estimate, rows = units.estimate(score), networks[0].rows
    low, high = estimate.bounds
    return {
        "value": estimate.value,
        "low": low,
        "high": high,
        "pooled": np.mean([one.pooled[rows] for one in networks]),
        "equal": np.mean([one.equal[rows] for one in networks]),
        "n_networks": len(networks),
        "n_expressions": len(rows),
        "n_repeats": min(one.repeats for one in networks),
        "interval": units.interval,
    }


def _rival(study: Study, reference: str, score: str, rows: Sequence[int]) -> dict:
    """Return the one map that knows nothing and does best over some expressions."""
    best, value = study.best_rival(reference, score, rows)
    return {"rival": value, "best_rival": best}


def _reason(compared: Mapping) -> dict:
    """Return why there is no p, if there is none."""
    known = np.isfinite([compared[kind] for kind in NULL_KINDS]).all()
    without = FEW_NETWORKS if known else NO_NULL
    return {"reason": "" if np.isfinite(compared["p"]) else without}


def _ranks(units: Mapping[str, Units], score: str, rng: np.random.Generator) -> dict[str, dict]:
    """Return the rank of each network, and its interval."""
    if not units:
        return {}
    networks, sign = Units.of_networks(list(units.values())), scores()[score].sign
    people = networks.bootstrap[:, np.isfinite(networks.bootstrap).all(axis=0)]
    spread = [one.by_units for one in units.values()]
    dof = sum(one.count - 1 for one in units.values())
    found = rank_networks(sign * networks.value, sign * people, np.array(spread), dof, rng)
    return {
        name: dict(zip(UNRANKED, map(float, numbers), strict=True))
        for name, numbers in zip(units, zip(*found, strict=True), strict=True)
    }
