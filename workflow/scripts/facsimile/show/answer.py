"""The first screen: the study's question, its answer in three sentences, and what to be careful of.

All is drawn from the tables of results. "No" and "cannot tell" are answers.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from facsimile.measure.table import ALL
from facsimile.show.facts import Facts
from facsimile.show.learned import MARK
from facsimile.show.pairs import Pair, against_chance
from facsimile.show.sheet import Sheet
from facsimile.show.wording import (
    LEVEL,
    TEST,
    Verdict,
    counted,
    listed,
    number,
    p_told,
    percent,
    ranged,
    split,
    verdict,
)

FEW_PEOPLE = 20
"""Fewer people than this behind a heatmap are worth a warning."""
POOR = 0.25
"""A share of poor fits over this is worth a warning."""
LOST = 0.05
"""Likewise a share of images excluded."""

HEADLINES: dict[tuple[Verdict, Verdict], str] = {
    ("more", "more"): "Yes: more than by chance, and each expression in its own way.",
    ("more", "open"): "Roughly: more than by chance, but not expression by expression.",
    ("more", "less"): "Roughly: more than by chance, but not at the right expressions.",
    ("more", "too few"): "More than by chance; whether expression by expression cannot be told.",
    ("more", "untested"): "More than by chance; expression by expression nothing was tested.",
    ("open", "more"): "In part: each expression in its own way, but not more than by chance.",
    ("less", "more"): "In part: each expression in its own way, but less than by chance.",
    ("untested", "more"): "In part: each expression in its own way; chance was not measured.",
    ("too few", "more"): "In part: each expression in its own way; beyond that, too few trainings.",
    ("untested", "open"): "Not shown: expressions are not told apart; chance was not measured.",
    ("untested", "less"): "No: expressions fit each other's places better than their own.",
}
"""By what two tests say: against chance, and of own against others' references."""

WHATEVER: dict[Verdict, str] = {
    "open": "Not shown: no more than networks that know nothing.",
    "less": "No: less than networks that know nothing.",
    "too few": "Cannot tell: too few trainings for a test.",
    "untested": "Cannot tell: nothing was tested.",
}
"""By the first of these tests, where the second adds nothing."""


@dataclass(frozen=True)
class Choice:
    """A network that stands for others: which (``role``), its name, and its row of ``overall``."""

    role: str
    network: str
    row: pd.Series


def headline(asked: Sequence[Pair]) -> str:
    """Return the answer in a line.

    Parameters
    ----------
    asked : the main explainer with the primary reference, and others of its method with it; see
        ``asked_of``.
    """
    if not asked:
        return "Cannot tell: no score was declared to decide."
    found = [_headline(pair) for pair in asked]
    if len(set(found)) == 1:
        return found[0]
    shorts = [re.split("[:;.]", one)[0] for one in found]
    if len(set(shorts)) == 1:
        return found[0]
    told = [
        f"{short.lower()} by {pair.explainer}" for short, pair in zip(shorts, asked, strict=True)
    ]
    return f"It hangs on the explainer: {listed(told)}."


def _headline(pair: Pair) -> str:
    if np.isnan(pair.every["value"]):
        return "Cannot tell: no mean over networks is defined."
    chance, own = against_chance(pair.every, pair.sign), own_verdict(pair)
    return HEADLINES.get((chance, own)) or WHATEVER[chance]


def asked_of(pairs: Sequence[Pair], settings: Mapping[str, Any]) -> list[Pair]:
    """Return the main explainer with the primary reference, and others that use its method."""
    primary = [pair for pair in pairs if pair.role == "primary"]
    methods = {name: row.get("method", "") for name, row in settings["explainers"].items()}
    first = methods.get(primary[0].explainer) if primary else None
    return [pair for pair in primary if methods.get(pair.explainer) == first]


def own_verdict(pair: Pair) -> Verdict:
    """Return whether heatmaps fit their own expression's reference more than the others'."""
    row = pair.own("kept").loc[[ALL]].iloc[0]
    if np.isnan(row["specificity"]):
        return "untested"
    return verdict(pair.sign * row["specificity"], row["q"], row["p_min"])


@dataclass(frozen=True)
class Statement:
    """A sentence in plain words, and the numbers that it is drawn from."""

    words: str | Markup
    numbers: str


def statements(asked: Sequence[Pair]) -> list[Statement]:
    """Return the answer in three sentences: against chance, own against others', and who.

    ``asked`` as for ``headline``; nothing of nothing.
    """
    if not asked:
        return []
    return [against_nothing(asked), own_places(asked), who(asked)]


KNOWING_NOTHING = "networks that know nothing of expressions"

CHANCE: dict[Verdict, tuple[str, str]] = {
    "more": ("agree with where people look better than {}", "they are better than these"),
    "less": ("agree with where people look less than {}", "they are worse than these"),
    "open": ("cannot be told from {}", "they cannot be told from these"),
    "too few": ("are of too few trainings to be told from {}", "trainings are too few to tell"),
    "untested": ("were not held against {}", "they were not held against these"),
}
OWN: dict[Verdict, tuple[str, str]] = {
    "more": ("show each expression in its own places", "they do"),
    "less": ("show expressions in each other's places", "it is the other way round"),
    "open": ("are not shown to fit their own expression's places best", "they are not shown to"),
    "too few": ("may or may not show each expression in its own places", "that cannot be told"),
    "untested": ("were not tested for showing expressions in their own places", "nor were those"),
}
"""What two tests say of heatmaps, by their verdicts: of one explainer's, and then of another's."""


def against_nothing(asked: Sequence[Pair]) -> Statement:
    """Return the means over networks, beside what networks reach that know nothing."""
    told = {pair.explainer: against_chance(pair.every, pair.sign) for pair in asked}
    numbers = [f"{pair.label} {_named(pair, asked)}{_beside_chance(pair.every)}" for pair in asked]
    return Statement(_by(told, CHANCE), f"{'; '.join(numbers)}.")


def own_places(asked: Sequence[Pair]) -> Statement:
    """Return whether each expression is looked for in its own places."""
    told = {pair.explainer: own_verdict(pair) for pair in asked}
    numbers = [f"{_named(pair, asked)}{_difference(pair)}" for pair in asked]
    return Statement(_by(told, OWN), f"Own less others' references: {'; '.join(numbers)}.")


def _by(told: Mapping[str, Verdict], words: Mapping[Verdict, tuple[str, str]]) -> Markup:
    """Return in a sentence what tests say, explainer by explainer where they differ."""
    (first, verdict), *others = told.items()
    text = words[verdict][0].format(f"those of {KNOWING_NOTHING}")
    if len(set(told.values())) == 1:
        return Markup("Their heatmaps {}.").format(text)
    said = Markup("Their heatmaps by <b>{}</b> {}").format(first, text)
    for name, other in others:
        said += Markup("; by <b>{}</b> {}").format(name, words[other][1])
    return said + "."


def _named(pair: Pair, asked: Sequence[Pair]) -> str:
    """Return by what explainer numbers are, where there are several."""
    return f"by {pair.explainer} " if len(asked) > 1 else ""


def _beside_chance(row: pd.Series) -> str:
    """Return a value with its interval, the levels that it stands beside, and its test."""
    if np.isnan(row["value"]):
        return f"not defined, {row['reason']}"
    levels = row[["untrained", "shuffled"]].astype(float).dropna()
    against = f" against {listed(number(one, digits=2) for one in levels)}" if len(levels) else ""
    told = "" if np.isnan(row["q"]) else f" ({p_told(*row[TEST])})"
    return f"{_value(row)}{against}{told}"


def _difference(pair: Pair) -> str:
    """Return what heatmaps fit their own references more than the others', and the test."""
    row = pair.own("kept").loc[[ALL]].iloc[0]
    if np.isnan(row["specificity"]):
        return f"not defined, {row['reason']}"
    bounds = row[["specificity", "specificity_low", "specificity_high"]]
    return f"{ranged(*bounds, sign='+')} ({p_told(*row[TEST])})"


def who(asked: Sequence[Pair]) -> Statement:
    """Return who is the most and the least human by the main explainer, and how sure that is."""
    pair, chosen = asked[0], choices(asked[0])
    if not chosen:
        return Statement("None can be called the most human.", "No network has all expressions.")
    numbers = "; ".join(f"{one.network} {_value(one.row)}{_places(one.row)}" for one in chosen)
    lead = f"{pair.label} {_named(pair, asked)}".strip()
    numbers = f"{lead}: {numbers}."
    best, least = chosen[0], chosen[-1]
    if len(chosen) == 1:
        words = Markup("There is one network to look at, <b>{}</b>.").format(best.network)
        return Statement(words, numbers)
    words = Markup("The most human network is <b>{}</b>, the least <b>{}</b>").format(
        best.network, least.network
    )
    return Statement(words + _surely(best, least), numbers)


def _surely(best: Choice, least: Choice) -> str:
    """Return how sure the order of two networks is, by the intervals of their ranks."""
    last, first = best.row["rank_high"], least.row["rank_low"]
    if np.isnan(last) or np.isnan(first):
        return "; how sure that is, cannot be told."
    if last >= first:
        return ", but which is ahead is not sure."
    if last == best.row["rank_low"]:
        return ", and the first place is sure."
    return "; the first is surely ahead of the last, but perhaps not of others."


def _value(row: pd.Series) -> str:
    """Return a value with its interval in brackets, to two digits."""
    value, *ends = (number(row[name], digits=2) for name in ("value", "low", "high"))
    return value if pd.isna(row["low"]) else f"{value} [{', '.join(ends)}]"


def _places(row: pd.Series) -> str:
    """Return the ranks that a network may have, where these are known."""
    if pd.isna(row["rank_low"]):
        return ""
    low, high = int(row["rank_low"]), int(row["rank_high"])
    return f", rank {low}" if low == high else f", rank {low} to {high}"


def choices(pair: Pair) -> list[Choice]:
    """Return the most human, the typical and the least human network, as far as there are so many.

    Of networks that learned, where any did; the typical one is in the middle by value.
    """
    means = pair.singles
    means = means[means["value"].notna() & means["left_out"].map(split).map(len).eq(0)]
    learned = means[[MARK not in name for name in means.index]]
    ranked = (learned if len(learned) else means).sort_values(
        "value", ascending=pair.sign < 0, kind="stable"
    )
    if len(ranked) < 2:
        found = {"The network": 0} if len(ranked) else {}
    elif len(ranked) == 2:
        found = {"Most human": 0, "Least human": 1}
    else:
        found = {"Most human": 0, "Typical": (len(ranked) - 1) // 2 or 1, "Least human": -1}
    return [Choice(role, ranked.index[at], ranked.iloc[at]) for role, at in found.items()]


def figure(pair: Pair, sheet: Sheet, facts: Facts) -> dict[str, Any]:
    """Return the figure: what people look at, and below it what the chosen networks look at."""
    pictures, raw = sheet.pictures[pair.explainer], {sheet.mark(n): n for n in sheet.networks}
    rows: list[dict[str, Any]] = [
        {
            "role": "People",
            "name": f"after {pair.reference}",
            "value": "",
            "pictures": sheet.people[pair.reference],
        }
    ]
    for one in choices(pair):
        value = f"{pair.label} {number(one.row['value'], digits=2)}"
        pictured = pictures[raw[one.network]]
        rows.append({"role": one.role, "name": one.network, "value": value, "pictures": pictured})
    meaning = facts.references.get(pair.reference, "")
    below = "average face" if pair.explainer in facts.explainers else "outline of a face"
    return {
        "rows": rows,
        "expressions": sheet.expressions,
        "outlines": sheet.outlines[pair.reference],
        "caption": (
            f"First row: {meaning or f'the reference {pair.reference}.'}"
            + f" Below: heatmaps by {pair.explainer} on the {below}, each from 0 to its own "
            "maximum, with the same lines." * (len(rows) > 1)
        ),
    }


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
    contrasts: pd.DataFrame,
    accounting: pd.DataFrame | None,
    leakage: pd.DataFrame | None,
) -> list[Care]:
    """Return what limits the answer, the weightiest first; all from the tables of results.

    Parameters
    ----------
    pairs : explainers with references; those of the primary one count.
    classification, trust, contrasts, accounting, leakage : the tables of these names.
    """
    primary = [pair for pair in pairs if pair.role == "primary"][:1]
    return [
        *_drawn(settings),
        *_not_learned(classification),
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
        yield Care(
            "A telling crop",
            f"In {listed(found['corpus'].unique())}, the place of the eyes tells something of the "
            "expression: a network may know it without looking at the face.",
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
