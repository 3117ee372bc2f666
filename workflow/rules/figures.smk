"""Figures: those of a stage are drawn together, since starting to draw takes longer than drawing."""

for folder, stage in [(one, stage) for one in DRAWN if one in STUDIES for stage in DRAWN[one]]:

    rule:
        name:
            f"plot_{stage}" if folder == "results" else f"plot_{stage}_external"
        input:
            **DRAWN_FROM[stage][0],
        output:
            [
                reported(folder, one, path)
                for one in drawings_of(folder, stage)
                for path in one.paths
            ],
        log:
            f"{{results}}/logs/plot_{stage}.log",
        wildcard_constraints:
            results=either(folder),
        conda:
            ENVIRONMENT
        params:
            **DRAWN_FROM[stage][1],
            stage=stage,
            code=code("plot_figures", lambda wildcards, stage=stage: modules_of(stage)),
        script:
            "../scripts/plot_figures.py"


rule write_captions:
    """Write the captions of a study's figures, to be pasted."""
    output:
        "{results}/figures/captions.md",
    log:
        "{results}/logs/write_captions.log",
    wildcard_constraints:
        results=either(*DRAWN),
    conda:
        ENVIRONMENT
    params:
        settings=setting(),
        names=lambda wildcards: study_of(wildcards).names,
        stages=lambda wildcards: DRAWN[wildcards.results],
        code=code("write_captions", *FIGURES),
    script:
        "../scripts/write_captions.py"
