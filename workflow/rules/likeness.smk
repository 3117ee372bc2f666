"""Likeness: which networks look at the same places, and where people sit among them."""


rule correlate_heatmaps:
    """Correlate all networks' heatmaps and the references of one expression, pair by pair."""
    input:
        heatmaps=every(HEATMAPS),
        faces=with_faces(FACE_HEATMAPS),
        table=with_faces(FOLDS, repeat=0),
        references=every(REFERENCES),
        ceilings=every(CEILINGS, reference=setting("references")),
    output:
        table=LIKENESS,
        bootstrap=BOOTSTRAP,
    log:
        "{results}/logs/correlate_heatmaps/{expression}.log",
    conda:
        ENVIRONMENT
    params:
        bootstrap_samples=fact("bootstrap_samples"),
        repeats=fact("repeats"),
        seed=setting("study", "seed"),
        code=code("correlate_heatmaps"),
    script:
        "../scripts/correlate_heatmaps.py"


rule cluster_heatmaps:
    """Cluster the heatmaps of each expression and of all, and test what explains the branches."""
    input:
        likeness=every(LIKENESS),
        bootstrap=every(BOOTSTRAP),
        families=FAMILIES,
        origins=network.origins,
    output:
        all="{results}/likeness/all.csv",
        branches="{results}/likeness/branches.csv",
        tests="{results}/likeness/tests.csv",
    log:
        "{results}/logs/cluster_heatmaps.log",
    priority: 1  # before scores: the figures that take longest wait for this alone
    conda:
        ENVIRONMENT
    params:
        networks=names("network"),
        origins=fact("origins"),
        seed=setting("study", "seed"),
        code=code("cluster_heatmaps"),
    script:
        "../scripts/cluster_heatmaps.py"
