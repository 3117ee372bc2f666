"""The report: one self-contained page that says what was done and what came out."""

import base64
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml
from markupsafe import Markup
from PIL import Image

from facsimile.show import answer, choices, tables
from facsimile.show.cares import Care, cares
from facsimile.show.faces import Faces, face_cells
from facsimile.show.facts import Facts
from facsimile.show.faith import faith_cells
from facsimile.show.learned import NOTE, mark_of, marked
from facsimile.show.manifest import Drawing, Inputs, among, figures
from facsimile.show.measures import Measures, context
from facsimile.show.null import Null, null_cells
from facsimile.show.on_faces import scale_colours
from facsimile.show.pairs import Pair
from facsimile.show.published import PREFIX, published_note
from facsimile.show.record import software
from facsimile.show.sheet import Maps, Sheet
from facsimile.show.summary import accuracy_sentence, glance, primary_sentences
from facsimile.show.wording import cells, number, percent, ranged

TEMPLATES = [Path(__file__).parent]
"""Folders of templates."""


Pictures = Sequence[tuple[Drawing, bytes]]
"""Figures, each with what it is and its PNG."""


@dataclass(frozen=True)
class Report:
    """All that the page shows; what is not there is left out of it.

    A study on heatmaps made elsewhere has no ``faces``, ``classification``, ``trust`` and ``null``.
    """

    settings: Mapping
    facts: Facts
    measures: Measures
    pictures: Pictures
    faces: Faces | None = None
    classification: pd.DataFrame | None = None
    trust: pd.DataFrame | None = None
    null: Null | None = None
    audits: pd.DataFrame | None = None
    faith: pd.DataFrame | None = None
    maps: Maps | None = None
    title: str = "Do they look where people look?"
    software: Mapping[str, Any] = field(default_factory=software)


def render(report: Report) -> str:
    """Return the page as HTML: figures, styles and scripts inside, nothing fetched."""
    mark = mark_of(report.classification)
    trust, classification = (
        None if table is None else marked(table, mark)
        for table in (report.trust, report.classification)
    )
    measures = report.measures.marked(mark)
    pairs = measures.pairs
    sheet = (
        Sheet(report.maps, report.measures, report.trust, report.faith, mark)
        if report.maps
        else None
    )
    return page(
        "report.html.j2",
        report.pictures,
        report.facts,
        title=report.title,
        answer=first_screen(report, pairs, classification, sheet),
        sheet=sheet and sheet.context(),
        scale=scale_colours(),
        summary=[
            *([] if classification is None else [accuracy_sentence(classification)]),
            *primary_sentences(pairs),
        ],
        glance=glance(pairs, trust),
        learned_note=NOTE if mark_needed(classification) else "",
        published_note=published_note(classification),
        faces=report.faces and face_cells(report.faces),
        classification=None if classification is None else classification_cells(classification),
        audits=report.audits,
        faith=None if report.faith is None else faith_cells(marked(report.faith, mark)),
        trusts=[]
        if trust is None
        else [trust_cells(part) for _, part in trust.groupby("explainer", sort=False)],
        measures=context(measures),
        null=null_cells(report.null, tables.primary(measures.overall)) if report.null else None,
        settings=plain_yaml(report.settings),
        software=report.software,
    )


def first_screen(
    report: Report,
    pairs: Sequence[Pair],
    classification: pd.DataFrame | None,
    sheet: Sheet | None,
) -> dict[str, Any]:
    """Return what the first screen shows: the answer, its figure, and what to be careful of."""
    asked = answer.asked_of(pairs, report.settings)
    shown = choices.figure(asked[0], sheet, report.facts) if asked and sheet else {"rows": []}
    return {
        "headline": answer.headline(asked, report.measures.contrasts),
        "statements": answer.statements(asked, report.measures.contrasts),
        "cares": limits(report, pairs, classification),
        **shown,
    }


def limits(
    report: Report, pairs: Sequence[Pair], classification: pd.DataFrame | None
) -> list[Care]:
    """Return what to be careful of in a report, its networks named as in these tables."""
    faces = report.faces
    return cares(
        pairs,
        report.settings,
        classification,
        report.trust,
        report.faith,
        report.measures.contrasts,
        faces.accounting if faces else None,
        faces.leakage if faces else None,
    )


def mark_needed(classification: pd.DataFrame | None) -> bool:
    """Return whether some network bears the mark of those that did not learn."""
    return classification is not None and not classification["learned"].all()


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
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    environment.globals["script"] = lambda name: Markup(_source(environment, name))
    names = list(dict.fromkeys(one["section"] for one in images))
    return environment.get_template(template).render(
        **known, sections=lambda: sections(environment, known, names)
    )


def _source(environment: jinja2.Environment, name: str) -> str:
    """Return a file among the templates as it is: a script, in which braces are its own."""
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def sections(
    environment: jinja2.Environment, known: Mapping[str, object], names: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Yield id, title and body of the sections that have something to show, in their order.

    Parameters
    ----------
    known : to the templates.
    names : of sections that have figures.
    """
    found = environment.list_templates(filter_func=lambda name: name.startswith("sections/"))
    files = {Path(name).name.removesuffix(".html.j2"): name for name in found}
    made = {
        name: environment.get_template(path).make_module(dict(known))
        for name, path in files.items()
    }
    for name, module in sorted(made.items(), key=lambda one: vars(one[1])["order"]):
        if str(module).strip():
            title = vars(module)["title"]
            yield {"id": name, "title": title, "body": Markup(str(module))}
    for name in names:
        if name not in files:
            body = environment.get_template("section.html.j2").render(**known, section=name)
            yield {"id": name, "title": name.capitalize(), "body": Markup(body)}


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
        "source": smaller(png),
        "width": width,
        "height": height,
    }


def smaller(png: bytes) -> str:
    """Return a figure as a data URI: WebP, a third of the PNG; pictures of faces not to the bit."""
    with Image.open(io.BytesIO(png)) as picture:
        exact, near = io.BytesIO(), io.BytesIO()
        if len(png) < 3 * LARGE:  # what is larger would be too large to the bit, and takes long
            picture.convert("RGB").save(exact, "webp", lossless=True, method=4)
        if not 0 < exact.tell() <= LARGE:
            picture.convert("RGB").save(near, "webp", quality=90, method=4)
    chosen = near.getvalue() or exact.getvalue()
    return f"data:image/webp;base64,{base64.b64encode(chosen).decode('ascii')}"


LARGE = 300_000
"""Bytes: figures larger than this are full of pictures, and look the same a little compressed."""

BOUNDED = {"accuracy": "accuracy", "balanced_accuracy": "balanced accuracy", "f1": "macro F1"}
"""Scores of predictions that the page shows, and what it calls them."""


def classification_cells(classification: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of each network as text, with intervals, and published ones if any."""
    table, shown = classification.set_index("network"), {}
    for score, title in BOUNDED.items():
        bounds = table[[score, f"{score}_low", f"{score}_high"]].to_numpy(float)
        shown[title] = [ranged(*row) for row in bounds]
        if (published := f"{PREFIX}{score}") in table:
            shown[f"{title}, published"] = [number(value) for value in table[published]]
    counts = cells(table[["chance", "repeats", "folds", "faces"]])
    return pd.DataFrame(shown, index=table.index).join(counts)


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


def read_measures(inputs: Inputs) -> Measures:
    """Return the tables of the measures among the files of a report."""
    ceilings = inputs.tables("ceilings", "references/{reference}/ceiling.")
    names = ("agreement", "overall", "specificity", "contrasts", "pretraining", "tests")
    return Measures(
        **{name: inputs.table(name) for name in names},
        ceilings={name: table for name, table in ceilings.items() if len(table)},
    )
