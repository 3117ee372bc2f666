"""Explanations: which parts of each chosen face spoke for the network's answer."""

from facsimile.explain.explainers import HIDING

EXPLANATIONS = "results/explanations/{explainer}/{network}/{expression}.npz"


rule measure_pace:
    """Find the batch and memory layout in which a network answers fastest on this machine."""
    input:
        weights="results/networks/{network}/fold0/weights.safetensors",
        code=code("measure_pace"),
    output:
        "results/networks/{network}/pace.csv",
    log:
        "results/logs/measure_pace/{network}.log",
    conda:
        ENVIRONMENT
    threads: config["threads"]
    resources:
        gpu=GPU,
    params:
        recipe=recipe,
        precision=config["inference"]["precision"],
        machine=MACHINE,
    script:
        "../scripts/measure_pace.py"


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
        beneath=[],
        weights=expand("results/networks/{{network}}/fold{fold}/weights.safetensors", fold=FOLDS),
        predictions=expand("results/networks/{{network}}/fold{fold}/predictions.csv", fold=FOLDS),
        pace=[] if config["inference"]["batch"] else "results/networks/{network}/pace.csv",
        code=lambda wildcards: code(
            "explain_faces", f"facsimile/explain/explainers/{wildcards.explainer}"
        ),
    output:
        EXPLANATIONS,
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
        expressions=lambda wildcards: [wildcards.expression],
        settings=lambda wildcards: config.get(wildcards.explainer, {}),
        # What hides superpixels makes only those explainers out of date that hide any.
        hidden_by=lambda wildcards: (
            config["hidden_by"] if wildcards.explainer in HIDING else "black"
        ),
        inference=config["inference"],
        faces=STUDY["faces_per_expression"],
        select=STUDY["select"],
        seed=STUDY["seed"],
        machine=MACHINE,
    script:
        "../scripts/explain_faces.py"


rule score_trust:
    """Gather how far each explanation can be trusted."""
    input:
        explanations=expand(
            EXPLANATIONS, explainer=EXPLAINED_BY, network=NETWORKS, expression=EXPRESSIONS
        ),
        code=code("score_trust"),
    output:
        report(
            "results/trust.csv",
            caption="../report/trust.rst",
            category="Explanations",
            labels={"figure": "trust"},
        ),
    log:
        "results/logs/score_trust.log",
    conda:
        ENVIRONMENT
    params:
        explainers=EXPLAINED_BY,
        networks=list(NETWORKS),
    script:
        "../scripts/score_trust.py"


rule plot_trust:
    """Draw how well surrogates fit, and how far two halves of the samples agree."""
    input:
        trust="results/trust.csv",
        code=code("plot_trust"),
    output:
        report(
            "results/figures/trust.png",
            caption="../report/trust.rst",
            category="Explanations",
            labels={"figure": "fit and repeatability"},
        ),
    log:
        "results/logs/plot_trust.log",
    conda:
        ENVIRONMENT
    script:
        "../scripts/plot_trust.py"
