"""Heatmaps: explanations carried to the canonical face and averaged; or made elsewhere and read."""

HEATMAPS = "{results}/heatmaps/{explainer}/{network}/{expression}.npy"
FOLD_HEATMAPS = "{results}/heatmaps/{explainer}/{network}/folds/{expression}.npy"
FACE_HEATMAPS = "{results}/heatmaps/{explainer}/{network}/faces/{expression}.npz"


rule average_heatmaps:
    """Carry a network's explanations to the canonical face and average them."""
    input:
        explanations=lambda wildcards: [
            path.format(
                results=wildcards.results,
                explainer=study_of(wildcards).passes[wildcards.explainer],
                network=wildcards.network,
                expression=wildcards.get("expression"),
            )
            for path in of_job(EXPLANATIONS)
        ],
        folds=FOLDS,
        landmarks=every(LANDMARKS),
        superpixels=superpixels_of,
        canonical=CANONICAL,
    output:
        pooled=of_job(HEATMAPS),
        folds=of_job(FOLD_HEATMAPS),
        faces=of_job(FACE_HEATMAPS),
    log:
        expand(
            "{results}/logs/average_heatmaps/{explainer}/{network}{expression}.log",
            expression="/{expression}" if SETTINGS["study"]["job"] == "expression" else "",
            allow_missing=True,
        ),
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


def maps_given(wildcards):
    """Return a network's heatmaps that were made elsewhere."""
    return [
        local(path) for path in study_of(wildcards).settings["networks"][wildcards.network].values()
    ]


rule read_external:
    """Read a network's heatmaps that were made elsewhere, one PNG or NPY an expression."""
    input:
        maps=maps_given,
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
