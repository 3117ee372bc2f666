"""External: the measuring stage alone, on heatmaps made elsewhere."""

MADE = "results/external"
EXTERNAL_TABLE = [path for path in [f"{EXTERNAL_FOLDER}/networks.csv"] if Path(path).is_file()]


rule external:
    """Named target: agreement, likeness and a report of heatmaps in a folder of the user's."""
    input:
        # Without a folder, the name of what is missing says what to do.
        (
            [f"{MADE}/report.html", f"{MADE}/tables/agreement.tex"]
            if EXTERNAL
            else "a folder of heatmaps, named by --config external_heatmaps=DIR"
        ),


rule read_external:
    """Read a network's heatmaps, one PNG or NPY an expression."""
    input:
        maps=lambda wildcards: list(EXTERNAL[wildcards.external].values()),
        code=code("read_external"),
    output:
        expand(f"{MADE}/heatmaps/{{{{external}}}}/{{expression}}.npy", expression=EXPRESSIONS),
    log:
        f"{MADE}/logs/read/{{external}}.log",
    conda:
        ENVIRONMENT
    params:
        folder=lambda wildcards: f"{EXTERNAL_FOLDER}/{wildcards.external}",
    script:
        "../scripts/read_external.py"


use rule measure_agreement as measure_external with:
    input:
        heatmaps=rules.read_external.output,
        folds=[],
        faces=[],
        table=[],
        references=REFERENCE_MAPS,
        face="results/references/baselines/face.npy",
        code=code("measure_agreement"),
    output:
        f"{MADE}/agreement/{{external}}.npz",
    log:
        f"{MADE}/logs/measure/{{external}}.log",
    params:
        network=lambda wildcards: wildcards.external,
        references=REFERENCES,
        draws=0,
        seed=STUDY["seed"],
        absent="no heatmap given",


use rule tabulate_agreement as tabulate_external with:
    input:
        measured=expand(f"{MADE}/agreement/{{external}}.npz", external=EXTERNAL),
        references=REFERENCE_MAPS,
        baselines=rules.draw_baselines.output.baselines,
        families=project("resources/network_families.csv"),
        origins=EXTERNAL_TABLE,
        code=code("tabulate_agreement"),
    output:
        agreement=f"{MADE}/agreement.csv",
        specificity=f"{MADE}/specificity.csv",
        crossed=f"{MADE}/crossed.csv",
        pretraining=f"{MADE}/pretraining.csv",
    log:
        f"{MADE}/logs/tabulate.log",
    params:
        explainers=["external"],
        networks=list(EXTERNAL),
        references=REFERENCES,
        baselines=list(BASELINES),
        origins={},


use rule write_tables as write_external_tables with:
    input:
        agreement=f"{MADE}/agreement.csv",
        code=code("write_tables"),
    output:
        csv=f"{MADE}/tables/agreement.csv",
        tex=f"{MADE}/tables/agreement.tex",
    log:
        f"{MADE}/logs/tables.log",


use rule correlate_heatmaps as correlate_external with:
    input:
        heatmaps=expand(f"{MADE}/heatmaps/{{external}}/{{{{expression}}}}.npy", external=EXTERNAL),
        faces=[],
        table=[],
        references=expand("results/references/{reference}/{{expression}}.npy", reference=REFERENCES),
        code=code("correlate_heatmaps"),
    output:
        table=f"{MADE}/likeness/{{expression}}.csv",
        draws=temp(f"{MADE}/likeness/draws/{{expression}}.npz"),
    log:
        f"{MADE}/logs/correlate/{{expression}}.log",
    params:
        explainers=["external"],
        networks=list(EXTERNAL),
        references=REFERENCES,
        draws=0,
        seed=STUDY["seed"],


use rule grow_trees as grow_external_trees with:
    input:
        likeness=expand(f"{MADE}/likeness/{{expression}}.csv", expression=EXPRESSIONS),
        draws=expand(f"{MADE}/likeness/draws/{{expression}}.npz", expression=EXPRESSIONS),
        families=project("resources/network_families.csv"),
        origins=EXTERNAL_TABLE,
        code=code("grow_trees"),
    output:
        all=f"{MADE}/likeness/all.csv",
        branches=f"{MADE}/likeness/branches.csv",
        tests=f"{MADE}/likeness/tests.csv",
    log:
        f"{MADE}/logs/trees.log",
    params:
        networks=list(EXTERNAL),
        origins={},
        seed=STUDY["seed"],


use rule plot_likeness as plot_external_likeness with:
    input:
        likeness=expand(f"{MADE}/likeness/{{expression}}.csv", expression=[*EXPRESSIONS, "all"]),
        branches=f"{MADE}/likeness/branches.csv",
        families=project("resources/network_families.csv"),
        origins=EXTERNAL_TABLE,
        code=code("plot_likeness"),
    output:
        dendrograms=expand(
            f"{MADE}/figures/likeness/{{expression}}.png", expression=[*EXPRESSIONS, "all"]
        ),
        sheet=f"{MADE}/figures/likeness/dendrograms.png",
        pdf=f"{MADE}/figures/likeness/dendrograms.pdf",
        people=f"{MADE}/figures/likeness/people.png",
        matrix=f"{MADE}/figures/likeness/correlations.png",
    log:
        f"{MADE}/logs/plot_likeness.log",
    params:
        explainer="external",
        networks=list(EXTERNAL),
        origins={},


use rule plot_agreement as plot_external_agreement with:
    input:
        agreement=f"{MADE}/agreement.csv",
        code=code("plot_agreement"),
    output:
        f"{MADE}/figures/agreement/{{reference}}.png",
    log:
        f"{MADE}/logs/plot_agreement/{{reference}}.log",
    params:
        explainer="external",


use rule plot_specificity as plot_external_specificity with:
    input:
        specificity=f"{MADE}/specificity.csv",
        crossed=f"{MADE}/crossed.csv",
        code=code("plot_specificity"),
    output:
        f"{MADE}/figures/specificity/{{reference}}.png",
    log:
        f"{MADE}/logs/plot_specificity/{{reference}}.log",
    params:
        explainer="external",


use rule plot_pretraining as plot_external_pretraining with:
    input:
        pretraining=f"{MADE}/pretraining.csv",
        code=code("plot_pretraining"),
    output:
        f"{MADE}/figures/pretraining.png",
    log:
        f"{MADE}/logs/plot_pretraining.log",
    params:
        explainer="external",


use rule plot_heatmaps as plot_external_heatmaps with:
    input:
        heatmaps=expand(
            f"{MADE}/heatmaps/{{external}}/{{expression}}.npy",
            external=EXTERNAL,
            expression=EXPRESSIONS,
        ),
        face="results/references/baselines/outline.npy",
        code=code("plot_heatmaps"),
    output:
        png=f"{MADE}/figures/heatmaps.png",
        pdf=f"{MADE}/figures/heatmaps.pdf",
    log:
        f"{MADE}/logs/plot_heatmaps.log",
    params:
        networks=list(EXTERNAL),


use rule plot_references as plot_external_references with:
    input:
        masks=expand("results/references/{{reference}}/{expression}.npy", expression=EXPRESSIONS),
        face="results/references/baselines/outline.npy",
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("plot_references"),
    output:
        f"{MADE}/figures/references/{{reference}}.png",
    log:
        f"{MADE}/logs/plot_references/{{reference}}.log",


rule write_external_report:
    """Set the tables and figures of external heatmaps on one page."""
    input:
        scores=f"{MADE}/agreement.csv",
        specificity=f"{MADE}/specificity.csv",
        differences=f"{MADE}/pretraining.csv",
        tests=f"{MADE}/likeness/tests.csv",
        branches=f"{MADE}/likeness/branches.csv",
        ceiling=CEILING,
        heatmaps=f"{MADE}/figures/heatmaps.png",
        references=expand(f"{MADE}/figures/references/{{reference}}.png", reference=REFERENCES),
        agreements=expand(f"{MADE}/figures/agreement/{{reference}}.png", reference=REFERENCES),
        specificitys=expand(f"{MADE}/figures/specificity/{{reference}}.png", reference=REFERENCES),
        pretraining=f"{MADE}/figures/pretraining.png",
        dendrograms=f"{MADE}/figures/likeness/dendrograms.png",
        people=f"{MADE}/figures/likeness/people.png",
        correlations=f"{MADE}/figures/likeness/correlations.png",
        templates=TEMPLATES,
        code=code("write_external_report"),
    output:
        f"{MADE}/report.html",
    log:
        f"{MADE}/logs/write_report.log",
    conda:
        ENVIRONMENT
    params:
        references=REFERENCES,
        settings={
            "external_heatmaps": config.get("external_heatmaps"),
            "references": REFERENCES,
            "study": {"seed": STUDY["seed"]},
        },
    script:
        "../scripts/write_external_report.py"
