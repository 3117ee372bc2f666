"""Faces: read each corpus, assign folds, cut superpixels."""

from facsimile.faces import corpora
from facsimile.plugins import placed

FACES = "{results}/faces/{corpus}/faces.npy"
LANDMARKS = "{results}/faces/{corpus}/landmarks.npy"
TABLE = "{results}/faces/{corpus}/faces.csv"
EXCLUDED = "{results}/faces/{corpus}/excluded.csv"
SUPERPIXELS = "{results}/faces/{corpus}/superpixels/{superpixels}/{size}.npy"
FOLDS = "{results}/faces/folds.csv"
CANONICAL = resource("canonical_landmarks")
corpus_row = row("corpora", "corpus")
superpixels_row = row("superpixels", "superpixels")


def corpus_options(options):
    """Return a corpus' row, with its places as seen from where the study runs."""
    return placed(type(corpora.corpus_of(options)), options, place)


def corpus_of(options):
    """Return the corpus of a row, likewise."""
    return corpora.corpus_of(corpus_options(options))


def corpus_tables(wildcards):
    """Return those of the project's tables that a corpus is drawn from."""
    return [resource(name) for name in corpus_of(corpus_row(wildcards)).tables]


def missing_corpora():
    """Return one sentence on all corpora that are not where they should be, if any."""
    wanted = {name: corpus_of(options) for name, options in SETTINGS["corpora"].items()}
    missing = {
        (name, Path(path).resolve())
        for name, corpus in wanted.items()
        for path in corpus.places()
        if not os.path.exists(path)
    }
    if not missing:
        return None
    sentences = [
        f"\n  {name}: nothing at {path}\n    expected is {wanted[name].LAYOUT}."
        for name, path in sorted(missing)
    ]
    return (
        f"{len(dict(missing))} of {len(wanted)} corpora missing. Put them in place, or change "
        "`corpora` in the configuration; docs/corpora.md says how to obtain each."
        + "".join(sentences)
    )


rule read_corpus:
    """Detect, place landmarks and align every face of a corpus, or exclude it with a reason."""
    input:
        # A table or folder that changes is read again. For a missing one the run stops at its start,
        # so that a plan can be made without the corpora.
        places=lambda wildcards: [
            local(str(path))
            for path in corpus_of(corpus_row(wildcards)).places()
            if os.path.exists(path)
        ],
        tables=corpus_tables,
    output:
        table=TABLE,
        excluded=EXCLUDED,
        pixels=FACES,
        landmarks=LANDMARKS,
    log:
        "{results}/logs/read_corpus/{corpus}.log",
    conda:
        ENVIRONMENT
    threads: 64  # as many as there are: Snakemake cuts it to --cores
    params:
        row=lambda wildcards: corpus_options(corpus_row(wildcards)),
        code=code("read_corpus", kind_in("facsimile.faces.corpora", corpus_row)),
    script:
        "../scripts/read_corpus.py"


rule split_folds:
    """Give each face the fold in whose test side it is: by person, balanced by expression."""
    input:
        tables=every(TABLE),
    output:
        FOLDS,
    log:
        "{results}/logs/split_folds.log",
    conda:
        ENVIRONMENT
    params:
        folds=setting("study", "folds"),
        seed=setting("study", "seed"),
        code=code("split_folds"),
    script:
        "../scripts/split_folds.py"


rule account_faces:
    """Count what was read, kept and excluded, and find images that are there twice."""
    input:
        tables=every(TABLE),
        excluded=every(EXCLUDED),
    output:
        accounting="{results}/faces/accounting.csv",
        duplicates="{results}/faces/duplicates.csv",
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
        "{results}/logs/segment_superpixels/{corpus}/{superpixels}/{size}.log",
    conda:
        ENVIRONMENT
    threads: 8
    params:
        superpixels=superpixels_row,
        code=code("segment_superpixels", kind_in("facsimile.explain.superpixels", superpixels_row)),
    script:
        "../scripts/segment_superpixels.py"


rule average_face:
    """Average all faces on the canonical face: the background of the figures."""
    input:
        folds=FOLDS,
        faces=every(FACES),
        landmarks=every(LANDMARKS),
        canonical=CANONICAL,
    output:
        "{results}/faces/average.npy",
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
        faces=TABLE,
        tables=corpus_tables,
    output:
        evidence="{results}/faces/{corpus}/evidence.npy",
        neutralised="{results}/faces/{corpus}/neutralised.npy",
    log:
        "{results}/logs/draw_evidence/{corpus}.log",
    conda:
        ENVIRONMENT
    threads: 8
    params:
        row=corpus_row,
        code=code("draw_evidence", kind_in("facsimile.faces.corpora", corpus_row)),
    script:
        "../scripts/draw_evidence.py"
