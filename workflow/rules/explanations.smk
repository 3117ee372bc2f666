"""Explanations: which parts of each chosen face spoke for the network's answer."""


rule measure_throughput:
    """Find the batch and memory layout in which a network answers fastest on this machine."""
    input:
        weights=network.trained(WEIGHTS, repeat=0, fold=0),
        checkpoint=network.checkpoint,
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
        recipe=network.row,
        precision=setting("inference", "precision"),
        machine=MACHINE,
        code=code("measure_throughput"),
    script:
        "../scripts/measure_throughput.py"


for jobs, some in EXPLAINING.items():

    rule:
        """Explain a network's test faces: of one repeat and expression, or of all."""
        name:
            f"explain_faces{jobs}"
        input:
            table=every(FOLDS, repeat=0),
            faces=every(FACES),
            superpixels=superpixels_of,
            extras=every(FURTHER, image=explainer.images),
            weights=network.trained(WEIGHTS),
            checkpoint=network.checkpoint,
            predictions=every(PREDICTIONS),
            throughput=throughput,
        output:
            some.outputs(EXPLANATIONS, "repeat", "expression"),
        log:
            some.log("explain_faces/{explainer}/{network}", "repeat{repeat}/{expression}"),
        wildcard_constraints:
            results=some.folders,
            network=some.networks,
        conda:
            ENVIRONMENT
        threads: SETTINGS["threads"]
        resources:
            gpu=GPU,
        params:
            row=explainer.asked,
            recipe=network.row,
            inference=setting("inference"),
            seed=setting("study", "seed"),
            machine=MACHINE,
            code=code("explain_faces", explainer.modules),
        script:
            "../scripts/explain_faces.py"


rule score_trust:
    """Gather how far each explanation can be trusted."""
    input:
        explanations=answered,
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
