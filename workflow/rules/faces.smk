"""Faces: read each corpus, assign folds, cut superpixels."""


rule faces:
    """Named target: all corpora read, and folds assigned."""
    input:
        "results/faces/folds.csv",
        "results/faces/accounting.csv",
        "results/faces/duplicates.csv",
        "results/figures/faces.png",


rule read_corpus:
    """Detect, place landmarks and align every face of a corpus, or exclude it with a reason."""
    input:
        # A table or folder that changes is read again. For a missing one the run stops at its start,
        # so that a plan can be made without the corpora.
        places=lambda wildcards: [
            place for place in corpus_places(wildcards.corpus) if os.path.exists(place)
        ],
        action_units=lambda wildcards: (
            project("resources/action_units.csv")
            if CORPORA[wildcards.corpus]["kind"] == "embedded"
            else []
        ),
        planted_units=lambda wildcards: (
            project("resources/planted_units.csv")
            if CORPORA[wildcards.corpus].get("units", "all") != "all"
            else []
        ),
        code=code("read_corpus"),
    output:
        table="results/faces/{corpus}/faces.csv",
        excluded="results/faces/{corpus}/excluded.csv",
        pixels="results/faces/{corpus}/faces.npy",
        landmarks="results/faces/{corpus}/landmarks.npy",
    log:
        "results/logs/read_corpus/{corpus}.log",
    conda:
        ENVIRONMENT
    threads: 64  # as many as there are: Snakemake cuts it to --cores
    params:
        options=lambda wildcards: corpus_options(wildcards.corpus),
    script:
        "../scripts/read_corpus.py"


rule split_folds:
    """Give each face the fold in whose test side it is: by person, balanced by expression."""
    input:
        tables=expand("results/faces/{corpus}/faces.csv", corpus=CORPORA),
        code=code("split_folds"),
    output:
        "results/faces/folds.csv",
    log:
        "results/logs/split_folds.log",
    conda:
        ENVIRONMENT
    params:
        folds=STUDY["folds"],
        seed=STUDY["seed"],
    script:
        "../scripts/split_folds.py"


rule account_faces:
    """Count what was read, kept and excluded, and find images that are there twice."""
    input:
        tables=expand("results/faces/{corpus}/faces.csv", corpus=CORPORA),
        excluded=expand("results/faces/{corpus}/excluded.csv", corpus=CORPORA),
        code=code("account_faces"),
    output:
        accounting="results/faces/accounting.csv",
        duplicates="results/faces/duplicates.csv",
    log:
        "results/logs/account_faces.log",
    conda:
        ENVIRONMENT
    params:
        corpora=list(CORPORA),
    script:
        "../scripts/account_faces.py"


rule segment_superpixels:
    """Cut every face of a corpus into superpixels, at the input size of some network."""
    input:
        faces="results/faces/{corpus}/faces.npy",
        landmarks="results/faces/{corpus}/landmarks.npy",
        code=code("segment_superpixels"),
    output:
        "results/faces/{corpus}/superpixels/{size}.npy",
    log:
        "results/logs/segment_superpixels/{corpus}/{size}.log",
    conda:
        ENVIRONMENT
    threads: 8
    params:
        superpixels=config["superpixels"],
    script:
        "../scripts/segment_superpixels.py"


rule average_face:
    """Average all faces on the canonical face: the background of the figures."""
    input:
        folds="results/faces/folds.csv",
        faces=expand("results/faces/{corpus}/faces.npy", corpus=CORPORA),
        landmarks=expand("results/faces/{corpus}/landmarks.npy", corpus=CORPORA),
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("average_face"),
    output:
        "results/faces/average.npy",
    log:
        "results/logs/average_face.log",
    conda:
        ENVIRONMENT
    params:
        corpora=list(CORPORA),
        seed=STUDY["seed"],
    script:
        "../scripts/average_face.py"


rule plot_faces:
    """Show some faces of each expression with their landmarks."""
    input:
        folds="results/faces/folds.csv",
        faces=expand("results/faces/{corpus}/faces.npy", corpus=CORPORA),
        landmarks=expand("results/faces/{corpus}/landmarks.npy", corpus=CORPORA),
        code=code("plot_faces"),
    output:
        report(
            "results/figures/faces.png",
            caption="../report/faces.rst",
            category="Faces",
            labels={"figure": "faces and landmarks"},
        ),
    log:
        "results/logs/plot_faces.log",
    conda:
        ENVIRONMENT
    params:
        corpora=list(CORPORA),
        seed=STUDY["seed"],
    script:
        "../scripts/plot_faces.py"


rule draw_evidence:
    """Map where on each embedded face its expression was drawn, as its networks see the face."""
    input:
        faces="results/faces/{corpus}/faces.csv",
        action_units=project("resources/action_units.csv"),
        planted_units=project("resources/planted_units.csv"),
        code=code("draw_evidence"),
    output:
        "results/faces/{corpus}/evidence.npy",
    log:
        "results/logs/draw_evidence/{corpus}.log",
    wildcard_constraints:
        corpus="|".join(name for name in CORPORA if CORPORA[name]["kind"] == "embedded") or "none",
    conda:
        ENVIRONMENT
    threads: 8
    params:
        options=lambda wildcards: {
            key: CORPORA[wildcards.corpus][key] for key in ("seed", "units", "nuisance")
        },
    script:
        "../scripts/draw_evidence.py"
