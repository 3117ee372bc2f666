"""Faces: read each corpus, assign folds, cut superpixels."""


rule read_corpus:
    """Detect, place landmarks and align every face of a corpus, or exclude it with a reason."""
    input:
        places=corpus.places,
        tables=corpus.tables,
    output:
        table=TABLE,
        excluded=EXCLUDED,
        pixels=FACES,
        landmarks=LANDMARKS,
    log:
        "{results}/logs{view}/read_corpus/{corpus}.log",
    conda:
        ENVIRONMENT
    threads: 64  # as many as there are: Snakemake cuts it to --cores
    params:
        row=corpus.row,
        alignment=setting("study", "alignment"),
        view=corpus.view,
        files=corpus.files,
        code=code("read_corpus", corpus.kind),
    script:
        "../scripts/read_corpus.py"


rule split_folds:
    """Give each face the fold in whose test side it is, anew for each repeat."""
    input:
        tables=every(TABLE),
    output:
        FOLDS,
    log:
        "{results}/logs/split_folds/repeat{repeat}.log",
    conda:
        ENVIRONMENT
    params:
        folds=setting("study", "folds"),
        seed=setting("study", "seed"),
        trained=fact("trains"),
        code=code("split_folds"),
    script:
        "../scripts/split_folds.py"


rule account_faces:
    """Count what was read and kept, find images twice, and see what crops tell of the labels."""
    input:
        tables=every(TABLE),
        excluded=every(EXCLUDED),
        landmarks=every(LANDMARKS),
    output:
        accounting="{results}/faces/accounting.csv",
        duplicates="{results}/faces/duplicates.csv",
        leakage="{results}/faces/leakage.csv",
    log:
        "{results}/logs/account_faces.log",
    conda:
        ENVIRONMENT
    params:
        code=code("account_faces"),
    script:
        "../scripts/account_faces.py"


rule segment_superpixels:
    """Cut every face of a corpus into superpixels, at the input size of some network."""
    input:
        faces=FACES,
        landmarks=LANDMARKS,
    output:
        SUPERPIXELS,
    log:
        "{results}/logs{view}/segment_superpixels/{corpus}/{superpixels}/{size}.log",
    conda:
        ENVIRONMENT
    threads: 8
    params:
        superpixels=superpixels.row,
        code=code("segment_superpixels", superpixels.kind),
    script:
        "../scripts/segment_superpixels.py"


rule average_face:
    """Average all faces on the canonical face: the background of the figures."""
    input:
        **ALIGNED,
        canonical=CANONICAL,
    output:
        AVERAGE,
    log:
        "{results}/logs/average_face.log",
    wildcard_constraints:
        results=WITH_FACES,
    conda:
        ENVIRONMENT
    params:
        seed=setting("study", "seed"),
        code=code("average_face"),
    script:
        "../scripts/average_face.py"


rule draw_evidence:
    """Map where on each drawn face its expression is shown, and draw the face without it."""
    input:
        faces=TABLE.replace("{view}", ""),
        tables=corpus.tables,
    output:
        evidence="{results}/faces/{corpus}/evidence.npy",
        neutralised="{results}/faces/{corpus}/neutralised.npy",
    log:
        "{results}/logs/draw_evidence/{corpus}.log",
    conda:
        ENVIRONMENT
    threads: 8
    params:
        row=corpus.row,
        alignment=setting("study", "alignment"),
        code=code("draw_evidence", corpus.kind),
    script:
        "../scripts/draw_evidence.py"


rule register_average:
    """Bring the average face of all corpora onto each face of a corpus, as a baseline."""
    input:
        table=every(FOLDS, repeat=0),
        faces=every(FACES, corpus=names("corpus")),
        landmarks=every(LANDMARKS, corpus=names("corpus")),
    output:
        FURTHER.replace("{image}", "average"),
    log:
        "{results}/logs{view}/register_average/{corpus}.log",
    conda:
        ENVIRONMENT
    threads: 8
    params:
        seed=setting("study", "seed"),
        code=code("register_average"),
    script:
        "../scripts/register_average.py"


rule register_neutrals:
    """Bring a neutral picture of the same person onto each face of a corpus, as a baseline."""
    input:
        places=corpus.places,
        tables=corpus.tables,
        table=TABLE,
        faces=FACES,
        landmarks=LANDMARKS,
    output:
        neutral=FURTHER.replace("{image}", "neutral"),
        table="{results}{view}/faces/{corpus}/neutrals.csv",
    log:
        "{results}/logs{view}/register_neutrals/{corpus}.log",
    conda:
        ENVIRONMENT
    threads: 8
    params:
        row=corpus.row,
        alignment=setting("study", "alignment"),
        view=corpus.view,
        code=code("register_neutrals", corpus.kind),
    script:
        "../scripts/register_neutrals.py"
