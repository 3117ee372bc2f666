"""Heatmaps: explanations carried to the canonical face and averaged; or made elsewhere and read."""


rule average_heatmaps:
    """Carry a network's explanations to the canonical face and average them."""
    input:
        explanations=answered,
        folds=FOLDS,
        landmarks=every(LANDMARKS),
        superpixels=superpixels_of,
        canonical=CANONICAL,
    output:
        pooled=of_job(HEATMAPS),
        folds=of_job(FOLD_HEATMAPS),
        faces=of_job(FACE_HEATMAPS),
    log:
        log_of_job("average_heatmaps"),
    wildcard_constraints:
        results=WITH_FACES,
    conda:
        ENVIRONMENT
    params:
        folds=setting("study", "folds"),
        contrast=lambda wildcards: explainer_of(wildcards).get("contrast", False),
        code=code("average_heatmaps"),
    script:
        "../scripts/average_heatmaps.py"


rule read_external:
    """Read a network's heatmaps that were made elsewhere, one PNG or NPY an expression."""
    input:
        maps=lambda wildcards: map(local, row("networks", "network")(wildcards).values()),
    output:
        expand(HEATMAPS, explainer="external", expression=EXPRESSIONS, allow_missing=True),
    log:
        "{results}/logs/read_external/{network}.log",
    wildcard_constraints:
        results=where(lambda study: not study.has_faces),
    conda:
        ENVIRONMENT
    params:
        folder=lambda wildcards: f"{place(SETTINGS['external_heatmaps'])}/{wildcards.network}",
        code=code("read_external"),
    script:
        "../scripts/read_external.py"
