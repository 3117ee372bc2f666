"""The answer to the study's question, in a line and in three sentences.

All is drawn from the tables of results. "No" and "cannot tell" are answers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from facsimile.measure.table import ALL
from facsimile.show.choices import Choice, choices
from facsimile.show.pairs import Pair, against_chance
from facsimile.show.wording import LEVEL, TEST, Verdict, listed, number, p_told, ranged, verdict

HEADLINES: dict[tuple[Verdict, Verdict], str] = {
    ("more", "more"): "Yes: more than by chance, and each expression in its own way.",
    ("more", "open"): "Roughly: more than by chance, but not expression by expression.",
    ("more", "less"): "Roughly: more than by chance, but not at the right expressions.",
    ("more", "too few"): "More than by chance; whether expression by expression cannot be told.",
    ("more", "untested"): "More than by chance; expression by expression nothing was tested.",
    ("open", "more"): "In part: each expression in its own way, but not more than by chance.",
    ("less", "more"): "In part: each expression in its own way, but less than by chance.",
    ("untested", "more"): "In part: each expression in its own way; chance was not tested.",
    ("too few", "more"): "In part: each expression in its own way; beyond that, too few trainings.",
    ("untested", "open"): "Not shown: expressions are not told apart; chance was not tested.",
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


def headline(asked: Sequence[Pair], contrasts: pd.DataFrame) -> str:
    """Return the answer in a line.

    It hangs on the explainer only where explainers with other answers are shown to differ.

    Parameters
    ----------
    asked : the main explainer with the primary reference, and others of its method with it; see
        ``asked_of``.
    contrasts : the table of this name.
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
    other = [pair for pair, short in zip(asked, shorts, strict=True) if short != shorts[0]]
    tests = [row["q"] for row in compared([asked[0], *other], contrasts)]
    if any(q < LEVEL for q in tests):
        return f"It hangs on the explainer: {listed(told)}."
    apart = "are not shown to differ" if any(np.isfinite(tests)) else "were not held together"
    text = listed(told)
    return f"{text[0].upper()}{text[1:]}; these {apart}."


def compared(asked: Sequence[Pair], contrasts: pd.DataFrame) -> list[pd.Series]:
    """Return the rows of ``contrasts`` that hold the explainers asked against the first, on all."""
    found = contrasts[(contrasts["network"] == ALL) & (contrasts["expression"] == ALL)]
    return [
        row
        for pair in asked[1:]
        for _, row in found.iterrows()
        if (row["one"], row["other"]) == (pair.explainer, asked[0].explainer)
        and (row["reference"], row["score"]) == (pair.reference, pair.score)
    ]


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


def statements(asked: Sequence[Pair], contrasts: pd.DataFrame) -> list[Statement]:
    """Return the answer in three sentences: against chance, own against others', and who.

    ``asked`` and ``contrasts`` as for ``headline``; nothing of nothing.
    """
    if not asked:
        return []
    return [against_nothing(asked, contrasts), own_places(asked), who(asked)]


KNOWING_NOTHING = "networks that know nothing of expressions"

CHANCE: dict[Verdict, tuple[str, str]] = {
    "more": ("agree with where people look better than {}", "they are better than these"),
    "less": ("agree with where people look less than {}", "they are worse than these"),
    "open": ("cannot be told from {}", "they cannot be told from these"),
    "too few": ("are of too few trainings to be told from {}", "trainings are too few to tell"),
    "untested": ("were not tested against {}", "they were not tested against these"),
}
OWN: dict[Verdict, tuple[str, str]] = {
    "more": ("show each expression in its own places", "they do"),
    "less": ("show expressions in each other's places", "it is the other way round"),
    "open": ("are not shown to fit their own expression's places best", "they are not shown to"),
    "too few": ("may or may not show each expression in its own places", "that cannot be told"),
    "untested": ("were not tested for showing expressions in their own places", "nor were those"),
}
"""What two tests say of heatmaps, by their verdicts: of one explainer's, and then of another's."""


def against_nothing(asked: Sequence[Pair], contrasts: pd.DataFrame) -> Statement:
    """Return the means over networks, beside what networks and maps reach that know nothing."""
    told = {pair.explainer: against_chance(pair.every, pair.sign) for pair in asked}
    numbers = [f"{pair.label} {_named(pair, asked)}{_beside_chance(pair.every)}" for pair in asked]
    numbers += [
        f"{row['one']} less {row['other']} "
        f"{ranged(*row[['difference', 'low', 'high']], sign='+', digits=2)} ({p_told(*row[TEST])})"
        for row in compared(asked, contrasts)
        if np.isfinite(row["difference"])
    ]
    best = asked[0].every
    if np.isfinite(best["rival"]):
        numbers.append(
            f"the best single map that knows nothing, {best['best_rival']}, reaches "
            f"{number(best['rival'], digits=2)}"
        )
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
    against = f" against {levels}" if (levels := reached(row)) else ""
    told = "" if np.isnan(row["q"]) else f" ({p_told(*row[TEST])})"
    return f"{ranged(*row[['value', 'low', 'high']], digits=2)}{against}{told}"


def reached(row: pd.Series) -> str:
    """Return what networks that know nothing reach, as far as that is known."""
    words = {"untrained": "untrained", "shuffled": "with shuffled labels"}
    levels = row[list(words)].astype(float).dropna()
    return (
        listed(f"{number(one, digits=2)} {words[str(name)]}" for name, one in levels.items())
        if len(levels)
        else ""
    )


def _difference(pair: Pair) -> str:
    """Return what heatmaps fit their own references more than the others', and the test."""
    row = pair.own("kept").loc[[ALL]].iloc[0]
    if np.isnan(row["specificity"]):
        return f"not defined, {row['reason']}"
    bounds = row[["specificity", "specificity_low", "specificity_high"]]
    return f"{ranged(*bounds, sign='+')} ({p_told(*row[TEST])})"


def who(asked: Sequence[Pair]) -> Statement:
    """Return who is the most and the least human by the main explainer, and how sure that is.

    Where another explainer puts another network first, it is named.
    """
    pair, chosen = asked[0], choices(asked[0])
    if not chosen:
        return Statement("None can be called the most human.", "No network has all expressions.")
    numbers = "; ".join(
        f"{one.network} {ranged(*one.row[['value', 'low', 'high']], digits=2)}{_places(one.row)}"
        for one in chosen
    )
    lead = f"{pair.label} {_named(pair, asked)}".strip()
    numbers = f"{lead}: {numbers}."
    best, least = chosen[0], chosen[-1]
    if len(chosen) == 1:
        words = Markup("There is one network to look at, <b>{}</b>.").format(best.network)
        return Statement(words, numbers)
    by = f"By {pair.explainer} the" if len(asked) > 1 else "The"
    words = Markup("{} most human network is <b>{}</b>, the least <b>{}</b>").format(
        by, best.network, least.network
    )
    return Statement(words + _surely(best, least) + _by_others(asked[1:], best.network), numbers)


def _by_others(asked: Sequence[Pair], first: str) -> Markup:
    """Return which networks other explainers put first, where these are others."""
    firsts = {pair.explainer: found[0].network for pair in asked if (found := choices(pair))}
    told = [
        Markup("by {} the most human is <b>{}</b>").format(explainer, network)
        for explainer, network in firsts.items()
        if network != first
    ]
    return Markup(" But {}.").format(Markup("; ").join(told)) if told else Markup("")


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


def _places(row: pd.Series) -> str:
    """Return the ranks that a network may have, where these are known."""
    if pd.isna(row["rank_low"]):
        return ""
    low, high = int(row["rank_low"]), int(row["rank_high"])
    return f", rank {low}" if low == high else f", rank {low} to {high}"
