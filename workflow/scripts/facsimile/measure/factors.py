"""What explains likeness: do networks that share a level of a factor look alike?

A factor is tested twice, of networks as if each stood for itself, and of whole *units* where
several networks make one: families, for pre-training, since networks of a family are alike
whatever they start from; architectures, for families. Where families have networks of both kinds,
these are exchanged within their families, and other families are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pandas as pd

from facsimile.measure import distance_tests as tests
from facsimile.measure.likeness import among, distances
from facsimile.measure.multiplicity import false_discovery
from facsimile.measure.pretraining import Origin
from facsimile.measure.table import ALL
from facsimile.seeds import generator

NETWORKS = "networks"

COLUMNS = ["explainer", "test", "expression", "other", "factor", "unit", "statistic", "p", "p_min",
           "q", "permutations", "exact", "n_networks", "confounded", "reason"]  # fmt: skip


@dataclass(frozen=True)
class Factor:
    """What may explain likeness: the level of each network, which of them make one unit.

    Networks of which a level is not known have none. ``unit`` says what several networks may be
    together, and ``unit_of`` in which of these each is. ``confounded``: another factor explains as
    much, since no family has networks of both kinds.
    """

    levels: Mapping[str, str]
    unit: str
    unit_of: Mapping[str, str]
    confounded: bool


def factors_of(origins: Mapping[str, Origin], networks: Sequence[str]) -> dict[str, Factor]:
    """Return the factors that are known of some networks."""
    known = {name: origins[name] for name in networks if name in origins}
    families = {name: one.family for name, one in known.items()}
    starts = {name: "yes" if one.pretrained else "no" for name, one in known.items() if one.start}
    units = {name: family or known[name].architecture for name, family in families.items()}
    pairs = {(units[name], start) for name, start in starts.items()}
    kinds = set(starts.values())
    confounded = len(kinds) > 1 and len(pairs) == len({unit for unit, _ in pairs})
    architectures = {name: one.architecture for name, one in known.items()}
    grouped = {name: family for name, family in families.items() if family}
    return {
        "pre-training": Factor(starts, "families", units, confounded),
        "family": Factor(grouped, "architectures", architectures, confounded),
    }


def all_tests(
    likeness: Mapping[str, pd.DataFrame],
    networks: Sequence[str],
    origins: Mapping[str, Origin],
    seed: int,
) -> pd.DataFrame:
    """Return the tests of each explainer, with q over the whole table; see ``factor_tests``.

    Parameters
    ----------
    likeness : expression, and ``all``, to correlations; see ``likeness.likeness_table``.
    networks : names that are no references.
    origins : of the networks of which it is known.
    """
    factors, parts = factors_of(origins, networks), []
    for explainer in pd.unique(next(iter(likeness.values()))["explainer"]):
        own = {
            name: among(table[table["explainer"] == explainer], networks)
            for name, table in likeness.items()
        }
        parts.append(factor_tests(own, factors, seed).assign(explainer=explainer))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(q=false_discovery(table.assign(whole=""), ["whole"])).reindex(
        columns=COLUMNS
    )


def factor_tests(
    correlations: Mapping[str, pd.DataFrame], factors: Mapping[str, Factor], seed: int
) -> pd.DataFrame:
    """Test whether factors explain the distances, and whether expressions agree on them.

    Parameters
    ----------
    correlations : expression (or all) to the networks' correlations; see ``likeness.correlate``.
    factors : by name.
    seed : of the study.

    Returns
    -------
    Columns test (W*d of centres, PERMANOVA where there are more than two levels, PERMDISP of
    spreads, Mantel of two expressions), expression, other (the second expression), factor, unit,
    statistic (W*d, pseudo F, F, or r), p (of the orders that give as much, for r in either
    direction), p_min (the smallest that so many orders can give), permutations (orders, with the
    true one), exact (whether these are all), n_networks, confounded, reason (why there is no
    statistic).
    """
    matrices = {name: distances(table) for name, table in correlations.items()}
    rows = [
        {"expression": expression, "other": "", "factor": name, **row}
        for (expression, matrix), (name, factor) in product(matrices.items(), factors.items())
        for row in _of_factor(matrix, factor, (seed, "factor", expression, name))
    ]
    single = [name for name in matrices if name != ALL]
    rows += [
        {"expression": pair[0], "other": pair[1], "factor": "", **row}
        for pair in combinations(single, 2)
        for row in [_mantel([matrices[name] for name in pair], generator(seed, "mantel", *pair))]
    ]
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Design:
    """What is compared: units of one or more networks, each with a label and a block.

    ``networks`` (networks,) are rows of the table of distances, ``member`` (networks,) the unit of
    each; ``labels`` and ``blocks`` (units,). Labels are exchanged within blocks.
    """

    unit: str
    networks: np.ndarray
    member: np.ndarray
    labels: np.ndarray
    blocks: np.ndarray

    @classmethod
    def of(cls, unit: str, table: pd.DataFrame, keys: Sequence[str], blocks: str) -> "Design":
        """Return the units that keys tell apart, exchanged where a further column agrees."""
        member = table.groupby(list(keys), sort=False).ngroup()
        first = table[~member.duplicated()]
        labels, within = (pd.factorize(first[name])[0] for name in ("level", blocks))
        return cls(unit, table.index.to_numpy(), member.to_numpy(), labels, within)

    def lacking(self, least: int) -> str:
        """Return why a test that needs some units of each level cannot be made, or nothing."""
        counts = np.bincount(self.labels)
        if len(counts) < 2:
            return f"all {self.unit} alike" if len(counts) else "not known of any network"
        if counts.max() < 2:
            return f"no two {self.unit} alike"
        return f"fewer than {least} {self.unit} of a level" if counts.min() < least else ""


def designs(names: Sequence[str], factor: Factor) -> Iterator[Design]:
    """Yield the designs of a factor: of networks, and of units of several, where there are any."""
    known = [(name, factor.levels[name], factor.unit_of[name], "") for name in names
             if name in factor.levels]  # fmt: skip
    places = [at for at, name in enumerate(names) if name in factor.levels]
    table = pd.DataFrame(known, columns=["name", "level", "unit", "nobody"], index=places)
    yield Design.of(NETWORKS, table, ["name"], "nobody")
    # Of all networks, not of these: each expression, and all, has the same rows of the table.
    if len({factor.unit_of[name] for name in factor.levels}) < len(factor.levels):
        mixed = table.groupby("unit")["level"].transform("nunique") > 1
        if mixed.any():
            yield Design.of(factor.unit, table[mixed], ["unit", "level"], "unit")
        else:
            yield Design.of(factor.unit, table, ["unit"], "nobody")


def _of_factor(
    matrix: tuple[list[str], np.ndarray], factor: Factor, drawn_for: tuple
) -> Iterator[dict]:
    """Yield a row for each unit and test; ``drawn_for`` is the study's seed and what it is for."""
    names, distance = matrix
    levels = len(set(factor.levels.values()))
    chosen = tests.TWO_LEVELS if levels <= 2 else tests.MORE_LEVELS
    for design, test in product(designs(names, factor), chosen):
        known = {"test": test.name, "unit": design.unit, "n_networks": len(design.networks)}
        row = NOTHING | known | {"confounded": factor.confounded}
        reason = design.lacking(test.least)
        if not reason:
            own = 1 - distance[np.ix_(design.networks, design.networks)]
            rng = generator(*drawn_for, design.unit)
            orders = tests.orders_of_labels(design.labels, design.blocks, rng)
            row |= _numbers(test.statistic(tests.joined(own, design.member), orders[0]), *orders)
        yield row | {"reason": reason}


def _mantel(matrices: list[tuple[list[str], np.ndarray]], rng: np.random.Generator) -> dict:
    """Return the row of two expressions, on the networks that both have."""
    shared = [name for name in matrices[0][0] if name in matrices[1][0]]
    known = {"test": "Mantel", "unit": NETWORKS, "n_networks": len(shared)}
    row = NOTHING | known | {"confounded": False}
    if len(shared) < 4:
        # Three networks have six orders: no p below .16.
        return row | {"reason": "fewer than four networks"}
    places = [[names.index(name) for name in shared] for names, _ in matrices]
    one, other = (
        distance[np.ix_(at, at)] for at, (_, distance) in zip(places, matrices, strict=True)
    )
    orders = tests.orders_of_places(len(shared), rng)
    statistics = tests.mantel(one, other, orders[0])
    if not np.isfinite(statistics).all():
        return row | {"reason": "constant distances"}
    numbers = _numbers(np.abs(statistics), *orders)
    return row | numbers | {"statistic": statistics[0], "reason": ""}


NOTHING = {"statistic": np.nan, "p": np.nan, "p_min": np.nan, "permutations": 0, "exact": False}


def _numbers(statistics: np.ndarray, orders: np.ndarray, exact: bool) -> dict:
    """Return what one test found: p counts the orders that give as much as the true one."""
    least = 1 / len(orders)
    return {"statistic": statistics[0], "p": tests.share(statistics), "p_min": least,
            "permutations": len(orders), "exact": exact}  # fmt: skip
