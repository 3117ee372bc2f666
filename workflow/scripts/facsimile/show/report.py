"""The report: one self-contained page that says what was done and what came out."""

import base64
import io
import json
import platform
from collections.abc import Mapping, Sequence
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
from facsimile.show.measures import Measures, cells, context, summary

FIGURES = ("faces", "training", "confusion", "trust", "heatmaps", "pretraining", "dendrograms",
           "people", "correlations", "limits", "reference-", "agreement-", "specificity-",
           "planted-")  # fmt: skip
"""Names of figures; one that ends in a hyphen goes on with the name of a reference."""

SOFTWARE = ("snakemake", "torch", "torchvision", "timm", "dlib-bin", "scikit-image",
            "scikit-learn", "scikit-bio", "scipy", "numpy", "pandas", "matplotlib",
            "seaborn")  # fmt: skip
DRAWN_FROM = {
    "correct": "drawn from those that the network recognised",
    "predicted": "drawn from those that the network took for it, rightly or not",
}


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
    names; ``measures`` may hold several explainers and references. ``figures`` maps some of
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
    measures: Measures
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
    return page(
        "report.html.j2",
        report.figures,
        report=report,
        heatmaps={name: embedded(data) for name, data in report.heatmaps.items()},
        trusts=[trust_cells(part) for _, part in report.trust.groupby("explainer", sort=False)],
        summary=[
            accuracy_sentence(report.classification),
            *summary(report.measures.agreement, report.measures.specificity),
        ],
        accounting=tables.accounting(report.accounting, report.faces),
        by_expression=tables.by_expression(report.accounting),
        by_subject=cells(tables.by_subject(report.accounting), digits=1),
        shared_images=tables.shared_images(report.duplicates),
        exclusions=tables.exclusions(report.excluded),
        landmark_errors=cells(tables.landmark_errors(report.faces)),
        classification=classification_cells(report.classification),
        measures=context(report.measures),
        drawn_from=DRAWN_FROM[report.select],
        settings=plain_yaml(report.settings),
    )


def render_external(
    measures: Measures,
    figures: Mapping[str, bytes],
    settings: Mapping,
    title: str = "Heatmaps made elsewhere",
) -> str:
    """Return the page on heatmaps made elsewhere, of which only the measures are known."""
    return page(
        "external.html.j2",
        figures,
        title=title,
        summary=summary(measures.agreement, measures.specificity),
        measures=context(measures),
        settings=plain_yaml(settings),
        software=software(),
    )


def page(template: str, figures: Mapping[str, bytes], **content: object) -> str:
    """Return a template filled in, with figures as PNG bytes inside.

    Raises
    ------
    UserError
        If a figure has a name that is not one of ``FIGURES``.
    """
    for name in figures:
        if name not in FIGURES and f"{name.partition('-')[0]}-" not in FIGURES:
            raise unknown("figure", name, FIGURES)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    images = {name: embedded(data) for name, data in figures.items()}
    return environment.get_template(template).render(images=images, **content)


def embedded(png: bytes) -> dict[str, object]:
    """Return the source of an ``img`` element, and its size in CSS pixels at 96 to the inch."""
    with Image.open(io.BytesIO(png)) as image:
        width, height = (round(side * 96 / 160) for side in image.size)
    source = f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
    return {"source": source, "width": width, "height": height}


def accuracy_sentence(classification: pd.DataFrame) -> str:
    """Return the result of the classification in a sentence."""
    best = classification.loc[classification["accuracy"].idxmax()]
    lead = (
        f"The most accurate of {len(classification)} networks is {best['network']}: it recognises"
    )
    if len(classification) == 1:
        lead = f"The network {best['network']} recognises"
    return (
        f"{lead} {percent(best['accuracy'])} of faces that it was not trained on, where guessing "
        f"gives {percent(1 / len(EXPRESSIONS))}."
    )


def percent(share: float) -> str:
    """Return a share as a percentage, with a space that does not break."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


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


def plain_yaml(settings: Mapping) -> str:
    """Return settings as YAML, in their own order; what is no plain value is written as text."""
    plain = json.loads(json.dumps(settings, default=str))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=72)


def read_figures(files: Mapping, references: Sequence[str]) -> dict[str, bytes]:
    """Return the figures among the files of a report, by their names in ``FIGURES``.

    Parameters
    ----------
    files : name to a path; to a list of paths, one a reference, where the name ends in a hyphen
        less that hyphen and with an s.
    """
    found = {}
    for name in FIGURES:
        if name.endswith("-"):
            paths = zip(references, files.get(f"{name[:-1]}s", []), strict=False)
            found |= {f"{name}{reference}": Path(path) for reference, path in paths}
        elif isinstance(files.get(name), str):
            found[name] = Path(files[name])
    return {name: path.read_bytes() for name, path in found.items()}


def read_heatmaps(paths: Sequence[str], explainers: Sequence[str]) -> dict[str, bytes]:
    """Return each explainer's sheet of heatmaps."""
    return {name: Path(path).read_bytes() for name, path in zip(explainers, paths, strict=True)}


def read_measures(files: Mapping, references: Sequence[str]) -> Measures:
    """Return the tables of the measures among the files of a report."""
    tables = ("scores", "specificity", "differences", "tests", "branches")
    agreement, specificity, pretraining, tests, branches = (
        pd.read_csv(files[name], keep_default_na=True) for name in tables
    )
    return Measures(
        references=references,
        agreement=agreement,
        specificity=specificity,
        pretraining=pretraining,
        tests=tests,
        ceiling=pd.read_csv(files["ceiling"][0]) if files.get("ceiling") else None,
        supported=bool(branches["support"].notna().any()),
    )
