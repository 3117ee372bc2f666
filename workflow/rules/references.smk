"""References: where people look, by description and by measurement; and rivals that know nothing."""

from facsimile.atlas.rivals import rivals_of


rule draw_reference:
    """Draw or read a reference, one map an expression, as its kind says."""
    input:
        sources=reference.sources,
        tables=reference.tables,
    output:
        maps=expand(REFERENCES, expression=EXPRESSIONS, allow_missing=True),
        ceiling=CEILINGS,
    log:
        "{results}/logs/draw_reference/{reference}.log",
    wildcard_constraints:
        results=lookup.where(lambda study: study.settings["references"]),
    conda:
        ENVIRONMENT
    params:
        row=reference.row,
        seed=setting("study", "seed"),
        code=code("draw_reference", reference.kind),
    script:
        "../scripts/draw_reference.py"


rule draw_planted:
    """Average what each expression's units change on the canonical face: the exact region."""
    input:
        evidence=every("{results}/faces/{corpus}/evidence.npy"),
        faces=every(TABLE),
        landmarks=every(LANDMARKS),
        canonical=CANONICAL,
    output:
        expand(REFERENCES, reference=PLANTED_REGIONS, expression=EXPRESSIONS, allow_missing=True),
    log:
        "{results}/logs/draw_planted.log",
    wildcard_constraints:
        results=IN_CONDITION,
    conda:
        ENVIRONMENT
    params:
        code=code("draw_planted"),
    script:
        "../scripts/draw_planted.py"


rule borrow_regions:
    """Take the exact region of another condition of the validation as a reference of its name."""
    input:
        expand(REFERENCES, results=CONDITION, reference="exact", expression=EXPRESSIONS),
    output:
        maps=expand(REFERENCES, reference="{condition}", expression=EXPRESSIONS, allow_missing=True),
    log:
        "{results}/logs/borrow_regions/{condition}.log",
    wildcard_constraints:
        results=IN_CONDITION,
    conda:
        ENVIRONMENT
    shell:
        "cp {input} $(dirname {output.maps[0]}) 2> {log}"


rule draw_rivals:
    """Draw the maps that know nothing of expressions, and the outline of a face."""
    input:
        canonical=CANONICAL,
    output:
        rivals=expand(RIVALS, rival=rivals_of([]), allow_missing=True),
        outline=OUTLINE,
    log:
        "{results}/logs/draw_rivals.log",
    conda:
        ENVIRONMENT
    params:
        code=code("draw_rivals", *all_in("facsimile.atlas.rivals")),
    script:
        "../scripts/draw_rivals.py"


rule draw_looks:
    """Draw the maps that know what the study's faces look like, and nothing of expressions."""
    input:
        **ALIGNED,
        neutrals=every(FURTHER, image="neutral", corpus=fact("with_neutrals")),
        tables=corpus.drawn_tables,
        average=AVERAGE,
        canonical=CANONICAL,
    output:
        expand(RIVALS, rival=STUDIES["results"].rivals_of_faces, allow_missing=True),
    log:
        "{results}/logs/draw_looks.log",
    wildcard_constraints:
        results="results",
    conda:
        ENVIRONMENT
    threads: 8
    params:
        drawn=corpus.drawn,
        alignment=setting("study", "alignment"),
        seed=setting("study", "seed"),
        code=code(
            "draw_looks", *all_in("facsimile.atlas.rivals"), "facsimile.faces.corpora.synthetic"
        ),
    script:
        "../scripts/draw_looks.py"
