"""Agreement: heatmaps held against reference masks on the canonical face."""


rule agreement:
    """Named target: the table of agreement and its figures."""
    input:
        "results/agreement.csv",
        expand(
            "results/figures/agreement/{explainer}/{reference}.png",
            explainer=EXPLAINERS,
            reference=REFERENCES,
        ),
        expand("results/figures/references/{reference}.png", reference=REFERENCES),


rule draw_references:
    """Draw a reference's masks, one an expression."""
    input:
        regions=project("resources/references/{reference}.yaml"),
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("draw_references"),
    output:
        expand("results/references/{{reference}}/{expression}.npy", expression=EXPRESSIONS),
    log:
        "results/logs/draw_references/{reference}.log",
    conda:
        ENVIRONMENT
    script:
        "../scripts/draw_references.py"


rule score_agreement:
    """Score every heatmap against every reference's mask of its expression."""
    input:
        heatmaps=expand(HEATMAPS, explainer=EXPLAINERS, network=NETWORKS, expression=EXPRESSIONS),
        folds=expand(FOLD_HEATMAPS, explainer=EXPLAINERS, network=NETWORKS, expression=EXPRESSIONS),
        explanations=[
            EXPLANATIONS.format(
                explainer=explainer.removesuffix("_contrast"),
                network=network,
                expression=expression,
            )
            for explainer, network, expression in product(EXPLAINERS, NETWORKS, EXPRESSIONS)
        ],
        references=expand(
            "results/references/{reference}/{expression}.npy",
            reference=REFERENCES,
            expression=EXPRESSIONS,
        ),
        code=code("score_agreement"),
    output:
        report(
            "results/agreement.csv",
            caption="../report/agreement.rst",
            category="Agreement",
            labels={"figure": "table"},
        ),
    log:
        "results/logs/score_agreement.log",
    conda:
        ENVIRONMENT
    params:
        explainers=EXPLAINERS,
        networks=list(NETWORKS),
        references=REFERENCES,
    script:
        "../scripts/score_agreement.py"


rule plot_references:
    """Draw the masks of a reference on the average face."""
    input:
        masks=expand("results/references/{{reference}}/{expression}.npy", expression=EXPRESSIONS),
        face="results/faces/average.npy",
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("plot_references"),
    output:
        report(
            "results/figures/references/{reference}.png",
            caption="../report/masks.rst",
            category="Agreement",
            labels={"figure": "masks: {reference}"},
        ),
    log:
        "results/logs/plot_references/{reference}.log",
    conda:
        ENVIRONMENT
    script:
        "../scripts/plot_references.py"


rule plot_agreement:
    """Draw the agreement of one explainer's heatmaps with one reference."""
    input:
        agreement="results/agreement.csv",
        code=code("plot_agreement"),
    output:
        report(
            "results/figures/agreement/{explainer}/{reference}.png",
            caption="../report/agreement.rst",
            category="Agreement",
            labels={"figure": "{explainer} against {reference}"},
        ),
    log:
        "results/logs/plot_agreement/{explainer}/{reference}.log",
    conda:
        ENVIRONMENT
    script:
        "../scripts/plot_agreement.py"
