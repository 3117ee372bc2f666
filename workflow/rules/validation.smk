"""Validation: do heatmaps find evidence that was planted, and nothing where there is none?

A study beside the study, with settings of its own. Each of its corpora is a condition: networks
are trained, explained and measured on each alone, by the rules of the study.
"""

import yaml

VALIDATION = PROJECT / "config" / "validation.yaml"
try:
    PLANTED = settings.check(yaml.safe_load(VALIDATION.read_text()), schema)
except UserError as error:
    raise WorkflowError(f"config/validation.yaml: {error}") from None
for wrong, sentence in (
    (
        any(one["kind"] != "embedded" for one in PLANTED["corpora"].values()),
        "evidence can be planted only in corpora of kind: embedded",
    ),
    (
        any(one["weights"] != "random" for one in PLANTED["networks"].values()),
        "its networks start from weights: random, since it needs nothing from elsewhere",
    ),
    (not PLANTED["inference"]["batch"], "inference: batch must be given here, such as 16"),
):
    if wrong:
        raise WorkflowError(f"config/validation.yaml: {sentence}.")

PLANTINGS, PLANTED_NETWORKS = list(PLANTED["corpora"]), list(PLANTED["networks"])
PLANTED_MACHINE = {"device": PLANTED["device"], "threads": PLANTED["threads"]}
PLACES = {name: corpus["units"] for name, corpus in PLANTED["corpora"].items()}
MIXED = [name for name, corpus in PLANTED["corpora"].items() if corpus["shuffle_labels"]]
# Shuffled labels do not change what is shown: its regions are those of the planting that is shuffled.
DRAWN_IN = {
    name: next(
        (
            twin
            for twin, one in PLANTED["corpora"].items()
            if one | {"shuffle_labels": True} == corpus
        ),
        name,
    )
    for name, corpus in PLANTED["corpora"].items()
}

# Cuts of a face: the study's, one much finer, and one that follows the face.
CUTS = {
    "slic": PLANTED["superpixels"],
    "fine": {
        **PLANTED["superpixels"],
        "n_segments": min(4 * PLANTED["superpixels"]["n_segments"], 255),
    },
    "parts": {**PLANTED["superpixels"], "kind": "parts"},
}
# What is done on each cut: all on the study's, and on the others only what hangs on the cut.
LOOKS = [("slic", explainer) for explainer in (*PLANTED["explainers"], "ceiling")]
LOOKS += list(product(("fine", "parts"), (PLANTED["explainers"][0], "ceiling")))
DEFINITIONS = ("exact", "visible", "change")

P = "results/validation"
PLANTED_FACES = P + "/faces/{corpus}/faces.npy"
PLANTED_FOLDS = P + "/faces/{corpus}/folds.csv"
PLANTED_LANDMARKS = P + "/faces/{corpus}/landmarks.npy"
PLANTED_PREDICTIONS = P + "/networks/{corpus}/{network}/fold{fold}/predictions.csv"
PLANTED_WEIGHTS = P + "/networks/{corpus}/{network}/fold{fold}/weights.safetensors"
PLANTED_EXPLANATIONS = P + "/explanations/{corpus}/{cut}/{explainer}/{network}/{expression}.npz"
PLANTED_HEATMAPS = P + "/heatmaps/{corpus}/{cut}/{explainer}/{network}/{expression}.npy"
PLANTED_REGIONS = P + "/references/{corpus}/{definition}/{expression}.npy"
PLANTED_AGREEMENT = P + "/agreement/{corpus}/{cut}/{explainer}/{network}.npz"
PLANTED_FOLD_NUMBERS = range(PLANTED["study"]["folds"])


def looks_at(planting):
    """Return what is measured of a planting, where labels are mixed only what is promised there."""
    wanted = ("slic", PLANTED["explainers"][0]), ("slic", "random")
    return [look for look in LOOKS if planting not in MIXED or look in wanted]


def elsewhere(planting):
    """Return the plantings whose evidence lies in another place."""
    return [name for name in PLACES if name not in MIXED and PLACES[name] != PLACES[planting]]


def planted_references(wildcards, definitions=DEFINITIONS):
    """Return the maps of a planting's own evidence, all expressions of each definition."""
    return expand(
        PLANTED_REGIONS,
        corpus=DRAWN_IN[wildcards.corpus],
        definition=definitions,
        expression=EXPRESSIONS,
    )


def all_references(wildcards):
    """Return the maps that a planting's heatmaps are held against: its own, and other places."""
    others = expand(
        PLANTED_REGIONS,
        corpus=elsewhere(wildcards.corpus),
        definition="exact",
        expression=EXPRESSIONS,
    )
    return planted_references(wildcards) + others


def planted_superpixels(wildcards):
    size = PLANTED["networks"][wildcards.network]["input_size"]
    return [f"{P}/faces/{wildcards.corpus}/superpixels/{wildcards.cut}/{size}.npy"]


wildcard_constraints:
    cut="|".join(CUTS),


rule validation:
    """Named target: the method's proof on planted evidence, and its report."""
    input:
        P + "/report.html",


use rule read_corpus as read_planted with:
    input:
        places=[],
        action_units=project("resources/action_units.csv"),
        planted_units=project("resources/planted_units.csv"),
        code=code("read_corpus"),
    output:
        table=P + "/faces/{corpus}/faces.csv",
        excluded=P + "/faces/{corpus}/excluded.csv",
        pixels=PLANTED_FACES,
        landmarks=PLANTED_LANDMARKS,
    log:
        P + "/logs/read/{corpus}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        options=lambda wildcards: PLANTED["corpora"][wildcards.corpus],


use rule split_folds as split_planted with:
    input:
        tables=[P + "/faces/{corpus}/faces.csv"],
        code=code("split_folds"),
    output:
        PLANTED_FOLDS,
    log:
        P + "/logs/split/{corpus}.log",
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
        P + "/faces/{corpus}/average.npy",
    log:
        P + "/logs/average_face/{corpus}.log",
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
        P + "/faces/{corpus}/superpixels/{cut}/{size}.npy",
    log:
        P + "/logs/segment/{corpus}/{cut}/{size}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        superpixels=lambda wildcards: CUTS[wildcards.cut],


use rule draw_evidence as draw_planted_evidence with:
    input:
        faces=P + "/faces/{corpus}/faces.csv",
        action_units=project("resources/action_units.csv"),
        planted_units=project("resources/planted_units.csv"),
        code=code("draw_evidence"),
    output:
        P + "/faces/{corpus}/evidence.npy",
    log:
        P + "/logs/evidence/{corpus}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        options=lambda wildcards: {
            key: PLANTED["corpora"][wildcards.corpus][key] for key in ("seed", "units", "nuisance")
        },


rule draw_planted:
    """Average what each expression's units change on the canonical face: the exact region."""
    input:
        evidence=P + "/faces/{corpus}/evidence.npy",
        faces=P + "/faces/{corpus}/faces.csv",
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
        P + "/logs/draw_planted/{corpus}.log",
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
        history=P + "/networks/{corpus}/{network}/fold{fold}/history.csv",
        predictions=PLANTED_PREDICTIONS,
    log:
        P + "/logs/train/{corpus}/{network}/fold{fold}.log",
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
        P + "/tables/{corpus}/classification.csv",
    log:
        P + "/logs/classification/{corpus}.log",
    wildcard_constraints:
        corpus="|".join(PLANTINGS),
    params:
        networks=PLANTED_NETWORKS,


use rule explain_faces as explain_planted with:
    input:
        folds=PLANTED_FOLDS,
        faces=[PLANTED_FACES],
        superpixels=planted_superpixels,
        weights=expand(PLANTED_WEIGHTS, fold=PLANTED_FOLD_NUMBERS, allow_missing=True),
        predictions=expand(PLANTED_PREDICTIONS, fold=PLANTED_FOLD_NUMBERS, allow_missing=True),
        pace=[],
        code=lambda wildcards: code(
            "explain_faces", f"facsimile/explain/explainers/{wildcards.explainer}"
        ),
    output:
        expand(PLANTED_EXPLANATIONS, expression=EXPRESSIONS, allow_missing=True),
    log:
        P + "/logs/explain/{corpus}/{cut}/{explainer}/{network}.log",
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


rule explain_perfectly:
    """Paint what was planted on the superpixels of the same faces: no explainer can do better."""
    input:
        evidence=[P + "/faces/{corpus}/evidence.npy"],
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
        P + "/logs/explain/{corpus}/{cut}/ceiling/{network}.log",
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
        P + "/logs/average/{corpus}/{cut}/{explainer}/{network}.log",
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
        P + "/logs/measure/{corpus}/{cut}/{explainer}/{network}.log",
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
        agreement=P + "/tables/{corpus}/agreement.csv",
        specificity=P + "/tables/{corpus}/specificity.csv",
        crossed=P + "/tables/{corpus}/crossed.csv",
        pretraining=temp(P + "/tables/{corpus}/pretraining.csv"),
    log:
        P + "/logs/tabulate/{corpus}.log",
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
        agreement=expand(P + "/tables/{corpus}/agreement.csv", corpus=PLANTINGS),
        specificity=expand(P + "/tables/{corpus}/specificity.csv", corpus=PLANTINGS),
        classification=expand(P + "/tables/{corpus}/classification.csv", corpus=PLANTINGS),
        code=code("judge_planted"),
    output:
        findings=P + "/findings.csv",
        places=P + "/places.csv",
    log:
        P + "/logs/judge.log",
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
        face=P + "/faces/{corpus}/average.npy",
        code=code("plot_planted"),
    output:
        P + "/figures/{corpus}/{network}.png",
    log:
        P + "/logs/plot_planted/{corpus}/{network}.log",
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
        P + "/figures/limits.png",
    log:
        P + "/logs/plot_limits.log",
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
            P + "/figures/{corpus}/{network}.png", corpus=PLANTINGS, network=PLANTED_NETWORKS
        ),
        limits=P + "/figures/limits.png",
        templates=TEMPLATES,
        code=code("write_validation_report"),
    output:
        P + "/report.html",
    log:
        P + "/logs/write_report.log",
    conda:
        ENVIRONMENT
    params:
        settings=PLANTED,
    script:
        "../scripts/write_validation_report.py"
