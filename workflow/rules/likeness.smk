"""Likeness: which networks look at the same places."""


rule likeness:
    """Named target: correlations of heatmaps, and dendrograms."""
    input:
        expand("results/likeness/{expression}.csv", expression=EXPRESSIONS),
        expand("results/figures/likeness/{explainer}/dendrograms.png", explainer=EXPLAINERS),


rule correlate_heatmaps:
    """Correlate the heatmaps of all networks on one expression, pair by pair."""
    input:
        heatmaps=expand(HEATMAPS, explainer=EXPLAINERS, network=NETWORKS, allow_missing=True),
        code=code("correlate_heatmaps"),
    output:
        report(
            "results/likeness/{expression}.csv",
            caption="../report/likeness.rst",
            category="Likeness",
            labels={"figure": "correlations: {expression}"},
        ),
    log:
        "results/logs/correlate_heatmaps/{expression}.log",
    conda:
        ENVIRONMENT
    params:
        explainers=EXPLAINERS,
        networks=list(NETWORKS),
    script:
        "../scripts/correlate_heatmaps.py"


rule plot_likeness:
    """Draw one dendrogram an expression, and all of them on a sheet."""
    input:
        likeness=expand("results/likeness/{expression}.csv", expression=EXPRESSIONS),
        code=code("plot_likeness"),
    output:
        dendrograms=report(
            expand(
                "results/figures/likeness/{{explainer}}/{expression}.png", expression=EXPRESSIONS
            ),
            caption="../report/likeness.rst",
            category="Likeness",
            labels=lambda wildcards: {"figure": f"dendrogram: {wildcards.explainer}"},
        ),
        sheet=report(
            "results/figures/likeness/{explainer}/dendrograms.png",
            caption="../report/likeness.rst",
            category="Likeness",
            labels={"figure": "{explainer}: all dendrograms"},
        ),
        pdf="results/figures/likeness/{explainer}/dendrograms.pdf",
    log:
        "results/logs/plot_likeness/{explainer}.log",
    conda:
        ENVIRONMENT
    params:
        starts={name: network["weights"] for name, network in NETWORKS.items()},
    script:
        "../scripts/plot_likeness.py"
