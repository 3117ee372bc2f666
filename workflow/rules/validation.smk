"""Validation: do heatmaps find evidence that was planted, and nothing where there is none?

A study beside the study, with settings of its own. Each of its corpora is a condition: networks
are trained, explained and measured on each alone, by the rules of the study.
"""


wildcard_constraints:
    cut="|".join(CUTS),


rule validation:
    """Named target: the method's proof on planted evidence, and its report."""
    input:
        f"{P}/report.html",


use rule read_corpus as read_planted with:
    input:
        places=[],
        action_units=project("resources/action_units.csv"),
        planted_units=project("resources/planted_units.csv"),
        code=code("read_corpus"),
    output:
        table=f"{P}/faces/{{corpus}}/faces.csv",
        excluded=f"{P}/faces/{{corpus}}/excluded.csv",
        pixels=PLANTED_FACES,
        landmarks=PLANTED_LANDMARKS,
    log:
        f"{P}/logs/read/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        options=lambda wildcards: PLANTED["corpora"][wildcards.corpus],


use rule split_folds as split_planted with:
    input:
        tables=[f"{P}/faces/{{corpus}}/faces.csv"],
        code=code("split_folds"),
    output:
        PLANTED_FOLDS,
    log:
        f"{P}/logs/split/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        folds=PLANTED["study"]["folds"],
        seed=PLANTED["study"]["seed"],


use rule average_face as average_planted_face with:
    input:
        folds=PLANTED_FOLDS,
        faces=[PLANTED_FACES],
        landmarks=[PLANTED_LANDMARKS],
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("average_face"),
    output:
        f"{P}/faces/{{corpus}}/average.npy",
    log:
        f"{P}/logs/average_face/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        corpora=lambda wildcards: [wildcards.corpus],
        seed=PLANTED["study"]["seed"],


use rule segment_superpixels as segment_planted with:
    input:
        faces=PLANTED_FACES,
        landmarks=PLANTED_LANDMARKS,
        code=code("segment_superpixels"),
    output:
        f"{P}/faces/{{corpus}}/superpixels/{{cut}}/{{size}}.npy",
    log:
        f"{P}/logs/segment/{{corpus}}/{{cut}}/{{size}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        superpixels=lambda wildcards: CUTS[wildcards.cut],


use rule draw_evidence as draw_planted_evidence with:
    input:
        faces=f"{P}/faces/{{corpus}}/faces.csv",
        action_units=project("resources/action_units.csv"),
        planted_units=project("resources/planted_units.csv"),
        code=code("draw_evidence"),
    output:
        f"{P}/faces/{{corpus}}/evidence.npy",
    log:
        f"{P}/logs/evidence/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        options=lambda wildcards: {
            key: PLANTED["corpora"][wildcards.corpus][key] for key in ("seed", "units", "nuisance")
        },


rule draw_planted:
    """Average what each expression's units change on the canonical face: the exact region."""
    input:
        evidence=f"{P}/faces/{{corpus}}/evidence.npy",
        faces=f"{P}/faces/{{corpus}}/faces.csv",
        landmarks=PLANTED_LANDMARKS,
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("draw_planted"),
    output:
        **{
            name: expand(
                PLANTED_REGIONS, definition=name, expression=EXPRESSIONS, allow_missing=True
            )
            for name in DEFINITIONS
        },
    log:
        f"{P}/logs/draw_planted/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    conda:
        ENVIRONMENT
    script:
        "../scripts/draw_planted.py"


use rule train_network as train_planted with:
    input:
        folds=PLANTED_FOLDS,
        faces=[PLANTED_FACES],
        initial=[],
        code=code("train_network"),
    output:
        weights=PLANTED_WEIGHTS,
        history=f"{P}/networks/{{corpus}}/{{network}}/fold{{fold}}/history.csv",
        predictions=PLANTED_PREDICTIONS,
    log:
        f"{P}/logs/train/{{corpus}}/{{network}}/fold{{fold}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
    resources:
        gpu=int(PLANTED["device"] == "cuda"),
    params:
        recipe=lambda wildcards: PLANTED["networks"][wildcards.network],
        corpora=lambda wildcards: [wildcards.corpus],
        seed=PLANTED["study"]["seed"],
        machine=PLANTED_MACHINE,


use rule score_classification as score_planted_classification with:
    input:
        predictions=expand(
            PLANTED_PREDICTIONS,
            network=PLANTED_NETWORKS,
            fold=PLANTED_FOLD_NUMBERS,
            allow_missing=True,
        ),
        code=code("score_classification"),
    output:
        f"{P}/tables/{{corpus}}/classification.csv",
    log:
        f"{P}/logs/classification/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        networks=PLANTED_NETWORKS,


use rule explain_faces as explain_planted with:
    input:
        folds=PLANTED_FOLDS,
        faces=[PLANTED_FACES],
        superpixels=planted_superpixels,
        beneath=lambda wildcards: (
            [f"{P}/faces/{wildcards.corpus}/{wildcards.cut}.npy"]
            if wildcards.cut in ("grey", "undone")
            else []
        ),
        weights=expand(PLANTED_WEIGHTS, fold=PLANTED_FOLD_NUMBERS, allow_missing=True),
        predictions=expand(PLANTED_PREDICTIONS, fold=PLANTED_FOLD_NUMBERS, allow_missing=True),
        pace=[],
        code=lambda wildcards: code(
            "explain_faces", f"facsimile/explain/explainers/{wildcards.explainer}"
        ),
    output:
        expand(PLANTED_EXPLANATIONS, expression=EXPRESSIONS, allow_missing=True),
    log:
        f"{P}/logs/explain/{{corpus}}/{{cut}}/{{explainer}}/{{network}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
        explainer="|".join(PLANTED["explainers"]),
    resources:
        gpu=int(PLANTED["device"] == "cuda"),
    params:
        recipe=lambda wildcards: PLANTED["networks"][wildcards.network],
        corpora=lambda wildcards: [wildcards.corpus],
        expressions=EXPRESSIONS,
        settings=lambda wildcards: PLANTED.get(wildcards.explainer, {}),
        inference=PLANTED["inference"],
        faces=PLANTED["study"]["faces_per_expression"],
        select=PLANTED["study"]["select"],
        seed=PLANTED["study"]["seed"],
        machine=PLANTED_MACHINE,


rule fill_grey:
    """Make of each face a plain grey, its own mean, to hide parts of it with."""
    input:
        faces=PLANTED_FACES,
        code=code("fill_grey"),
    output:
        f"{P}/faces/{{corpus}}/grey.npy",
    log:
        f"{P}/logs/fill_grey/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    conda:
        ENVIRONMENT
    script:
        "../scripts/fill_grey.py"


rule draw_undone:
    """Draw the explained faces again without the units that tell their expression."""
    input:
        faces=f"{P}/faces/{{corpus}}/faces.csv",
        explanations=expand(
            PLANTED_EXPLANATIONS,
            cut="slic",
            explainer=PLANTED["explainers"][0],
            network=PLANTED_NETWORKS,
            expression=EXPRESSIONS,
            allow_missing=True,
        ),
        action_units=project("resources/action_units.csv"),
        planted_units=project("resources/planted_units.csv"),
        code=code("draw_undone"),
    output:
        f"{P}/faces/{{corpus}}/undone.npy",
    log:
        f"{P}/logs/draw_undone/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    conda:
        ENVIRONMENT
    params:
        options=lambda wildcards: {
            key: PLANTED["corpora"][wildcards.corpus][key] for key in ("seed", "units", "nuisance")
        },
    script:
        "../scripts/draw_undone.py"


rule explain_perfectly:
    """Paint what was planted on the superpixels of the same faces: no explainer can do better."""
    input:
        evidence=[f"{P}/faces/{{corpus}}/evidence.npy"],
        folds=PLANTED_FOLDS,
        superpixels=planted_superpixels,
        explanations=expand(
            PLANTED_EXPLANATIONS,
            explainer=PLANTED["explainers"][0],
            expression=EXPRESSIONS,
            allow_missing=True,
        ),
        code=code("explain_perfectly"),
    output:
        expand(
            PLANTED_EXPLANATIONS, explainer="ceiling", expression=EXPRESSIONS, allow_missing=True
        ),
    log:
        f"{P}/logs/explain/{{corpus}}/{{cut}}/ceiling/{{network}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
    conda:
        ENVIRONMENT
    script:
        "../scripts/explain_perfectly.py"


use rule average_heatmaps as average_planted with:
    input:
        explanations=expand(PLANTED_EXPLANATIONS, expression=EXPRESSIONS, allow_missing=True),
        folds=PLANTED_FOLDS,
        landmarks=[PLANTED_LANDMARKS],
        superpixels=planted_superpixels,
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("average_heatmaps"),
    output:
        pooled=expand(PLANTED_HEATMAPS, expression=EXPRESSIONS, allow_missing=True),
        folds=expand(
            PLANTED_HEATMAPS.replace("{expression}", "folds/{expression}"),
            expression=EXPRESSIONS,
            allow_missing=True,
        ),
        faces=expand(
            PLANTED_HEATMAPS.replace("{expression}.npy", "faces/{expression}.npz"),
            expression=EXPRESSIONS,
            allow_missing=True,
        ),
    log:
        f"{P}/logs/average/{{corpus}}/{{cut}}/{{explainer}}/{{network}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
        network="|".join(PLANTED_NETWORKS),
        explainer="|".join([*PLANTED["explainers"], "ceiling"]),
    params:
        corpora=lambda wildcards: [wildcards.corpus],
        expressions=EXPRESSIONS,
        folds=PLANTED["study"]["folds"],
        contrast=False,


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
            PLANTED_AGREEMENT.format(
                corpus=wildcards.corpus, cut=cut, explainer=explainer, network=network
            )
            for (cut, explainer), network in product(looks_at(wildcards.corpus), PLANTED_NETWORKS)
        ],
        references=all_references,
        baselines=rules.draw_baselines.output.baselines,
        families=project("resources/network_families.csv"),
        origins=[],
        code=code("tabulate_agreement"),
    output:
        agreement=f"{P}/tables/{{corpus}}/agreement.csv",
        specificity=f"{P}/tables/{{corpus}}/specificity.csv",
        crossed=f"{P}/tables/{{corpus}}/crossed.csv",
        pretraining=temp(f"{P}/tables/{{corpus}}/pretraining.csv"),
    log:
        f"{P}/logs/tabulate/{{corpus}}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        explainers=lambda wildcards: ["/".join(look) for look in looks_at(wildcards.corpus)],
        networks=PLANTED_NETWORKS,
        references=lambda wildcards: [*DEFINITIONS, *elsewhere(wildcards.corpus)],
        baselines=list(BASELINES),
        origins={
            name: (one["architecture"], one["weights"])
            for name, one in PLANTED["networks"].items()
        },


rule judge_planted:
    """Say of each planting what the networks learned and whether the heatmaps found it."""
    input:
        agreement=expand(f"{P}/tables/{{corpus}}/agreement.csv", corpus=PLANTINGS),
        specificity=expand(f"{P}/tables/{{corpus}}/specificity.csv", corpus=PLANTINGS),
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
    script:
        "../scripts/judge_planted.py"


rule plot_planted:
    """Draw what was planted beside what was found, for one planting and network."""
    input:
        changes=lambda wildcards: planted_references(wildcards, ["change"]),
        regions=lambda wildcards: planted_references(wildcards, ["exact"]),
        heatmaps=lambda wildcards: [
            PLANTED_HEATMAPS.format(
                cut=cut, explainer=explainer, expression=expression, **dict(wildcards.items())
            )
            for (cut, explainer), expression in product(looks_at(wildcards.corpus), EXPRESSIONS)
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
        looks=lambda wildcards: ["/".join(look) for look in looks_at(wildcards.corpus)],
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
