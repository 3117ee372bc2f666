"""What was found, held against what was planted."""


use rule measure_agreement as measure_planted with:
    input:
        heatmaps=rules.average_planted.output.pooled,
        folds=rules.average_planted.output.folds,
        faces=rules.average_planted.output.faces,
        table=PLANTED_FOLDS,
        references=all_references,
        face="results/references/baselines/face.npy",
        code=code("measure_agreement"),
    output:
        PLANTED_AGREEMENT,
    log:
        f"{P}/logs/measure/{{corpus}}/{{cut}}/{{explainer}}/{{network}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
        explainer="|".join([*PLANTED["explainers"], "ceiling"]),
    params:
        network=lambda wildcards: wildcards.network,
        references=lambda wildcards: [*DEFINITIONS, *elsewhere(wildcards.corpus)],
        draws=PLANTED["measure"]["draws"],
        seed=PLANTED["study"]["seed"],
        absent="no face explained",


use rule tabulate_agreement as tabulate_planted with:
    input:
        measured=lambda wildcards: [
            PLANTED_AGREEMENT.format(cut=cut, explainer=explainer, **dict(wildcards.items()))
            for cut, explainer in looks_at(wildcards.corpus, wildcards.network)
        ],
        references=all_references,
        baselines=rules.draw_baselines.output.baselines,
        families=project("resources/network_families.csv"),
        origins=[],
        code=code("tabulate_agreement"),
    output:
        agreement=f"{P}/tables/{{corpus}}/{{network}}/agreement.csv",
        specificity=f"{P}/tables/{{corpus}}/{{network}}/specificity.csv",
        crossed=f"{P}/tables/{{corpus}}/{{network}}/crossed.csv",
        pretraining=temp(f"{P}/tables/{{corpus}}/{{network}}/pretraining.csv"),
    log:
        f"{P}/logs/tabulate/{{corpus}}/{{network}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
    params:
        explainers=lambda wildcards: [
            "/".join(look) for look in looks_at(wildcards.corpus, wildcards.network)
        ],
        networks=lambda wildcards: [wildcards.network],
        references=lambda wildcards: [*DEFINITIONS, *elsewhere(wildcards.corpus)],
        baselines=list(BASELINES),
        origins={
            name: (one["architecture"], one["weights"])
            for name, one in PLANTED["networks"].items()
        },


rule judge_planted:
    """Say of each planting what the networks learned and whether the heatmaps found it."""
    input:
        **{
            table: expand(
                f"{P}/tables/{{corpus}}/{{network}}/{table}.csv",
                corpus=PLANTINGS,
                network=PLANTED_NETWORKS,
            )
            for table in ("agreement", "specificity")
        },
        classification=expand(f"{P}/tables/{{corpus}}/classification.csv", corpus=PLANTINGS),
        code=code("judge_planted"),
    output:
        findings=f"{P}/findings.csv",
        places=f"{P}/places.csv",
    log:
        f"{P}/logs/judge.log",
    conda:
        ENVIRONMENT
    params:
        plantings=PLANTINGS,
        networks=PLANTED_NETWORKS,
    script:
        "../scripts/judge_planted.py"
