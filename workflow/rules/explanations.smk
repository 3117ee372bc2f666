"""Explanations: which parts of each chosen face spoke for the network's answer."""

from facsimile.explain.baselines import load_baseline
from facsimile.explain.methods import load_method

EXPLANATIONS = "{results}/explanations/{explainer}/{network}/{expression}.npz"
THROUGHPUT = "{results}/networks/{network}/throughput.csv"


def of_job(pattern):
    """Return what one explaining job makes: a file for its expression, or for all six."""
    if SETTINGS["study"]["job"] == "expression":
        return [pattern]
    return expand(pattern, expression=EXPRESSIONS, allow_missing=True)


def superpixels_of(wildcards):
    """Return the superpixels that an explainer asks about, at the network's input size."""
    superpixels = explainer_of(wildcards)["superpixels"]
    size = recipe(wildcards)["input_size"]
    return every(SUPERPIXELS, superpixels=superpixels, size=size)(wildcards) if superpixels else []


def parts_of(explainer):
    """Return an explainer's method, and its baseline if it has one."""
    method, baseline = load_method(explainer["method"]), explainer["baseline"]
    return [method, load_baseline(baseline)] if baseline else [method]


def further_images(wildcards):
    """Return the images of faces that an explainer needs beside the faces themselves."""
    parts = parts_of(explainer_of(wildcards))
    needs = dict.fromkeys(need for part in parts for need in part.NEEDS)
    return [
        path
        for need in needs
        for path in every(f"{{results}}/faces/{{corpus}}/{need}.npy")(wildcards)
    ]


def asked(wildcards):
    """Return an explainer's row without what matters only after the network has answered."""
    options = explainer_of(wildcards)
    after = load_method(options["method"]).AFTER
    return {key: value for key, value in options.items() if key not in after}


rule measure_throughput:
    """Find the batch and memory layout in which a network answers fastest on this machine."""
    input:
        weights=lambda wildcards: every(WEIGHTS, fold=0)(wildcards),
    output:
        THROUGHPUT,
    log:
        "{results}/logs/measure_throughput/{network}.log",
    conda:
        ENVIRONMENT
    threads: SETTINGS["threads"]
    resources:
        gpu=GPU,
    params:
        recipe=recipe,
        precision=setting("inference", "precision"),
        machine=MACHINE,
        code=code("measure_throughput"),
    script:
        "../scripts/measure_throughput.py"


rule explain_faces:
    """Explain a network's test faces, over all folds, for one expression or for all six."""
    input:
        folds=FOLDS,
        faces=every(FACES),
        superpixels=superpixels_of,
        extras=further_images,
        weights=every(WEIGHTS),
        predictions=every(PREDICTIONS),
        throughput=lambda wildcards: (
            [] if setting("inference", "batch_size")(wildcards) else THROUGHPUT
        ),
    output:
        of_job(EXPLANATIONS),
    log:
        expand(
            "{results}/logs/explain_faces/{explainer}/{network}{expression}.log",
            expression="/{expression}" if SETTINGS["study"]["job"] == "expression" else "",
            allow_missing=True,
        ),
    conda:
        ENVIRONMENT
    threads: SETTINGS["threads"]
    resources:
        gpu=GPU,
    params:
        row=asked,
        recipe=recipe,
        inference=setting("inference"),
        seed=setting("study", "seed"),
        machine=MACHINE,
        code=code(
            "explain_faces",
            lambda wildcards: [part.__module__ for part in parts_of(explainer_of(wildcards))],
        ),
    script:
        "../scripts/explain_faces.py"


rule score_trust:
    """Gather how far each explanation can be trusted."""
    input:
        explanations=lambda wildcards: every(
            EXPLANATIONS,
            explainer=dict.fromkeys(
                study_of(wildcards).passes[name] for name in study_of(wildcards).names["explainer"]
            ),
        )(wildcards),
    output:
        "{results}/trust.csv",
    log:
        "{results}/logs/score_trust.log",
    conda:
        ENVIRONMENT
    params:
        code=code("score_trust"),
    script:
        "../scripts/score_trust.py"
