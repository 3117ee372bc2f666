"""The report: one self-contained page that says what was done and what came out."""

import base64
import io
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import jinja2
import pandas as pd
import yaml
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.errors import unknown
from facsimile.show import tables

FIGURES = ("faces", "training", "confusion", "trust", "masks", "agreement", "dendrograms")
SCORES = {"iou": "IoU", "precision": "precision", "recall": "recall", "f1": "F1"}
SOFTWARE = ("snakemake", "torch", "torchvision", "timm", "dlib-bin", "scikit-image",
            "scikit-learn", "scipy", "numpy", "pandas", "matplotlib", "seaborn")  # fmt: skip
DRAWN_FROM = {
    "correct": "drawn from those that the network recognised",
    "predicted": "drawn from those that the network took for it, rightly or not",
}
DASH = "\N{EN DASH}"


def software() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape the numbers."""
    versions = {"python": platform.python_version()}
    for name in SOFTWARE:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


@dataclass(frozen=True)
class Report:
    """All that the page shows.

    ``faces`` and ``excluded`` are the ``faces.csv`` and ``excluded.csv`` of all corpora, the
    latter with a column corpus; ``accounting``, ``duplicates`` and ``trust`` the tables of these
    names; ``agreement`` may hold several explainers and references. ``figures`` maps some of
    ``FIGURES`` to PNG bytes, and ``heatmaps`` explainers; one that is missing is left out of the
    page. ``methods`` says in words how each explainer works. ``select``, a key of ``DRAWN_FROM``,
    says which faces were explained.
    """

    settings: Mapping
    faces: pd.DataFrame
    excluded: pd.DataFrame
    accounting: pd.DataFrame
    duplicates: pd.DataFrame
    classification: pd.DataFrame
    trust: pd.DataFrame
    agreement: pd.DataFrame
    figures: Mapping[str, bytes]
    heatmaps: Mapping[str, bytes]
    methods: Mapping[str, str]
    folds: int
    faces_per_expression: int
    select: str = "correct"
    title: str = "Do they look where people look?"
    software: Mapping[str, str] = field(default_factory=software)


def render(report: Report) -> str:
    """Return the page as HTML: figures and styles inside, no script, nothing fetched.

    Raises
    ------
    UserError
        If a figure or ``select`` has a name that the page does not know.
    """
    if report.select not in DRAWN_FROM:
        raise unknown("selection of faces", report.select, DRAWN_FROM)
    for name in report.figures:
        if name not in FIGURES:
            raise unknown("figure", name, FIGURES)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        report=report,
        images={name: embedded(data) for name, data in report.figures.items()},
        heatmaps={name: embedded(data) for name, data in report.heatmaps.items()},
        trusts=[trust_cells(part) for _, part in report.trust.groupby("explainer", sort=False)],
        summary=summary(report.classification, report.agreement),
        accounting=tables.accounting(report.accounting, report.faces),
        by_expression=tables.by_expression(report.accounting),
        by_subject=cells(tables.by_subject(report.accounting), digits=1),
        shared_images=tables.shared_images(report.duplicates),
        exclusions=tables.exclusions(report.excluded),
        landmark_errors=cells(tables.landmark_errors(report.faces)),
        classification=classification_cells(report.classification),
        agreements=[agreement_cells(part) for part in comparisons(report.agreement)],
        drawn_from=DRAWN_FROM[report.select],
        settings=plain_yaml(report.settings),
    )


def embedded(png: bytes) -> dict[str, object]:
    """Return the source of an ``img`` element, and its size in CSS pixels at 96 to the inch."""
    with Image.open(io.BytesIO(png)) as image:
        width, height = (round(side * 96 / 160) for side in image.size)
    source = f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
    return {"source": source, "width": width, "height": height}


def comparisons(agreement: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of each explainer and reference, in the order in which they come."""
    return [part for _, part in agreement.groupby(["explainer", "reference"], sort=False)]


def summary(classification: pd.DataFrame, agreement: pd.DataFrame) -> list[str]:
    """Return the result in sentences, one paragraph for classification and one a comparison."""
    best = classification.loc[classification["accuracy"].idxmax()]
    lead = (
        f"The most accurate of {len(classification)} networks is {best['network']}: it recognises"
    )
    if len(classification) == 1:
        lead = f"The network {best['network']} recognises"
    sentences = [
        f"{lead} {percent(best['accuracy'])} of faces that it was not trained on, where guessing "
        f"gives {percent(1 / len(EXPRESSIONS))}."
    ]
    for part in comparisons(agreement):
        sentences.append(_agreement_sentence(part))
    return sentences


def _agreement_sentence(agreement: pd.DataFrame) -> str:
    first = agreement.iloc[0]
    pair = f"Between the {first['explainer']} heatmaps and the {first['reference']} regions"
    rows = agreement[agreement["score"] == "iou"].dropna(subset="value")
    if rows.empty:
        return f"{pair} no agreement could be computed."
    text = f"{pair} the mean IoU is {rows['value'].mean():.3f}"
    means = tables.wide(agreement)["mean"].dropna()
    if len(means) > 1:
        low, high = means.idxmin(), means.idxmax()
        text += f", from {means[low]:.3f} ({low}) to {means[high]:.3f} ({high})"
    best = rows.loc[rows["value"].astype(float).idxmax()]
    return f"{text}; the highest is {best['value']:.3f}, {best['network']} on {best['expression']}."


def percent(share: float) -> str:
    """Return a share as a percentage, with a space that does not break."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def cells(table: pd.DataFrame, digits: int = 3) -> pd.DataFrame:
    """Return a table's cells as text: fractions rounded, undefined ones as a dash."""

    def text(value: object) -> str:
        if pd.isna(value):
            return DASH
        return f"{value:.{digits}f}" if isinstance(value, float) else str(value)

    return table.map(text)


def classification_cells(classification: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of each network as text, with the spread over folds where there is one."""
    table = classification.set_index("network")
    shown = pd.DataFrame(index=table.index)
    for score in ("accuracy", "precision", "recall", "f1"):
        shown[score] = [
            f"{mean:.3f}" + ("" if pd.isna(spread) else f" \N{PLUS-MINUS SIGN} {spread:.3f}")
            for mean, spread in zip(table[score], table[f"{score}_std"], strict=True)
        ]
    return shown.join(cells(table[["folds", "faces"]])).rename(columns={"f1": "F1"})


def trust_cells(trust: pd.DataFrame) -> dict[str, object]:
    """Return what the page shows of one explainer's trust: means over the expressions' medians."""
    columns = {
        "r2": "R²",
        "split_half": "r between halves",
        "standard_error": "noise over signal",
        "poor_fit": "poor fits",
        "effective_samples": "effective samples",
        "samples": "passes a face",
    }
    means = trust.groupby("network", sort=False)[list(columns)].mean()
    means["poor_fit"] = means["poor_fit"].map(percent, na_action="ignore")
    for name in ("effective_samples", "samples"):
        means[name] = means[name].map("{:.0f}".format, na_action="ignore")
    # Only what the explainer knows of itself.
    shown = means.dropna(axis=1, how="all").rename(columns=columns).rename_axis(index=None)
    return {"explainer": trust["explainer"].iloc[0], "table": cells(shown)}


def agreement_cells(agreement: pd.DataFrame) -> dict[str, object]:
    """Return what the page shows of one explainer and reference.

    ``iou``: networks by expressions; ``means``: each score, averaged over the expressions;
    ``faces``: how many a heatmap is the mean of; ``undefined``: why cells are missing;
    ``chance``: whether a chance level is given.
    """
    means = {
        name: tables.wide(agreement, score)["mean"]
        for score, name in SCORES.items()
        if (agreement["score"] == score).any()
    }
    folds = tables.wide(agreement.assign(value=agreement["fold_mean"]))["mean"]
    explainer, reference = agreement.iloc[0][["explainer", "reference"]]
    fewest, most = agreement["faces"].min(), agreement["faces"].max()
    return {
        "explainer": explainer,
        "reference": reference,
        "iou": cells(tables.wide(agreement)),
        "means": cells(pd.DataFrame(means).assign(**{"IoU, single folds": folds})),
        "faces": f"{fewest:g}" if fewest == most else f"{fewest:g} to {most:g}",
        "undefined": tables.undefined(agreement),
        "chance": "chance" in agreement.columns,
    }


def plain_yaml(settings: Mapping) -> str:
    """Return settings as YAML, in their own order; what is no plain value is written as text."""
    plain = json.loads(json.dumps(settings, default=str))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=72)
