"""Targets by name: parts of the study, what goes beyond it, and what is done where they run."""


rule faces:
    """Named target: all corpora read, and folds assigned."""
    input:
        lookup.of_study(FOLDS),
        "results/faces/accounting.csv",
        "results/faces/duplicates.csv",
        drawings.paths("faces"),


rule networks:
    """Named target: all networks trained and their predictions scored."""
    input:
        "results/classification.csv",
        drawings.paths("networks"),


rule heatmaps:
    """Named target: all heatmaps, and the sheets that show them."""
    input:
        drawings.paths("heatmaps"),


rule references:
    """Named target: all references, and their figures."""
    input:
        drawings.paths("references"),


rule agreement:
    """Named target: the tables of agreement and their figures."""
    input:
        "results/agreement.csv",
        "results/tables/agreement.tex",
        drawings.paths("references", "agreement"),


rule likeness:
    """Named target: correlations of heatmaps, dendrograms, and tests of what explains them."""
    input:
        expand("results/likeness/{expression}.csv", expression=EXPRESSIONS),
        "results/likeness/tests.csv",
        drawings.paths("likeness"),


rule report:
    """Named target: the report, and with it the whole study."""
    input:
        "results/report.html",
        rules.faces.input,
        rules.networks.input,
        rules.heatmaps.input,
        rules.agreement.input,
        rules.likeness.input,


rule figures:
    """Named target: the study's figures for pages and papers, and their captions."""
    input:
        drawings.paths(*drawings.on_pages("results")),
        "results/figures/captions.md",


rule sensitivity:
    """Named target: the conclusion under other settings, as one table and a figure."""
    input:
        "results/sensitivity.csv",
        drawings.paths("sensitivity"),


rule validation:
    """Named target: the method's proof on planted evidence, and its report."""
    input:
        "results/validation/report.html",


rule external:
    """Named target: agreement, likeness and a report of heatmaps in a folder of the user's."""
    input:
        studies.external_targets(STUDIES),
