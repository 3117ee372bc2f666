"""The report: the whole study on one self-contained page."""

TEMPLATES = sorted(
    os.path.relpath(path) for path in (SCRIPTS / "facsimile" / "show").glob("*.html.j2")
)


rule report:
    """Named target: the report, and with it the whole study."""
    input:
        "results/report.html",
        rules.faces.input,
        rules.networks.input,
        rules.heatmaps.input,
        rules.agreement.input,
        rules.likeness.input,


rule write_report:
    """Set tables, figures and settings on one page."""
    input:
        tables=expand("results/faces/{corpus}/faces.csv", corpus=CORPORA),
        excluded=expand("results/faces/{corpus}/excluded.csv", corpus=CORPORA),
        accounting="results/faces/accounting.csv",
        duplicates="results/faces/duplicates.csv",
        classification="results/classification.csv",
        faces="results/figures/faces.png",
        training="results/figures/training.png",
        confusion="results/figures/confusion.png",
        trusted="results/trust.csv",
        heatmaps=expand("results/figures/heatmaps/{explainer}.png", explainer=EXPLAINERS),
        trust="results/figures/trust.png",
        scores="results/agreement.csv",
        specificity="results/specificity.csv",
        differences="results/pretraining.csv",
        tests="results/likeness/tests.csv",
        branches="results/likeness/branches.csv",
        ceiling=CEILING,
        references=expand("results/figures/references/{reference}.png", reference=REFERENCES),
        agreements=expand(
            "results/figures/agreement/{explainer}/{reference}.png",
            explainer=EXPLAINERS[0],
            reference=REFERENCES,
        ),
        specificitys=expand(
            "results/figures/specificity/{explainer}/{reference}.png",
            explainer=EXPLAINERS[0],
            reference=REFERENCES,
        ),
        pretraining=f"results/figures/pretraining/{EXPLAINERS[0]}.png",
        dendrograms=f"results/figures/likeness/{EXPLAINERS[0]}/dendrograms.png",
        people=f"results/figures/likeness/{EXPLAINERS[0]}/people.png",
        correlations=f"results/figures/likeness/{EXPLAINERS[0]}/correlations.png",
        templates=TEMPLATES,
        code=code("write_report"),
    output:
        report(
            "results/report.html",
            caption="../report/report.rst",
            category="Report",
            labels={"figure": "the whole study"},
        ),
    log:
        "results/logs/write_report.log",
    conda:
        ENVIRONMENT
    params:
        settings=config,
        corpora=list(CORPORA),
        references=REFERENCES,
    script:
        "../scripts/write_report.py"
