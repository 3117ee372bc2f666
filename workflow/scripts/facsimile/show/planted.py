"""The page and figures of the method's own proof: what was planted, what was found."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from facsimile import EXPRESSIONS
from facsimile.explain.explainers import OF_PIXELS
from facsimile.measure.planted import FOUND, LEARNED
from facsimile.show.charts import LINE
from facsimile.show.figures import draw_heatmap
from facsimile.show.measures import cells, ranged
from facsimile.show.report import page, percent, plain_yaml, software
from facsimile.show.style import INK, MUTED, RULE, sheet, styled

CUTS = {
    "slic": "SLIC",
    "fine": "fine SLIC",
    "grey": "SLIC, hidden by grey",
    "undone": "SLIC, units undone",
}

HIDDEN_BY = {"slic": "black", "grey": "grey", "undone": "the face without its units"}
"""The study's superpixels, and what hides them."""


def look(superpixels: str, explainer: str) -> str:
    """Return the name of an explainer on a cut, as people read it."""
    words = explainer.replace("_", " ")
    return words if explainer in OF_PIXELS else f"{words}, {CUTS.get(superpixels, superpixels)}"


@styled
def beside(
    changes: Mapping[str, np.ndarray],
    regions: Mapping[str, np.ndarray],
    heatmaps: Mapping[tuple[str, str], np.ndarray],
    mean_face: np.ndarray,
) -> Figure:
    """Draw heatmaps below what was planted, an expression a column, with the exact region's edge.

    Parameters
    ----------
    changes : expression to the mean change, (275, 224).
    regions : expression to the exact region, (275, 224) bool.
    heatmaps : (superpixels/explainer, expression) to (275, 224); NaN where no face was explained.
    """
    looks = list(dict.fromkeys(name for name, _ in heatmaps))
    figure, axes = sheet(1 + len(looks), len(EXPRESSIONS), 1.2, 1.2 * 275 / 224)
    figure.get_layout_engine().set(w_pad=0.015, h_pad=0.015, wspace=0, hspace=0)
    for panel, (expression, change) in zip(axes[0], changes.items(), strict=True):
        _draw(panel, change, regions[expression], mean_face)
        panel.set_title(expression, fontsize=8.5)
    axes[0, 0].set_ylabel("planted", fontsize=8, fontweight="bold")
    for row, name in zip(axes[1:], looks, strict=True):
        for panel, expression in zip(row, EXPRESSIONS, strict=True):
            _draw(panel, heatmaps[name, expression], regions[expression], mean_face)
        row[0].set_ylabel(look(*name.split("/")).replace(" ", "\n", 1), fontsize=7.5)
    return figure


def _draw(panel: Axes, heatmap: np.ndarray, region: np.ndarray, mean_face: np.ndarray) -> None:
    draw_heatmap(panel, heatmap, mean_face)
    if region.any():
        panel.contour(region, levels=[0.5], colors=[INK], linewidths=0.7)


@styled
def limits(findings: pd.DataFrame) -> Figure:
    """Draw mean AUROC against exact regions, with intervals: networks down, plantings across.

    Parameters
    ----------
    findings : as ``measure.planted.findings`` returns.
    """
    plantings, networks = (list(findings[name].unique()) for name in ("planting", "network"))
    pairs = findings[["superpixels", "explainer"]].drop_duplicates().to_numpy()
    names = [look(*pair) for pair in pairs]
    height = 0.2 * len(names) + 0.6
    figure, axes = sheet(len(networks), len(plantings), 8.4 / len(plantings), height)
    for (network, planting), panel in zip(product(networks, plantings), axes.flat, strict=True):
        both = (findings["network"] == network) & (findings["planting"] == planting)
        part = findings[both]
        _draw_limits(panel, part, names)
        panel.set_title(f"{planting}, {network}\naccuracy {part['accuracy'].iloc[0]:.2f}")
        panel.tick_params(labelleft=panel in axes[:, 0], labelbottom=panel in axes[-1])
    figure.supxlabel("AUROC against the exact region, mean over expressions", fontsize=8)
    return figure


def _draw_limits(panel: Axes, part: pd.DataFrame, names: Sequence[str]) -> None:
    at = [names.index(look(*pair)) for pair in part[["superpixels", "explainer"]].to_numpy()]
    panel.axvline(0.5, color=RULE, lw=0.8)
    panel.axvline(FOUND, color=MUTED, lw=0.8, ls=":")
    panel.hlines(at, part["low"], part["high"], color=LINE, lw=1.2)
    panel.plot(part["auroc"], at, "o", color=LINE, ms=4.5)
    panel.plot(part["elsewhere"], at, "o", color=MUTED, ms=3.5, mfc="white", mew=0.8)
    panel.set(xlim=(0.25, 1.03), ylim=(len(names) - 0.5, -0.5), yticks=range(len(names)))
    panel.set_yticklabels(names)
    panel.grid(axis="x")


def render(
    findings: pd.DataFrame,
    places: pd.DataFrame,
    figures: Mapping[tuple[str, str], bytes],
    limits: bytes,
    settings: Mapping,
) -> str:
    """Return the report as one self-contained page of HTML.

    Parameters
    ----------
    findings, places : the tables of ``measure.planted``.
    figures : planting and network to a PNG of ``beside``; ``limits`` that of ``limits``.
    settings : of the validation.
    """
    first = findings.groupby(["planting", "network"], sort=False).head(1)
    same = findings["explainer"] == first["explainer"].iloc[0]
    hidings = findings[same & findings["superpixels"].isin(HIDDEN_BY)]
    images = {f"planted-{planting}-{network}": png for (planting, network), png in figures.items()}
    return page(
        "validation.html.j2",
        images | {"limits": limits},
        summary=[
            sentence(row, settings["corpora"][row["planting"]]) for _, row in first.iterrows()
        ],
        tally=tally(hidings, settings["corpora"]),
        plantings=list(figures),
        corpora=settings["corpora"],
        hidings=_shown(hidings, HIDDEN_BY).set_index("planting"),
        tables={
            planting: _shown(part).set_index("look").drop(columns="planting")
            for planting, part in findings.groupby("planting", sort=False)
        },
        places=_pairs(places),
        learned=percent(LEARNED),
        found=FOUND,
        settings=plain_yaml(settings),
        software=software(),
    )


def sentence(row: pd.Series, corpus: Mapping) -> str:
    """Return what one network and explainer found of one planting, promised or not."""
    where = f"{row['planting']} ({row['network']})"
    start = f"{where}: accuracy {percent(row['accuracy'])} on unseen people"
    if not np.isfinite(row["auroc"]):
        return f"{start}; no heatmap could be scored ({row['reason']})."
    specific = (
        f"specificity {row['specificity']:+.3f} (p = {row['p']:.3f})"
        if np.isfinite(row["p"])
        else f"no specificity ({row['reason']})"
    )
    found = f"mean AUROC against the exact region {row['auroc']:.3f}, {specific}"
    if corpus["shuffle_labels"]:
        held = not (row["learned"] or row["found"] or row["specific"])
        verdict = (
            "as it must be where labels mean nothing" if held else "MORE than there is to find"
        )
    elif not row["learned"]:
        verdict = "the network has not learned enough for the proof"
    elif row["found"]:
        verdict = "the evidence is found"
    else:
        verdict = f"short of the {FOUND:g} that the proof asks for"
    return f"{start}; {found}: {verdict}."


def tally(hidings: pd.DataFrame, corpora: Mapping) -> list[str]:
    """Return in which plantings each network's evidence is found, a sentence a way of hiding."""
    told = hidings[[not corpora[name]["shuffle_labels"] for name in hidings["planting"]]]
    sentences = []
    for (network, cut), part in told.groupby(["network", "superpixels"], sort=False):
        learned = part[part["learned"]]
        places = {word: list(learned.loc[learned[word], "planting"]) for word in VERDICTS}
        words = [f"{word} in {', '.join(names) or 'none'}" for word, names in places.items()]
        sentences.append(f"{network}, hidden by {HIDDEN_BY[cut]}: {'; '.join(words)}.")
    return sentences


VERDICTS = ("found", "specific")


def _shown(findings: pd.DataFrame, hidden_by: Mapping | None = None) -> pd.DataFrame:
    """Return findings as text, under the names that the page has for them.

    With ``hidden_by``, what hides superpixels stands in the place of explainer and cut.
    """
    shown = pd.DataFrame({"planting": findings["planting"], "network": findings["network"]})
    if hidden_by:
        shown["hidden by"] = findings["superpixels"].map(hidden_by)
    else:
        pairs = findings[["superpixels", "explainer"]].to_numpy()
        shown["look"] = [look(*pair) for pair in pairs]
    shown["accuracy"] = findings["accuracy"].map(percent)
    bounds = findings[["auroc", "low", "high"]].to_numpy()
    shown["AUROC"] = [ranged(*numbers) for numbers in bounds]
    numbers = findings[["lowest", "visible", "elsewhere", "iou", "pearson", "specificity", "p"]]
    shown = shown.join(cells(numbers.astype(float)))
    shown["placed"] = [
        f"{placed} of {count}"
        for placed, count in zip(findings["placed"], findings["expressions"], strict=True)
    ]
    return shown.rename(columns={"iou": "IoU", "pearson": "Pearson's r"}).rename_axis(index=None)


def _pairs(places: pd.DataFrame) -> pd.DataFrame:
    """Return the comparisons of pairs as text, one a row."""
    shown = cells(places[["own", "swapped", "difference", "p"]].astype(float))
    shown.insert(0, "network", places["network"])
    shown.insert(
        1, "explainer", [look(*pair) for pair in places[["superpixels", "explainer"]].to_numpy()]
    )
    return shown.set_index(pd.Index(places["planting"] + " and " + places["other"], name=None))
