"""The part of the report on measures: agreement, chance, specificity, differences, likeness."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

import pandas as pd
from markupsafe import Markup

from facsimile.measure.scores import KINDS, Kind, meaning_of, scores, scores_of
from facsimile.show import tables
from facsimile.show.differences import contrast_sentences, contrast_tables, pretraining_sentence
from facsimile.show.factors import tests_cells, with_least_q
from facsimile.show.learned import Mark, marked
from facsimile.show.pair_tables import shown
from facsimile.show.pairs import Pair, pairs
from facsimile.show.wording import cells, listed


@dataclass(frozen=True)
class Measures:
    """The tidy tables of the measuring stage, as files hold them.

    ``null`` says what networks that know nothing reach; ``ceilings`` are the noise ceilings of
    references that have one, by their names.
    """

    agreement: pd.DataFrame
    overall: pd.DataFrame
    specificity: pd.DataFrame
    contrasts: pd.DataFrame
    pretraining: pd.DataFrame
    tests: pd.DataFrame
    ceilings: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def marked(self, mark: Mark) -> Self:
        """Return the same with a mark behind the names of networks that did not learn."""
        names = [one.name for one in fields(self) if one.name not in ("tests", "ceilings")]
        tables: dict[str, Any] = {name: marked(getattr(self, name), mark) for name in names}
        return replace(self, **tables)

    @property
    def pairs(self) -> list[Pair]:
        """Return each explainer with each reference, the primary reference first."""
        return list(pairs(self.agreement, self.overall, self.specificity))


def context(measures: Measures) -> dict[str, object]:
    """Return what the template shows of the measures."""
    tests = {
        name: tests_cells(part)
        for name, part in with_least_q(measures.tests).groupby("explainer", sort=False)
    }
    return {
        "ceilings": {
            name: {"table": ceiling_cells(table), "left_out": table["left_out"].iloc[0]}
            for name, table in measures.ceilings.items()
        },
        "agreements": [shown(pair) for pair in measures.pairs],
        "resampled": resampled([*measures.agreement["interval"], *measures.overall["interval"]]),
        "families": families(measures),
        "scores": {kind: defined(kind) for kind in KINDS},
        "contrasts": contrast_sentences(measures.contrasts),
        "contrast_tables": list(contrast_tables(measures.contrasts)),
        "pretraining": [
            pretraining_sentence(measures.pretraining, explainer)
            for explainer in measures.agreement["explainer"].unique()
        ],
        "tests": {name: table for name, (table, _) in tests.items() if not table.empty},
        "untested": list(
            dict.fromkeys(reason for _, reasons in tests.values() for reason in reasons)
        ),
    }


def resampled(intervals: Iterable[str]) -> str:
    """Return in words what intervals are over, from a column ``interval`` of the tidy tables."""
    found = [name for name in dict.fromkeys(intervals) if isinstance(name, str) and name]
    return "; or ".join(found) or "there are none"


def ceiling_cells(ceiling: pd.DataFrame) -> pd.DataFrame:
    """Return the noise ceiling, an expression a row, halves and faces beside each other."""
    numbers = ceiling.set_index(["expression", "between"])[["r", "reliability", "ceiling"]]
    table = pd.DataFrame(numbers.unstack())  # noqa: PD010 (a row given twice must be an error)
    table.columns = [", ".join(names) for names in table.columns]
    rows = ceiling.groupby("expression")[["participants", "rows"]].first()
    return cells(table.join(rows).loc[tables.in_order(table.index)])


def families(measures: Measures) -> str:
    """Return over how many p each q is, table by table and role by role."""
    told = []
    for name in ("agreement", "overall", "specificity", "contrasts", "pretraining"):
        table = getattr(measures, name)
        counts = table.loc[table["p"].notna(), "role"].value_counts()
        if len(counts):
            both = listed(f"{counts[role]:,} {role}" for role in sorted(counts.index)[::-1])
            told.append(f"{both} in {name}")
    return "; ".join(told) or "there is none"


def defined(kind: Kind) -> Markup:
    """Return what the scores of a kind of reference are."""
    return Markup("; ").join(
        Markup("<b>{}</b> {}").format(scores()[name].label, _lower(meaning_of(scores()[name])))
        for name in scores_of(kind)
    )


def _lower(text: str) -> str:
    return text if re.match("[A-Z][a-z]+('s|-)", text) else text[0].lower() + text[1:]
