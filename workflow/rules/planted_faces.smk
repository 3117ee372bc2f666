"""Planted faces: drawn and read, cut into superpixels; what was planted in them, and where."""


wildcard_constraints:
    cut="|".join(CUTS),


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
