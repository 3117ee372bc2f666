"""The report: the whole study on one self-contained page."""


rule write_report:
    """Set tables, figures and settings on one page."""
    input:
        **LEARNED,
        **{name: f"{{results}}/{name}.csv" for name in TOLD},
        figures=shown,
        faces=with_faces(every(TABLE)),
        excluded=with_faces(every(EXCLUDED)),
        accounting=with_faces(every("{results}/faces/accounting.csv")),
        duplicates=with_faces(every("{results}/faces/duplicates.csv")),
        leakage=with_faces(every("{results}/faces/leakage.csv")),
        trust=with_faces(every("{results}/trust.csv")),
        faith=lambda wildcards: ["{results}/faith.csv"] * study_of(wildcards).judges_faith,
        records=with_faces(every(RECORDS)),
        audits=audits,
        null_networks=every(NULL_NETWORKS),
        null_draws=every(NULL_DRAWS),
        null_levels=every(NULL_LEVELS),
        tests="{results}/likeness/tests.csv",
        ceilings=every("{results}/references/{reference}/ceiling.csv"),
    output:
        report(
            "{results}/report.html",
            caption="../report/report.rst",
            category="Report",
            labels={"figure": "the whole study", "format": "html"},
        ),
    log:
        "{results}/logs/write_report.log",
    wildcard_constraints:
        results=either(*DRAWN),
    conda:
        ENVIRONMENT
    params:
        settings=setting(),
        code=code("write_report", *TEMPLATES, *SCORES, *FIGURES),
    script:
        "../scripts/write_report.py"
