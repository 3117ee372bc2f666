"""Sensitivity: does the conclusion stay when the method's open choices are made otherwise?"""


rule tabulate_sensitivity:
    """Score the heatmaps of all settings, and compare the rankings of networks."""
    input:
        heatmaps=every(HEATMAPS, explainer=VARIATIONS),
        references=every(REFERENCES),
        classification="{results}/classification.csv",
    output:
        "{results}/sensitivity.csv",
    log:
        "{results}/logs/tabulate_sensitivity.log",
    wildcard_constraints:
        results="results",
    conda:
        ENVIRONMENT
    params:
        rows={name: one.settings for name, one in VARIATIONS.items()},
        thresholds=SETTINGS["sensitivity"]["thresholds"],
        code=code("tabulate_sensitivity", *SCORES),
    script:
        "../scripts/tabulate_sensitivity.py"
