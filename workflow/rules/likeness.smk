"""Likeness: which networks look at the same places, and where people sit among them."""


rule likeness:
    """Named target: correlations of heatmaps, dendrograms, and tests of what explains them."""
    input:
        expand("results/likeness/{expression}.csv", expression=EXPRESSIONS),
        "results/likeness/tests.csv",
        expand("results/figures/likeness/{explainer}/dendrograms.png", explainer=EXPLAINERS),


rule correlate_heatmaps:
    """Correlate all networks' heatmaps and the references of one expression, pair by pair."""
    input:
        heatmaps=expand(HEATMAPS, explainer=EXPLAINERS, network=NETWORKS, allow_missing=True),
        faces=expand(FACE_HEATMAPS, explainer=EXPLAINERS, network=NETWORKS, allow_missing=True),
        table="results/faces/folds.csv",
        references=expand("results/references/{reference}/{{expression}}.npy", reference=REFERENCES),
        code=code("correlate_heatmaps"),
    output:
        table=report(
            "results/likeness/{expression}.csv",
            caption="../report/likeness.rst",
            category="Likeness",
            labels={"figure": "correlations: {expression}"},
        ),
        draws="results/likeness/draws/{expression}.npz",
    log:
        "results/logs/correlate_heatmaps/{expression}.log",
    conda:
        ENVIRONMENT
    params:
        explainers=EXPLAINERS,
        networks=list(NETWORKS),
        references=REFERENCES,
        draws=config["measure"]["draws"],
        seed=STUDY["seed"],
    script:
        "../scripts/correlate_heatmaps.py"


rule grow_trees:
    """Grow a tree for each expression and for all, and test what explains their branches."""
    input:
        likeness=expand("results/likeness/{expression}.csv", expression=EXPRESSIONS),
        draws=expand("results/likeness/draws/{expression}.npz", expression=EXPRESSIONS),
        families=project("resources/network_families.csv"),
        origins=[],
        code=code("grow_trees"),
    output:
        all="results/likeness/all.csv",
        branches="results/likeness/branches.csv",
        tests=report(
            "results/likeness/tests.csv",
            caption="../report/tests.rst",
            category="Likeness",
            labels={"figure": "tests"},
        ),
    log:
        "results/logs/grow_trees.log",
    conda:
        ENVIRONMENT
    params:
        networks=list(NETWORKS),
        origins=ORIGINS,
        seed=STUDY["seed"],
    script:
        "../scripts/grow_trees.py"


rule plot_likeness:
    """Draw the dendrograms: one an expression, all on a sheet, and with references among them."""
    input:
        likeness=expand("results/likeness/{expression}.csv", expression=[*EXPRESSIONS, "all"]),
        branches=rules.grow_trees.output.branches,
        families=project("resources/network_families.csv"),
        origins=[],
        code=code("plot_likeness"),
    output:
        dendrograms=report(
            expand(
                "results/figures/likeness/{{explainer}}/{expression}.png",
                expression=[*EXPRESSIONS, "all"],
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
        people=report(
            "results/figures/likeness/{explainer}/people.png",
            caption="../report/people.rst",
            category="Likeness",
            labels={"figure": "{explainer}: people among networks"},
        ),
        matrix=report(
            "results/figures/likeness/{explainer}/correlations.png",
            caption="../report/likeness.rst",
            category="Likeness",
            labels={"figure": "{explainer}: correlations"},
        ),
    log:
        "results/logs/plot_likeness/{explainer}.log",
    conda:
        ENVIRONMENT
    params:
        explainer=lambda wildcards: wildcards.explainer,
        networks=list(NETWORKS),
        origins=ORIGINS,
    script:
        "../scripts/plot_likeness.py"
