"""The report: the whole study on one self-contained page."""


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
        scores="results/agreement.csv",
        faces="results/figures/faces.png",
        training="results/figures/training.png",
        confusion="results/figures/confusion.png",
        trusted="results/trust.csv",
        heatmaps=expand("results/figures/heatmaps/{explainer}.png", explainer=EXPLAINERS),
        trust="results/figures/trust.png",
        masks=f"results/figures/references/{REFERENCES[0]}.png",
        agreement=f"results/figures/agreement/{EXPLAINERS[0]}/{REFERENCES[0]}.png",
        dendrograms=f"results/figures/likeness/{EXPLAINERS[0]}/dendrograms.png",
        template=project("workflow/scripts/facsimile/show/report.html.j2"),
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
    script:
        "../scripts/write_report.py"
