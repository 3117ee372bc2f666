"""Sensitivity: does the conclusion stay when the method's open choices are made otherwise?

The study's trained networks are explained, carried and scored again under each combination of the
settings listed under `sensitivity`.
"""

from facsimile.explain.explainers import OF_PIXELS

CROSSED = config["sensitivity"]
# Only slic and grid have a number of superpixels.
PIECES = [
    (kind, number)
    for kind, number in product(CROSSED["kinds"], CROSSED["n_segments"])
    if kind != "parts" or number == CROSSED["n_segments"][0]
]
# How a face is cut and what hides its pieces, which matters to explainers that hide pieces.
CUTTINGS = list(product(PIECES, CROSSED["hidden_by"]))
VARIATIONS = [
    {
        "select": select,
        "kind": kind,
        "n_segments": pieces,
        "hidden_by": hidden_by,
        "explainer": explainer,
    }
    for select, explainer in product(CROSSED["select"], CROSSED["explainers"])
    for (kind, pieces), hidden_by in (CUTTINGS[:1] if explainer in OF_PIXELS else CUTTINGS)
]

S = "results/sensitivity"
VARIED_SUPERPIXELS = f"{S}/superpixels/{{corpus}}/{{kind}}/{{n_segments}}/{{size}}.npy"
VARIED = "{select}/{kind}/{n_segments}/{hidden_by}/{explainer}/{network}"
VARIED_EXPLANATIONS = expand(
    f"{S}/explanations/{VARIED}/{{expression}}.npz", expression=EXPRESSIONS, allow_missing=True
)
VARIED_HEATMAPS = expand(
    f"{S}/heatmaps/{VARIED}/{{expression}}.npy", expression=EXPRESSIONS, allow_missing=True
)


wildcard_constraints:
    select="correct|predicted",
    kind="slic|grid|parts",
    n_segments=r"\d+",
    hidden_by="black|grey",


rule sensitivity:
    """Named target: the conclusion under other settings, as one table and a figure."""
    input:
        "results/sensitivity.csv",
        "results/figures/sensitivity.png",


use rule segment_superpixels as segment_varied with:
    output:
        VARIED_SUPERPIXELS,
    log:
        "results/logs/segment_varied/{corpus}/{kind}/{n_segments}/{size}.log",
    params:
        superpixels=lambda wildcards: config["superpixels"]
        | {"kind": wildcards.kind, "n_segments": int(wildcards.n_segments)},


use rule explain_faces as explain_varied with:
    input:
        folds="results/faces/folds.csv",
        faces=expand("results/faces/{corpus}/faces.npy", corpus=CORPORA),
        superpixels=lambda wildcards: expand(
            VARIED_SUPERPIXELS, corpus=CORPORA, size=size_of(wildcards), allow_missing=True
        ),
        beneath=[],
        weights=expand("results/networks/{{network}}/fold{fold}/weights.safetensors", fold=FOLDS),
        predictions=expand("results/networks/{{network}}/fold{fold}/predictions.csv", fold=FOLDS),
        pace=[] if config["inference"]["batch"] else "results/networks/{network}/pace.csv",
        code=lambda wildcards: code(
            "explain_faces", f"facsimile/explain/explainers/{wildcards.explainer}"
        ),
    output:
        VARIED_EXPLANATIONS,
    log:
        f"results/logs/explain_varied/{VARIED}.log",
    wildcard_constraints:
        explainer="|".join(CROSSED["explainers"]).replace("_contrast", ""),
    params:
        recipe=recipe,
        corpora=list(CORPORA),
        expressions=EXPRESSIONS,
        settings=lambda wildcards: config.get(wildcards.explainer, {}),
        hidden_by=lambda wildcards: wildcards.hidden_by,
        inference=config["inference"],
        faces=STUDY["faces_per_expression"],
        select=lambda wildcards: wildcards.select,
        seed=STUDY["seed"],
        machine=MACHINE,


use rule average_heatmaps as average_varied with:
    input:
        explanations=lambda wildcards: [
            path.replace("{explainer}", wildcards.explainer.removesuffix("_contrast"))
            for path in VARIED_EXPLANATIONS
        ],
        folds="results/faces/folds.csv",
        landmarks=expand("results/faces/{corpus}/landmarks.npy", corpus=CORPORA),
        superpixels=lambda wildcards: expand(
            VARIED_SUPERPIXELS, corpus=CORPORA, size=size_of(wildcards), allow_missing=True
        ),
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("average_heatmaps"),
    output:
        pooled=VARIED_HEATMAPS,
        folds=temp(
            expand(
                f"{S}/heatmaps/{VARIED}/folds/{{expression}}.npy",
                expression=EXPRESSIONS,
                allow_missing=True,
            )
        ),
        faces=temp(
            expand(
                f"{S}/heatmaps/{VARIED}/faces/{{expression}}.npz",
                expression=EXPRESSIONS,
                allow_missing=True,
            )
        ),
    log:
        f"results/logs/average_varied/{VARIED}.log",
    wildcard_constraints:
        explainer="|".join(CROSSED["explainers"]),
    params:
        corpora=list(CORPORA),
        expressions=EXPRESSIONS,
        folds=STUDY["folds"],
        contrast=lambda wildcards: wildcards.explainer.endswith("_contrast"),


rule vary_settings:
    """Score the heatmaps of all settings, and compare the rankings of networks."""
    input:
        heatmaps=[
            path
            for variation in VARIATIONS
            for network in NETWORKS
            for path in expand(VARIED_HEATMAPS, network=network, **variation)
        ],
        references=REFERENCE_MAPS,
        code=code("vary_settings"),
    output:
        "results/sensitivity.csv",
    log:
        "results/logs/vary_settings.log",
    conda:
        ENVIRONMENT
    params:
        settings=VARIATIONS,
        networks=list(NETWORKS),
        references=REFERENCES,
        thresholds=CROSSED["thresholds"],
    script:
        "../scripts/vary_settings.py"


rule plot_sensitivity:
    """Draw value and specificity under all settings."""
    input:
        sensitivity=rules.vary_settings.output,
        code=code("plot_sensitivity"),
    output:
        "results/figures/sensitivity.png",
    log:
        "results/logs/plot_sensitivity.log",
    conda:
        ENVIRONMENT
    script:
        "../scripts/plot_sensitivity.py"
