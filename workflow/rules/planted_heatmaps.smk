"""What networks learn from planted faces, and what explainers find in them."""


use rule train_network as train_planted with:
    input:
        folds=PLANTED_FOLDS,
        faces=[PLANTED_FACES],
        initial=[],
        code=code("train_network"),
    output:
        weights=PLANTED_WEIGHTS,
        history=f"{P}/networks/{{corpus}}/{{network}}/fold{{fold}}/history.csv",
        predictions=PLANTED_PREDICTIONS,
    log:
        f"{P}/logs/train/{{corpus}}/{{network}}/fold{{fold}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
    resources:
        gpu=int(PLANTED["device"] == "cuda"),
    params:
        recipe=lambda wildcards: PLANTED["networks"][wildcards.network],
        corpora=lambda wildcards: [wildcards.corpus],
        seed=PLANTED["study"]["seed"],
        machine=PLANTED_MACHINE,


use rule score_classification as score_planted_classification with:
    input:
        predictions=expand(
            PLANTED_PREDICTIONS,
            network=PLANTED_NETWORKS,
            fold=PLANTED_FOLD_NUMBERS,
            allow_missing=True,
        ),
        code=code("score_classification"),
    output:
        f"{P}/tables/{{corpus}}/classification.csv",
    log:
        f"{P}/logs/classification/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        networks=PLANTED_NETWORKS,


use rule explain_faces as explain_planted with:
    input:
        folds=PLANTED_FOLDS,
        faces=[PLANTED_FACES],
        superpixels=planted_superpixels,
        beneath=lambda wildcards: (
            [f"{P}/faces/{wildcards.corpus}/undone.npy"] if wildcards.cut == "undone" else []
        ),
        weights=expand(PLANTED_WEIGHTS, fold=PLANTED_FOLD_NUMBERS, allow_missing=True),
        predictions=expand(PLANTED_PREDICTIONS, fold=PLANTED_FOLD_NUMBERS, allow_missing=True),
        pace=[],
        code=lambda wildcards: code(
            "explain_faces", f"facsimile/explain/explainers/{wildcards.explainer}"
        ),
    output:
        expand(PLANTED_EXPLANATIONS, expression=EXPRESSIONS, allow_missing=True),
    log:
        f"{P}/logs/explain/{{corpus}}/{{cut}}/{{explainer}}/{{network}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
        explainer="|".join(PLANTED["explainers"]),
    resources:
        gpu=int(PLANTED["device"] == "cuda"),
    params:
        recipe=lambda wildcards: PLANTED["networks"][wildcards.network],
        corpora=lambda wildcards: [wildcards.corpus],
        expressions=EXPRESSIONS,
        settings=lambda wildcards: PLANTED.get(wildcards.explainer, {}),
        hidden_by=lambda wildcards: "grey" if wildcards.cut == "grey" else "black",
        inference=PLANTED["inference"],
        faces=PLANTED["study"]["faces_per_expression"],
        select=PLANTED["study"]["select"],
        seed=PLANTED["study"]["seed"],
        machine=PLANTED_MACHINE,


rule explain_perfectly:
    """Paint what was planted on the superpixels of the same faces: no explainer can do better."""
    input:
        evidence=[f"{P}/faces/{{corpus}}/evidence.npy"],
        folds=PLANTED_FOLDS,
        superpixels=planted_superpixels,
        explanations=expand(
            PLANTED_EXPLANATIONS,
            explainer=PLANTED["explainers"][0],
            expression=EXPRESSIONS,
            allow_missing=True,
        ),
        code=code("explain_perfectly"),
    output:
        expand(
            PLANTED_EXPLANATIONS, explainer="ceiling", expression=EXPRESSIONS, allow_missing=True
        ),
    log:
        f"{P}/logs/explain/{{corpus}}/{{cut}}/ceiling/{{network}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
    conda:
        ENVIRONMENT
    script:
        "../scripts/explain_perfectly.py"


use rule average_heatmaps as average_planted with:
    input:
        explanations=expand(PLANTED_EXPLANATIONS, expression=EXPRESSIONS, allow_missing=True),
        folds=PLANTED_FOLDS,
        landmarks=[PLANTED_LANDMARKS],
        superpixels=planted_superpixels,
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("average_heatmaps"),
    output:
        pooled=expand(PLANTED_HEATMAPS, expression=EXPRESSIONS, allow_missing=True),
        folds=expand(
            PLANTED_HEATMAPS.replace("{expression}", "folds/{expression}"),
            expression=EXPRESSIONS,
            allow_missing=True,
        ),
        faces=expand(
            PLANTED_HEATMAPS.replace("{expression}.npy", "faces/{expression}.npz"),
            expression=EXPRESSIONS,
            allow_missing=True,
        ),
    log:
        f"{P}/logs/average/{{corpus}}/{{cut}}/{{explainer}}/{{network}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
        explainer="|".join([*PLANTED["explainers"], "ceiling"]),
    params:
        corpora=lambda wildcards: [wildcards.corpus],
        expressions=EXPRESSIONS,
        folds=PLANTED["study"]["folds"],
        contrast=False,
