"""Agreement: heatmaps held against references and chance, with intervals."""


rule measure_agreement:
    """Score a network's heatmaps against all references: of each repeat, and of other people."""
    input:
        heatmaps=every(HEATMAPS),
        repeats=with_faces(REPEAT_HEATMAPS),
        folds=with_faces(FOLD_HEATMAPS),
        faces=with_faces(FACE_HEATMAPS),
        table=with_faces(FOLDS, repeat=0),
        references=every(REFERENCES),
        face="{results}/rivals/face.npy",
    output:
        MEASURED,
    log:
        "{results}/logs/measure_agreement/{explainer}/{network}.log",
    conda:
        ENVIRONMENT
    params:
        bootstrap_samples=fact("bootstrap_samples"),
        seed=setting("study", "seed"),
        absent=fact("absent"),
        code=code("measure_agreement", *SCORES),
    script:
        "../scripts/measure_agreement.py"


rule tabulate_agreement:
    """Gather all networks' agreement in tidy tables."""
    input:
        **LEARNED,
        measured=every(MEASURED),
        null=every(NULL_LEVELS),
        references=every(REFERENCES),
        rivals=every(RIVALS),
        families=FAMILIES,
        origins=network.origins,
    output:
        **TOLD,
        cross_expression="{results}/cross_expression.csv",
    log:
        "{results}/logs/tabulate_agreement.log",
    conda:
        ENVIRONMENT
    params:
        origins=fact("origins"),
        sizes=fact("input_sizes"),
        primary=fact("primary"),
        seed=setting("study", "seed"),
        code=code("tabulate_agreement", *SCORES),
    script:
        "../scripts/tabulate_agreement.py"


rule write_tables:
    """Set the scores as wide tables, networks down and expressions across, for papers."""
    input:
        **LEARNED,
        agreement="{results}/agreement.csv",
    output:
        csv="{results}/tables/agreement.csv",
        tex="{results}/tables/agreement.tex",
    log:
        "{results}/logs/write_tables.log",
    conda:
        ENVIRONMENT
    params:
        code=code("write_tables", *SCORES),
    script:
        "../scripts/write_tables.py"
