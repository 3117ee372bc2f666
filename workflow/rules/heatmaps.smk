"""Heatmaps: explanations carried to the canonical face and averaged."""

HEATMAPS = "results/heatmaps/{explainer}/{network}/{expression}.npy"
FOLD_HEATMAPS = "results/heatmaps/{explainer}/{network}/folds/{expression}.npy"
FACE_HEATMAPS = "results/heatmaps/{explainer}/{network}/faces/{expression}.npz"


rule heatmaps:
    """Named target: all heatmaps, and the sheet that shows them."""
    input:
        expand("results/figures/heatmaps/{explainer}.png", explainer=EXPLAINERS),


rule average_heatmaps:
    """Carry a network's explanations of one expression to the canonical face and average them."""
    input:
        explanations=lambda wildcards: [
            EXPLANATIONS.replace("{explainer}", wildcards.explainer.removesuffix("_contrast"))
        ],
        folds="results/faces/folds.csv",
        landmarks=expand("results/faces/{corpus}/landmarks.npy", corpus=CORPORA),
        superpixels=lambda wildcards: expand(
            "results/faces/{corpus}/superpixels/{size}.npy",
            corpus=CORPORA,
            size=size_of(wildcards),
        ),
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("average_heatmaps"),
    output:
        pooled=[HEATMAPS],
        folds=[FOLD_HEATMAPS],
        faces=[FACE_HEATMAPS],
    log:
        "results/logs/average_heatmaps/{explainer}/{network}/{expression}.log",
    conda:
        ENVIRONMENT
    params:
        corpora=list(CORPORA),
        expressions=lambda wildcards: [wildcards.expression],
        folds=STUDY["folds"],
        contrast=lambda wildcards: wildcards.explainer.endswith("_contrast"),
    script:
        "../scripts/average_heatmaps.py"


rule plot_heatmaps:
    """Draw the sheet of heatmaps: expressions by networks, on the average face."""
    input:
        heatmaps=expand(HEATMAPS, network=NETWORKS, expression=EXPRESSIONS, allow_missing=True),
        face="results/faces/average.npy",
        code=code("plot_heatmaps"),
    output:
        png=report(
            "results/figures/heatmaps/{explainer}.png",
            caption="../report/heatmaps.rst",
            category="Heatmaps",
            labels={"figure": "{explainer}"},
        ),
        pdf="results/figures/heatmaps/{explainer}.pdf",
    log:
        "results/logs/plot_heatmaps/{explainer}.log",
    conda:
        ENVIRONMENT
    params:
        networks=list(NETWORKS),
    script:
        "../scripts/plot_heatmaps.py"
