"""What figures are drawn of: the list that the library keeps, for each study and stage."""

from functools import cache
from tempfile import TemporaryDirectory

from facsimile.show.facts import Facts
from facsimile.show.manifest import drawings
from facsimile.show.manifest import figures as kinds_of_figures


def drawings_of(results, stage):
    """Return the figures of one stage of a study."""
    names = STUDIES[results].names
    return drawings(stage, **{**names, "expression": [*EXPRESSIONS, "all"]})


def drawn(*stages, results="results"):
    """Return where the figures of some stages of a study lie."""
    return [
        f"{results}/{path}"
        for stage in stages
        for one in drawings_of(results, stage)
        for path in one.paths
    ]


# Snakemake reads captions from files: these hold the figures' own words, and go as the run ends.
CAPTIONS = TemporaryDirectory(prefix="facsimile-captions-")


facts_of = cache(lambda folder: Facts.of(STUDIES[folder].settings, PROJECT))


def reported(folder, one, path):
    """Return a figure's path with what Snakemake's report says of it."""
    caption = Path(CAPTIONS.name, folder, f"{path}.rst")
    caption.parent.mkdir(parents=True, exist_ok=True)
    caption.write_text(one.caption(facts_of(folder)), encoding="utf-8")
    labels = {"figure": one.label, "format": path.rpartition(".")[2]}
    told = {"caption": str(caption), "category": one.category, "labels": labels}
    return report(f"{{results}}/{path}", **told)


def modules_of(stage):
    """Return the modules of the figures of a stage."""
    return [type(one).__module__ for one in kinds_of_figures(stage)]


def background(wildcards):
    """Return what heatmaps are drawn on: the average face, or where there is none, an outline."""
    return AVERAGE if study_of(wildcards).has_faces else OUTLINE


def main_row(wildcards):
    """Return the row of the study's main explainer."""
    return next(iter(study_of(wildcards).explainers.values()))


def of_main(pattern):
    """Return a function for the files of the study's main explainer and its first network."""

    def paths(wildcards):
        study = study_of(wildcards)
        network, explainer = study.names["network"][0], study.names["explainer"][0]
        superpixels = study.explainers[explainer]["superpixels"]
        given = {"network": network, "explainer": study.passes[explainer]}
        given |= {"superpixels": superpixels or [], "size": study.input_sizes[network]}
        return every(pattern, **given)(wildcards)

    return paths


TOLD = ("agreement", "overall", "specificity", "contrasts", "pretraining")
"""The tables of agreement that figures and the page show."""

# Networks that did not learn are marked wherever they are shown.
LEARNED = {"classification": with_faces(every("{results}/classification.csv"))}

# Stage to what its figures are drawn from: the files, and what no file says.
DRAWN_FROM = {
    "faces": (
        {"folds": every(FOLDS, repeat=0), "faces": every(FACES), "landmarks": every(LANDMARKS)},
        {"seed": setting("study", "seed")},
    ),
    "networks": (
        {"history": every(HISTORY), "predictions": every(PREDICTIONS), **LEARNED},
        {},
    ),
    "explanations": ({"trust": "{results}/trust.csv", **LEARNED}, {}),
    "faith": ({"faith": "{results}/faith.csv", **LEARNED}, {}),
    "steps": (
        {
            "explanations": of_main(EXPLANATIONS),
            "table": every(FOLDS, repeat=0),
            "faces": of_main(FACES),
            "landmarks": of_main(LANDMARKS),
            "superpixels": of_main(SUPERPIXELS),
            "face": background,
            "canonical": CANONICAL,
        },
        {"contrast": lambda wildcards: main_row(wildcards).get("contrast", False)},
    ),
    "heatmaps": ({"heatmaps": every(HEATMAPS), "face": background, **LEARNED}, {}),
    "references": (
        {"references": every(REFERENCES), "face": background, "canonical": CANONICAL},
        {},
    ),
    "agreement": (
        {**{name: f"{{results}}/{name}.csv" for name in (*TOLD, "cross_expression")}, **LEARNED},
        {},
    ),
    "likeness": (
        {
            "likeness": every(LIKENESS, expression=[*EXPRESSIONS, "all"]),
            "branches": "{results}/likeness/branches.csv",
            "families": FAMILIES,
            "origins": origins_given,
            **LEARNED,
        },
        {
            "networks": lambda wildcards: study_of(wildcards).names["network"],
            "origins": fact("origins"),
        },
    ),
    "sensitivity": ({"sensitivity": "{results}/sensitivity.csv", **LEARNED}, {}),
}
# Of heatmaps made elsewhere, only what is measured is shown.
DRAWN = {
    "results": [
        stage for stage in DRAWN_FROM if stage != "faith" or STUDIES["results"].judges_faith
    ],
    "results/external": ["heatmaps", "references", "agreement", "likeness"],
}

FIGURES = all_in("facsimile.show.figures")
PAGES = SCRIPTS / "facsimile" / "show"
TEMPLATES = sorted(one for kind in ("*.j2", "*.js") for one in PAGES.rglob(kind))
VALIDATION_FIGURES = [
    f"results/validation/{path}"
    for one in drawings("validation", condition=CONDITIONS, network=PLANTED["networks"])
    for path in one.paths
]


def shown(wildcards):
    """Return the figures of a study's page."""
    stages = (stage for stage in DRAWN[wildcards.results] if stage != "sensitivity")
    return [path for path in drawn(*stages, results=wildcards.results) if path.endswith(".png")]
