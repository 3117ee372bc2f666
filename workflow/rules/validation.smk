"""Validation: do heatmaps find evidence that was planted, and nothing where there is none?

A study beside the study, with settings of its own. Each of its corpora is a condition: networks
are trained, explained and measured on each alone, by the rules of the study.
"""


include: "plantings.smk"
include: "planted_faces.smk"
include: "planted_heatmaps.smk"
include: "planted_agreement.smk"


rule validation:
    """Named target: the method's proof on planted evidence, and its report."""
    input:
        f"{P}/report.html",


rule plot_planted:
    """Draw what was planted beside what was found, for one planting and network."""
    input:
        changes=lambda wildcards: planted_references(wildcards, ["change"]),
        regions=lambda wildcards: planted_references(wildcards, ["exact"]),
        heatmaps=lambda wildcards: [
            PLANTED_HEATMAPS.format(
                cut=cut, explainer=explainer, expression=expression, **dict(wildcards.items())
            )
            for (cut, explainer), expression in product(
                looks_at(wildcards.corpus, wildcards.network), EXPRESSIONS
            )
        ],
        face=f"{P}/faces/{{corpus}}/average.npy",
        code=code("plot_planted"),
    output:
        f"{P}/figures/{{corpus}}/{{network}}.png",
    log:
        f"{P}/logs/plot_planted/{{corpus}}/{{network}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
    conda:
        ENVIRONMENT
    params:
        looks=lambda wildcards: [
            "/".join(look) for look in looks_at(wildcards.corpus, wildcards.network)
        ],
    script:
        "../scripts/plot_planted.py"


rule plot_limits:
    """Draw how near each explainer and cut comes to what was planted."""
    input:
        findings=rules.judge_planted.output.findings,
        code=code("plot_limits"),
    output:
        f"{P}/figures/limits.png",
    log:
        f"{P}/logs/plot_limits.log",
    conda:
        ENVIRONMENT
    script:
        "../scripts/plot_limits.py"


rule write_validation_report:
    """Set what was planted and what was found on one page."""
    input:
        findings=rules.judge_planted.output.findings,
        places=rules.judge_planted.output.places,
        figures=expand(
            f"{P}/figures/{{corpus}}/{{network}}.png", corpus=PLANTINGS, network=PLANTED_NETWORKS
        ),
        limits=f"{P}/figures/limits.png",
        templates=TEMPLATES,
        code=code("write_validation_report"),
    output:
        f"{P}/report.html",
    log:
        f"{P}/logs/write_report.log",
    conda:
        ENVIRONMENT
    params:
        settings=PLANTED,
    script:
        "../scripts/write_validation_report.py"
