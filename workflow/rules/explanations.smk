"""Explanations: which superpixels of each chosen face spoke for the network's answer."""


rule explain_faces:
    """Explain a network's test faces of one expression, over all folds."""
    input:
        folds="results/faces/folds.csv",
        faces=expand("results/faces/{corpus}/faces.npy", corpus=CORPORA),
        superpixels=lambda wildcards: expand(
            "results/faces/{corpus}/superpixels/{size}.npy",
            corpus=CORPORA,
            size=size_of(wildcards),
        ),
        weights=expand("results/networks/{{network}}/fold{fold}/weights.safetensors", fold=FOLDS),
        predictions=expand("results/networks/{{network}}/fold{fold}/predictions.csv", fold=FOLDS),
        code=code("explain_faces"),
    output:
        "results/explanations/{explainer}/{network}/{expression}.npz",
    log:
        "results/logs/explain_faces/{explainer}/{network}/{expression}.log",
    conda:
        ENVIRONMENT
    threads: config["threads"]
    resources:
        gpu=GPU,
    params:
        recipe=recipe,
        corpora=list(CORPORA),
        settings=lambda wildcards: config[wildcards.explainer],
        faces=STUDY["faces_per_expression"],
        select=STUDY["select"],
        seed=STUDY["seed"],
        machine=MACHINE,
    script:
        "../scripts/explain_faces.py"
