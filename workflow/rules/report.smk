"""The report: the whole study on one self-contained page."""

from facsimile.drawings import TEMPLATES


rule picture_cells:
    """Make the pictures of a network's cells: its trainings, and some of its faces, explained."""
    input:
        **ALIGNED,
        explanations=answered,
        folds=every(FOLD_HEATMAPS),
        superpixels=superpixels_of,
        face=AVERAGE,
        canonical=CANONICAL,
    output:
        CELLS,
    log:
        "{results}/logs/picture_cells/{explainer}/{network}.log",
    wildcard_constraints:
        results=WITH_FACES,
    conda:
        ENVIRONMENT
    params:
        contrast=explainer.contrast,
        code=code("picture_cells"),
    script:
        "../scripts/picture_cells.py"


rule write_report:
    """Set tables, figures and settings on one page."""
    input:
        **LEARNED,
        **TOLD,
        figures=drawings.pictures,
        heatmaps=every(HEATMAPS),
        references=every(REFERENCES),
        face=background,
        cells=with_faces(CELLS),
        faces=with_faces(TABLE),
        excluded=with_faces(EXCLUDED),
        accounting=with_faces("{results}/faces/accounting.csv"),
        duplicates=with_faces("{results}/faces/duplicates.csv"),
        leakage=with_faces("{results}/faces/leakage.csv"),
        trust=with_faces("{results}/trust.csv"),
        faith=lambda wildcards: ["{results}/faith.csv"] * study_of(wildcards).judges_faith,
        records=with_faces(RECORDS),
        audits=every(AUDIT, network=network.audited),
        published=project.resource("published_accuracies"),
        null_networks=every(NULL_NETWORKS),
        null_draws=every(NULL_DRAWS),
        null_levels=every(NULL_LEVELS),
        tests="{results}/likeness/tests.csv",
        ceilings=every(CEILINGS),
    output:
        record="{results}/record.json",
        summary="{results}/summary.txt",
        page=report(
            "{results}/report.html",
            caption="../report/report.rst",
            category="Report",
            labels={"figure": "the whole study", "format": "html"},
        ),
    log:
        "{results}/logs/write_report.log",
    wildcard_constraints:
        results=either(*drawings.stages),
    conda:
        ENVIRONMENT
    params:
        settings=setting(),
        code=code("write_report", *TEMPLATES, *SCORES, *FIGURES),
    script:
        "../scripts/write_report.py"
