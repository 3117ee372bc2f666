"""The report: one self-contained page that says what was done and what came out."""

import base64
import io
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml
from markupsafe import Markup
from PIL import Image

from facsimile import EXPRESSIONS
from facsimile.faces import dataset
from facsimile.files import keyed
from facsimile.show import tables
from facsimile.show.facts import Facts
from facsimile.show.manifest import Drawing, Inputs, among, figures
from facsimile.show.measures import Measures, cells, context, glance, verdicts

SOFTWARE = ("snakemake", "torch", "torchvision", "timm", "dlib-bin", "scikit-image",
            "scikit-learn", "scikit-bio", "scipy", "numpy", "pandas", "matplotlib",
            "seaborn")  # fmt: skip
TEMPLATES = [Path(__file__).parent]
"""Folders of templates."""


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
class Faces:
    """The tables on a study's faces.

    ``faces`` and ``excluded`` are the ``faces.csv`` and ``excluded.csv`` of all corpora, the
    latter with a column corpus; ``accounting`` and ``duplicates`` the tables of these names.
    """

    faces: pd.DataFrame
    excluded: pd.DataFrame
    accounting: pd.DataFrame
    duplicates: pd.DataFrame


Pictures = Sequence[tuple[Drawing, bytes]]
"""Figures, each with what it is and its PNG."""


@dataclass(frozen=True)
class Report:
    """All that the page shows; what is not there is left out of it.

    A study on heatmaps made elsewhere has no ``faces``, ``classification`` and ``trust``.
    """

    settings: Mapping
    facts: Facts
    measures: Measures
    pictures: Pictures
    faces: Faces | None = None
    classification: pd.DataFrame | None = None
    trust: pd.DataFrame | None = None
    title: str = "Do they look where people look?"
    software: Mapping[str, Any] = field(default_factory=software)


def render(report: Report) -> str:
    """Return the page as HTML: figures and styles inside, no script, nothing fetched."""
    trust, classification = report.trust, report.classification
    measured = (report.measures.agreement, report.measures.specificity)
    return page(
        "report.html.j2",
        report.pictures,
        report.facts,
        title=report.title,
        summary=[
            *([] if classification is None else [accuracy_sentence(classification)]),
            *verdicts(*measured),
        ],
        glance=glance(*measured, trust),
        faces=report.faces and face_cells(report.faces),
        classification=None if classification is None else classification_cells(classification),
        trusts=[]
        if trust is None
        else [trust_cells(part) for _, part in trust.groupby("explainer", sort=False)],
        measures=context(report.measures),
        settings=plain_yaml(report.settings),
        software=report.software,
    )


def page(template: str, pictures: Pictures, facts: Facts, **content: object) -> str:
    """Return a template filled in, with its sections and figures inside.

    Each section is a template of its own, a file of ``sections``, which gives its ``title`` and
    its ``order`` and has nothing to say where its data are missing. Figures whose section has no
    file stand under its name, after the others.

    Parameters
    ----------
    content : further names that templates know; all know ``facts``; ``shown``, which returns the
        figures of a section that have such keys; and ``sections``, which yields all of them.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    images = [image(one, png, facts) for one, png in pictures if one.kind.section]

    def shown(section: str, **key: str) -> list[dict[str, Any]]:
        return [
            one for one in images if one["section"] == section and key.items() <= one["key"].items()
        ]

    known = {**content, "facts": facts, "shown": shown}
    names = list(dict.fromkeys(one["section"] for one in images))
    return environment.get_template(template).render(
        **known, sections=lambda: sections(environment, known, names)
    )


def sections(
    environment: jinja2.Environment, known: Mapping[str, object], names: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Yield title and body of the sections that have something to show, in their order.

    Parameters
    ----------
    known : to the templates.
    names : of sections that have figures.
    """
    found = environment.list_templates(filter_func=lambda name: name.startswith("sections/"))
    files = {Path(name).name.removesuffix(".html.j2"): name for name in found}
    made = [environment.get_template(name).make_module(dict(known)) for name in files.values()]
    for module in sorted(made, key=lambda module: vars(module)["order"]):
        if str(module).strip():
            yield {"title": vars(module)["title"], "body": Markup(str(module))}
    for name in names:
        if name not in files:
            body = environment.get_template("section.html.j2").render(**known, section=name)
            yield {"title": name.capitalize(), "body": Markup(body)}


def image(drawing: Drawing, png: bytes, facts: Facts) -> dict[str, Any]:
    """Return what a template shows of a figure; its size is in CSS pixels at 96 to the inch."""
    with Image.open(io.BytesIO(png)) as picture:
        width, height = (round(side * 96 / 160) for side in picture.size)
    kind = drawing.kind
    return {
        "id": "-".join(["figure", kind.name, *drawing.key.values()]),
        "section": kind.section,
        "key": drawing.key,
        "title": kind.title,
        "caption": kind.caption(facts, drawing.key),
        "alt": kind.alt,
        "source": f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}",
        "width": width,
        "height": height,
    }


def face_cells(faces: Faces) -> dict[str, pd.DataFrame]:
    """Return what the page shows of the faces."""
    return {
        "accounting": tables.accounting(faces.accounting, faces.faces),
        "by_expression": tables.by_expression(faces.accounting),
        "by_subject": cells(tables.by_subject(faces.accounting), digits=1),
        "shared_images": tables.shared_images(faces.duplicates),
        "exclusions": tables.exclusions(faces.excluded),
        "landmark_errors": cells(tables.landmark_errors(faces.faces)),
    }


def accuracy_sentence(classification: pd.DataFrame) -> str:
    """Return the result of the classification in a sentence."""
    best = classification.iloc[classification["accuracy"].argmax()]
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


def read_pictures(paths: Sequence[str]) -> Pictures:
    """Return the figures at some paths that pages show, in the order of the manifest."""
    kinds = [kind for kind in figures() if kind.section]
    return [(one, Path(same[0]).read_bytes()) for one, same in among(kinds, paths)]


def read_faces(inputs: Inputs) -> Faces | None:
    """Return the tables on faces among the files of a report, if there are any."""
    if not inputs.paths("faces"):
        return None
    excluded = keyed(inputs.paths("excluded"), "faces/{corpus}/excluded.")
    accounting, duplicates = (
        pd.concat(map(dataset.read, inputs.paths(name))) for name in ("accounting", "duplicates")
    )
    return Faces(
        faces=pd.concat(map(dataset.read, inputs.paths("faces"))),
        excluded=pd.concat(
            dataset.read(path).assign(corpus=name) for name, path in excluded.items()
        ),
        accounting=accounting,
        duplicates=duplicates,
    )


def read_measures(inputs: Inputs) -> Measures:
    """Return the tables of the measures among the files of a report."""
    ceilings = inputs.tables("ceilings", "references/{reference}/ceiling.")
    return Measures(
        agreement=inputs.table("agreement"),
        specificity=inputs.table("specificity"),
        pretraining=inputs.table("pretraining"),
        tests=inputs.table("tests"),
        ceilings={name: table for name, table in ceilings.items() if len(table)},
    )


def read_records(paths: Sequence[str]) -> dict[str, str]:
    """Return what the jobs say that networks were computed on and in: each value that occurs."""
    found: dict[str, dict[str, None]] = {}
    for path in paths:
        for name, value in json.loads(Path(path).read_text(encoding="utf-8")).items():
            found.setdefault(name, {})[str(value)] = None
    return {name: " and ".join(values) for name, values in found.items()}


def read_table(inputs: Inputs, name: str) -> pd.DataFrame | None:
    """Return a table among the files of a report, if it is there."""
    return inputs.table(name) if inputs.paths(name) else None
