"""Chance: networks that know nothing of expressions, sent the way of a study's networks."""


rule train_null:
    """Make untrained networks, and train others on shuffled labels: all draws of an input size."""
    input:
        tables=every(TABLE),
        faces=every(FACES),
    output:
        weights=NULL_WEIGHTS,
        networks=NULL_NETWORKS,
    log:
        "{results}/logs/train_null/size{size}.log",
    conda:
        ENVIRONMENT
    threads: SETTINGS["threads"]
    resources:
        gpu=GPU,
    params:
        recipe=lambda wildcards: study_of(wildcards).null_recipe(wildcards.size),
        split=fact("null_split"),
        machine=MACHINE,
        code=code("train_null"),
    script:
        "../scripts/train_null.py"


rule explain_null:
    """Explain the networks of all draws as an explainer's row says, and average their heatmaps."""
    input:
        tables=every(TABLE),
        faces=every(FACES),
        landmarks=every(LANDMARKS),
        superpixels=superpixels_of,
        extras=every(FURTHER, image=explainer.images),
        weights=NULL_WEIGHTS,
        canonical=CANONICAL,
    output:
        heatmaps=expand(NULL_HEATMAPS, expression=EXPRESSIONS, allow_missing=True),
        draws=NULL_DRAWS,
    log:
        "{results}/logs/explain_null/{explainer}/size{size}.log",
    conda:
        ENVIRONMENT
    threads: SETTINGS["threads"]
    resources:
        gpu=GPU,
    params:
        row=explainer.asked,
        contrast=explainer.contrast,
        recipe=lambda wildcards: study_of(wildcards).null_recipe(wildcards.size),
        inference=setting("inference"),
        split=fact("null_split"),
        machine=MACHINE,
        code=code("explain_null", explainer.modules),
    script:
        "../scripts/explain_null.py"


rule measure_null:
    """Score the heatmaps of all draws against all references."""
    input:
        heatmaps=every(NULL_HEATMAPS),
        references=every(REFERENCES),
    output:
        NULL_LEVELS,
    log:
        "{results}/logs/measure_null/{explainer}/size{size}.log",
    conda:
        ENVIRONMENT
    params:
        draws=setting("chance", "draws"),
        code=code("measure_null", *SCORES),
    script:
        "../scripts/measure_null.py"
