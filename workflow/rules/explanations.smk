"""Explanations: which parts of each chosen face spoke for the network's answer."""


rule measure_throughput:
    """Find the batch and memory layout in which a network answers fastest on this machine."""
    input:
        weights=lambda wildcards: every(WEIGHTS, fold=0)(wildcards),
    output:
        THROUGHPUT,
    log:
        "{results}/logs/measure_throughput/{network}.log",
    conda:
        ENVIRONMENT
    threads: SETTINGS["threads"]
    resources:
        gpu=GPU,
    params:
        recipe=recipe,
        precision=setting("inference", "precision"),
        machine=MACHINE,
        code=code("measure_throughput"),
    script:
        "../scripts/measure_throughput.py"


rule explain_faces:
    """Explain a network's test faces, over all folds, for one expression or for all six."""
    input:
        folds=FOLDS,
        faces=every(FACES),
        superpixels=superpixels_of,
        extras=further_images,
        weights=every(WEIGHTS),
        predictions=every(PREDICTIONS),
        throughput=lambda wildcards: (
            [] if setting("inference", "batch_size")(wildcards) else THROUGHPUT
        ),
    output:
        of_job(EXPLANATIONS),
    log:
        log_of_job("explain_faces"),
    conda:
        ENVIRONMENT
    threads: SETTINGS["threads"]
    resources:
        gpu=GPU,
    params:
        row=asked,
        recipe=recipe,
        inference=setting("inference"),
        seed=setting("study", "seed"),
        machine=MACHINE,
        code=code(
            "explain_faces",
            lambda wildcards: [part.__module__ for part in parts_of(explainer_of(wildcards))],
        ),
    script:
        "../scripts/explain_faces.py"


rule score_trust:
    """Gather how far each explanation can be trusted."""
    input:
        explanations=distinct_explanations,
    output:
        "{results}/trust.csv",
    log:
        "{results}/logs/score_trust.log",
    conda:
        ENVIRONMENT
    params:
        code=code("score_trust"),
    script:
        "../scripts/score_trust.py"
