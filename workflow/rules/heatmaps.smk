"""Heatmaps: explanations carried to the canonical face and averaged; or made elsewhere and read."""

for jobs, some in EXPLAINING.items():

    rule:
        """Carry a network's explanations to the canonical face and average them."""
        name:
            f"average_heatmaps{jobs}"
        input:
            explanations=answered,
            table=every(FOLDS, repeat=0),
            landmarks=every(LANDMARKS),
            superpixels=superpixels_of,
            canonical=CANONICAL,
        output:
            pooled=some.outputs(HEATMAPS, "expression"),
            repeats=some.outputs(REPEAT_HEATMAPS, "expression"),
            folds=some.outputs(FOLD_HEATMAPS, "expression"),
            faces=some.outputs(FACE_HEATMAPS, "expression"),
        log:
            some.log("average_heatmaps/{explainer}/{network}", "{expression}"),
        wildcard_constraints:
            results=some.folders,
            network=some.networks,
        conda:
            ENVIRONMENT
        params:
            shape=lambda wildcards: study_of(wildcards).trainings[wildcards.network],
            contrast=explainer.contrast,
            code=code("average_heatmaps"),
        script:
            "../scripts/average_heatmaps.py"


rule read_external:
    """Read a network's heatmaps that were made elsewhere, one PNG or NPY an expression."""
    input:
        maps=network.maps,
    output:
        expand(HEATMAPS, explainer="external", expression=EXPRESSIONS, allow_missing=True),
    log:
        "{results}/logs/read_external/{network}.log",
    wildcard_constraints:
        results=lookup.where(lambda study: not study.has_faces),
    conda:
        ENVIRONMENT
    params:
        folder=lambda wildcards: f"{project.place(SETTINGS['external_heatmaps'])}/{wildcards.network}",
        code=code("read_external"),
    script:
        "../scripts/read_external.py"
