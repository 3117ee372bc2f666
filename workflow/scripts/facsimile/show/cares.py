"""What a reader should be careful of: all that limits a study's answer, from its own tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pandas as pd

from facsimile.measure.table import ALL
from facsimile.show.learned import MARK
from facsimile.show.pairs import Pair
from facsimile.show.wording import LEVEL, counted, listed, number, percent, ranged, split

FEW_PEOPLE = 20
"""Fewer people than this behind a heatmap are worth a warning."""
POOR = 0.25
"""A share of poor fits over this is worth a warning."""
LOST = 0.05
"""Likewise a share of images excluded."""


@dataclass(frozen=True)
class Care:
    """What a reader should be careful of: in a word or two, and why."""

    what: str
    why: str


def cares(
    pairs: Sequence[Pair],
    settings: Mapping[str, Any],
    classification: pd.DataFrame | None,
    trust: pd.DataFrame | None,
    faith: pd.DataFrame | None,
    contrasts: pd.DataFrame,
    accounting: pd.DataFrame | None,
    leakage: pd.DataFrame | None,
) -> list[Care]:
    """Return what limits the answer, the weightiest first; all from the tables of results.

    Parameters
    ----------
    pairs : explainers with references; those of the primary one count.
    classification, trust, faith, contrasts, accounting, leakage : the tables of these names.
    """
    primary = [pair for pair in pairs if pair.role == "primary"][:1]
    return [
        *_drawn(settings),
        *_not_learned(classification),
        *chain.from_iterable(map(_no_better_than_a_map, primary)),
        *_not_to_be_read(faith),
        *_poor_fits(trust),
        *_black(settings, contrasts),
        *chain.from_iterable(map(_few, primary)),
        *_told_by_crop(leakage),
        *_excluded(accounting),
        *chain.from_iterable(map(_left_out, primary)),
    ]


def _drawn(settings: Mapping[str, Any]) -> Iterator[Care]:
    kinds = {row.get("kind") for row in settings["corpora"].values()}
    if kinds == {"synthetic"}:
        yield Care("Drawn faces", "No photograph is among them: this shows the method, not people.")
    elif not kinds:
        yield Care(
            "Heatmaps made elsewhere",
            "Nothing is known of their faces, people and trainings: there is no level of chance.",
        )


def _not_learned(classification: pd.DataFrame | None) -> Iterator[Care]:
    if classification is None:
        return
    missed = classification[~classification["learned"].astype(bool)]
    if len(missed):
        rates = [f"{row['network'].removesuffix(MARK).strip()} ({percent(row['accuracy'])})"
                 for _, row in missed.iterrows()]  # fmt: skip
        all_missed = len(missed) == len(classification)
        in_means = "Means over networks are over them." if all_missed else "Left out of means."
        yield Care(
            f"{counted(len(missed), 'network')} not learned",
            f"{listed(rates)}; always naming one expression gives "
            f"{percent(missed['chance'].iloc[0])}. {in_means}",
        )


def _no_better_than_a_map(pair: Pair) -> Iterator[Care]:
    networks, rival = pair.singles["value"], pair.every["rival"]
    ahead = networks[pair.sign * (networks - rival) > 0]
    if pd.notna(rival) and networks.notna().any() and len(ahead) < networks.notna().sum():
        those = f"only {listed(ahead.index)} more" if len(ahead) else "no network more"
        yield Care(
            "A map without expressions",
            f"{pair.every['best_rival']}, the same for all expressions, reaches "
            f"{number(rival, digits=2)} with {pair.reference}: {those} by {pair.explainer}.",
        )


def _not_to_be_read(faith: pd.DataFrame | None) -> Iterator[Care]:
    if faith is None:
        return
    named = faith[faith["read"] == "no"].groupby("explainer", sort=False)["network"].agg(listed)
    if len(named):
        told = "; ".join(f"by {explainer} {names}" for explainer, names in named.items())
        yield Care("Heatmaps not to be read", f"As probes of these networks show: {told}.")


def _poor_fits(trust: pd.DataFrame | None) -> Iterator[Care]:
    if trust is None:
        return
    shares = trust.groupby("explainer", sort=False)["poor_fit"].mean().dropna()
    poor = shares[shares > POOR]
    if len(poor):
        told = [f"{100 * share:.0f} % by {name}" for name, share in poor.items()]
        yield Care(
            "Poor fits",
            f"Of the explanations {listed(told)} describe their network badly (R² under 0.5).",
        )


def _black(settings: Mapping[str, Any], contrasts: pd.DataFrame) -> Iterator[Care]:
    rows = {name: row.get("baseline") for name, row in settings["explainers"].items()}
    kinds = {name: row["kind"] for name, row in settings.get("baselines", {}).items()}
    black = [name for name, baseline in rows.items() if kinds.get(baseline, baseline) == "black"]
    if not black:
        return
    why = "A face with black patches is nothing that a network has met."
    found = contrasts[(contrasts["role"] == "primary") & (contrasts["other"] == black[0])]
    for _, row in found[(found["network"] == ALL) & (found["expression"] == ALL)].iterrows():
        if rows.get(row["one"]) not in (None, "black") and row["q"] < LEVEL:
            bounds = ranged(*row[["difference", "low", "high"]], sign="+")
            why += f" With {rows[row['one']]} ({row['one']}) agreement changes by {bounds}."
            break
    yield Care("Black baseline", why)


def _few(pair: Pair) -> Iterator[Care]:
    people = pair.cells["n_subjects"].median()
    if 0 < people < FEW_PEOPLE:
        noun = "person" if people == 1 else "people"
        yield Care("Few people", f"Half of the heatmaps are of {people:.0f} {noun} or fewer.")
    trainings = pair.cells["n_repeats"].max()
    if trainings == 1 and pair.every["interval"]:
        yield Care("One training", "Intervals say nothing of other trainings of the same networks.")
    if pair.every["n_networks"] < 3:
        yield Care("Few networks", "A mean over so few says little of others.")


def _told_by_crop(leakage: pd.DataFrame | None) -> Iterator[Care]:
    if leakage is None:
        return
    found = leakage[leakage["low"] > leakage["chance"]]
    if len(found):
        told = found.groupby("corpus", sort=False)["features"].agg(listed)
        where = "; ".join(f"in {corpus} {names}" for corpus, names in told.items())
        yield Care(
            "A telling crop",
            f"Where a face lies in its crop tells something of the expression ({where}): a network "
            "may know it without looking at the face.",
        )


def _excluded(accounting: pd.DataFrame | None) -> Iterator[Care]:
    if accounting is None:
        return
    lost, read = accounting["excluded"].sum(), accounting["read"].sum()
    if read and lost / read > LOST:
        yield Care("Images excluded", f"{percent(lost / read)} of {read:,} images; reasons below.")


def _left_out(pair: Pair) -> Iterator[Care]:
    # Those that did not learn are named for that.
    names = [name for name in split(pair.every["left_out"]) if MARK not in name]
    if names:
        yield Care("Incomplete", f"Not in the means over networks: {listed(names)}.")
