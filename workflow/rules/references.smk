"""References: where people look, by description and by measurement; and baselines."""


rule references:
    """Named target: all references, and their figures."""
    input:
        expand("results/figures/references/{reference}.png", reference=REFERENCES),


rule draw_regions:
    """Draw a reference that is written as polygons, one mask an expression."""
    input:
        regions=project("resources/references/{reference}.yaml"),
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("draw_regions"),
    output:
        expand("results/references/{{reference}}/{expression}.npy", expression=EXPRESSIONS),
    log:
        "results/logs/draw_regions/{reference}.log",
    wildcard_constraints:
        reference="|".join(REGIONS),
    conda:
        ENVIRONMENT
    script:
        "../scripts/draw_regions.py"


rule draw_action_units:
    """Draw the masks of each expression's action units."""
    input:
        units=project("resources/expression_units.csv"),
        regions=project("resources/action_unit_regions.yaml"),
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("draw_action_units"),
    output:
        expand("results/references/{{facs}}/{expression}.npy", expression=EXPRESSIONS),
    log:
        "results/logs/draw_action_units/{facs}.log",
    wildcard_constraints:
        facs="facs_core|facs_variants",
    conda:
        ENVIRONMENT
    script:
        "../scripts/draw_action_units.py"


rule average_people:
    """Carry what people needed to see to the canonical face, and average it."""
    input:
        # A missing file is left to the job, whose error says what to do.
        [path for path in HUMAN.values() if Path(path).is_file()],
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("average_people"),
    output:
        maps=expand("results/references/human/{expression}.npy", expression=EXPRESSIONS),
        ceiling=report(
            "results/references/human/ceiling.csv",
            caption="../report/ceiling.rst",
            category="Agreement",
            labels={"figure": "noise ceiling of the human maps"},
        ),
    log:
        "results/logs/average_people.log",
    conda:
        ENVIRONMENT
    params:
        **HUMAN,
        seed=STUDY["seed"],
    script:
        "../scripts/average_people.py"


rule read_reference:
    """Read a reference that the user brings: a PNG or NPY an expression."""
    input:
        maps=lambda wildcards: sorted(
            str(path)
            for path in Path(GIVEN_MAPS[wildcards.given]).glob("*")
            if path.suffix in (".png", ".npy")
        ),
        code=code("read_reference"),
    output:
        expand("results/references/{{given}}/{expression}.npy", expression=EXPRESSIONS),
    log:
        "results/logs/read_reference/{given}.log",
    wildcard_constraints:
        given="|".join(GIVEN_MAPS) or "(?!)",
    conda:
        ENVIRONMENT
    params:
        folder=lambda wildcards: GIVEN_MAPS[wildcards.given],
    script:
        "../scripts/read_reference.py"


rule draw_baselines:
    """Draw the maps that know nothing of expressions, and the outline of a face."""
    input:
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("draw_baselines"),
    output:
        baselines=expand("results/references/baselines/{baseline}.npy", baseline=BASELINES),
        outline="results/references/baselines/outline.npy",
    log:
        "results/logs/draw_baselines.log",
    conda:
        ENVIRONMENT
    params:
        names=list(BASELINES),
    script:
        "../scripts/draw_baselines.py"


rule plot_references:
    """Draw a reference on the average face."""
    input:
        masks=expand("results/references/{{reference}}/{expression}.npy", expression=EXPRESSIONS),
        face="results/faces/average.npy",
        canonical=project("resources/canonical_landmarks.csv"),
        code=code("plot_references"),
    output:
        report(
            "results/figures/references/{reference}.png",
            caption="../report/masks.rst",
            category="Agreement",
            labels={"figure": "reference: {reference}"},
        ),
    log:
        "results/logs/plot_references/{reference}.log",
    conda:
        ENVIRONMENT
    script:
        "../scripts/plot_references.py"
