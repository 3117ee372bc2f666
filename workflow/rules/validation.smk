"""Validation: the studies of all conditions judged together: is what was planted found?"""


rule undo_units:
    """Ask each network about its explained faces without one action unit at a time."""
    input:
        tables=every(TABLE),
        faces=every(FACES),
        drawn=corpus.drawn_tables,
        explanations=answered,
        superpixels=every(SUPERPIXELS, superpixels=explainer.all_superpixels, size=fact("sizes")),
        weights=every(WEIGHTS),
    output:
        USED,
    log:
        "{results}/logs/undo_units.log",
    wildcard_constraints:
        results=IN_CONDITION,
    conda:
        ENVIRONMENT
    threads: 8
    resources:
        gpu=GPU,
    params:
        row=corpus.planted,
        alignment=setting("study", "alignment"),
        recipes=setting("networks"),
        explainers=setting("explainers"),
        inference=setting("inference"),
        machine=MACHINE,
        code=code("undo_units"),
    script:
        "../scripts/undo_units.py"


rule judge_planted:
    """Say of each condition what the networks learned and whether the heatmaps found it."""
    input:
        agreement=lookup.in_conditions("{results}/agreement.csv"),
        overall=lookup.in_conditions("{results}/overall.csv"),
        specificity=lookup.in_conditions("{results}/specificity.csv"),
        classification=lookup.in_conditions("{results}/classification/repeats.csv"),
        measured=lookup.in_conditions(MEASURED),
        used=lookup.in_conditions(USED),
    output:
        findings="results/validation/findings.csv",
        places="results/validation/places.csv",
    log:
        "results/validation/logs/judge_planted.log",
    conda:
        ENVIRONMENT
    params:
        seed=PLANTED["study"]["seed"],
        code=code("judge_planted"),
    script:
        "../scripts/judge_planted.py"


rule write_validation_report:
    """Set what was planted and what was found on one page."""
    input:
        findings="results/validation/findings.csv",
        places="results/validation/places.csv",
        figures=drawings.paths("validation", results="results/validation"),
    output:
        "results/validation/report.html",
    log:
        "results/validation/logs/write_validation_report.log",
    conda:
        ENVIRONMENT
    params:
        settings=PLANTED,
        code=code("write_validation_report", *TEMPLATES, *FIGURES),
    script:
        "../scripts/write_validation_report.py"
