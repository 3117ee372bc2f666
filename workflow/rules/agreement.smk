"""Agreement: heatmaps held against references, with chance levels and intervals."""

REFERENCE_MAPS = expand(
    "results/references/{reference}/{expression}.npy", reference=REFERENCES, expression=EXPRESSIONS
)


rule agreement:
    """Named target: the tables of agreement and their figures."""
    input:
        "results/agreement.csv",
        "results/tables/agreement.tex",
        expand(
            "results/figures/{figure}/{explainer}/{reference}.png",
            figure=("agreement", "specificity"),
            explainer=EXPLAINERS,
            reference=REFERENCES,
        ),
        expand("results/figures/pretraining/{explainer}.png", explainer=EXPLAINERS),
        rules.references.input,


rule measure_agreement:
    """Score a network's heatmaps against all references: as they are, by chance, and redrawn."""
    input:
        heatmaps=expand(HEATMAPS, expression=EXPRESSIONS, allow_missing=True),
        folds=expand(FOLD_HEATMAPS, expression=EXPRESSIONS, allow_missing=True),
        faces=expand(FACE_HEATMAPS, expression=EXPRESSIONS, allow_missing=True),
        table="results/faces/folds.csv",
        references=REFERENCE_MAPS,
        face="results/references/baselines/face.npy",
        code=code("measure_agreement"),
    output:
        "results/agreement/{explainer}/{network}.npz",
    log:
        "results/logs/measure_agreement/{explainer}/{network}.log",
    conda:
        ENVIRONMENT
    params:
        network=lambda wildcards: wildcards.network,
        references=REFERENCES,
        draws=config["measure"]["draws"],
        seed=STUDY["seed"],
        absent="no face explained",
    script:
        "../scripts/measure_agreement.py"


rule tabulate_agreement:
    """Gather all networks' agreement in tidy tables."""
    input:
        measured=expand(
            "results/agreement/{explainer}/{network}.npz", explainer=EXPLAINERS, network=NETWORKS
        ),
        references=REFERENCE_MAPS,
        baselines=rules.draw_baselines.output.baselines,
        families=project("resources/network_families.csv"),
        origins=[],
        code=code("tabulate_agreement"),
    output:
        agreement=report(
            "results/agreement.csv",
            caption="../report/agreement.rst",
            category="Agreement",
            labels={"figure": "table"},
        ),
        specificity=report(
            "results/specificity.csv",
            caption="../report/specificity.rst",
            category="Agreement",
            labels={"figure": "specificity"},
        ),
        crossed="results/crossed.csv",
        pretraining=report(
            "results/pretraining.csv",
            caption="../report/pretraining.rst",
            category="Agreement",
            labels={"figure": "pre-training"},
        ),
    log:
        "results/logs/tabulate_agreement.log",
    conda:
        ENVIRONMENT
    params:
        explainers=EXPLAINERS,
        networks=list(NETWORKS),
        references=REFERENCES,
        baselines=list(BASELINES),
        origins=ORIGINS,
    script:
        "../scripts/tabulate_agreement.py"


rule write_tables:
    """Set the scores as wide tables, networks down and expressions across, for papers."""
    input:
        agreement=rules.tabulate_agreement.output.agreement,
        code=code("write_tables"),
    output:
        csv="results/tables/agreement.csv",
        tex="results/tables/agreement.tex",
    log:
        "results/logs/write_tables.log",
    conda:
        ENVIRONMENT
    script:
        "../scripts/write_tables.py"


rule plot_agreement:
    """Draw the agreement of one explainer's heatmaps with one reference."""
    input:
        agreement=rules.tabulate_agreement.output.agreement,
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
    params:
        explainer=lambda wildcards: wildcards.explainer,
    script:
        "../scripts/plot_agreement.py"


rule plot_specificity:
    """Draw own expression's reference against the others', and how each network tells them apart."""
    input:
        specificity=rules.tabulate_agreement.output.specificity,
        crossed=rules.tabulate_agreement.output.crossed,
        code=code("plot_specificity"),
    output:
        report(
            "results/figures/specificity/{explainer}/{reference}.png",
            caption="../report/specificity.rst",
            category="Agreement",
            labels={"figure": "specificity: {explainer} against {reference}"},
        ),
    log:
        "results/logs/plot_specificity/{explainer}/{reference}.log",
    conda:
        ENVIRONMENT
    params:
        explainer=lambda wildcards: wildcards.explainer,
    script:
        "../scripts/plot_specificity.py"


rule plot_pretraining:
    """Draw the difference that pre-training makes."""
    input:
        pretraining=rules.tabulate_agreement.output.pretraining,
        code=code("plot_pretraining"),
    output:
        report(
            "results/figures/pretraining/{explainer}.png",
            caption="../report/pretraining.rst",
            category="Agreement",
            labels={"figure": "pre-training: {explainer}"},
        ),
    log:
        "results/logs/plot_pretraining/{explainer}.log",
    conda:
        ENVIRONMENT
    params:
        explainer=lambda wildcards: wildcards.explainer,
    script:
        "../scripts/plot_pretraining.py"
