"""Figures: those of a stage are drawn together, since starting to draw takes longer than drawing."""

from facsimile.drawings import Drawings, modules_of
from facsimile.show.facts import Facts

DRAWN_FROM = {
    "faces": ALIGNED,
    "networks": {"history": every(HISTORY), "predictions": every(PREDICTIONS), **LEARNED},
    "explanations": {"trust": "{results}/trust.csv", **LEARNED},
    "faith": {"faith": "{results}/faith.csv", **LEARNED},
    "steps": {
        "explanations": lookup.of_main(EXPLANATIONS),
        "table": every(FOLDS, repeat=0),
        "faces": lookup.of_main(FACES),
        "landmarks": lookup.of_main(LANDMARKS),
        "superpixels": lookup.of_main(SUPERPIXELS),
        "face": background,
        "canonical": CANONICAL,
    },
    "heatmaps": {"heatmaps": every(HEATMAPS), "face": background, **LEARNED},
    "references": {"references": every(REFERENCES), "face": background, "canonical": CANONICAL},
    "agreement": {**TOLD, "cross_expression": "{results}/cross_expression.csv", **LEARNED},
    "likeness": {
        "likeness": every(LIKENESS, expression=[*EXPRESSIONS, "all"]),
        "branches": "{results}/likeness/branches.csv",
        "families": FAMILIES,
        "origins": network.origins,
        **LEARNED,
    },
    "sensitivity": {"sensitivity": "{results}/sensitivity.csv", **LEARNED},
    "validation": {
        "changes": lookup.in_conditions(REFERENCES.replace("{reference}", "change")),
        "regions": lookup.in_conditions(REFERENCES.replace("{reference}", "exact")),
        "heatmaps": lookup.in_conditions(HEATMAPS),
        "faces": lookup.in_conditions(AVERAGE),
        "findings": "results/validation/findings.csv",
    },
}
# What their figures show that no file says.
DRAWN_WITH = {
    "faces": {"seed": setting("study", "seed")},
    "steps": {"contrast": explainer.main_contrast},
    "likeness": {"networks": names("network"), "origins": fact("origins")},
    "validation": {"names": Facts.of(PLANTED, PROJECT).names},
}
drawings = Drawings(STUDIES, DRAWN_FROM, PLANTED, PROJECT, report)


for folder, stage in drawings.drawn_together:

    rule:
        name:
            f"plot_{stage}_external" if folder == "results/external" else f"plot_{stage}"
        input:
            **DRAWN_FROM[stage],
        output:
            drawings.reported(folder, stage),
        log:
            f"{{results}}/logs/plot_{stage}.log",
        wildcard_constraints:
            results=either(folder),
        conda:
            ENVIRONMENT
        params:
            **DRAWN_WITH.get(stage, {}),
            stage=stage,
            code=code("plot_figures", *modules_of(stage)),
        script:
            "../scripts/plot_figures.py"


rule write_captions:
    """Write the captions of a study's figures, to be pasted."""
    output:
        "{results}/figures/captions.md",
    log:
        "{results}/logs/write_captions.log",
    wildcard_constraints:
        results=either(*drawings.stages),
    conda:
        ENVIRONMENT
    params:
        settings=setting(),
        names=fact("names"),
        stages=lambda wildcards: drawings.stages[wildcards.results],
        code=code("write_captions", *FIGURES),
    script:
        "../scripts/write_captions.py"
