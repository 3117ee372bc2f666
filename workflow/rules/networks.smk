"""Networks: fetch weights, train each network in each fold, score its predictions."""


rule fetch_weights:
    """Get the weights that a pre-trained network starts from, once for all its folds."""
    input:
        file=network.weights,
    output:
        INITIAL,
    log:
        "{results}/logs/fetch_weights/{network}.log",
    conda:
        ENVIRONMENT
    params:
        architecture=network.value("architecture"),
        weights=network.value("weights"),
        code=code("fetch_weights"),
    script:
        "../scripts/fetch_weights.py"


for jobs, some in TRAINING.items():

    rule:
        """Train a network on the other folds' faces, and predict this fold's; or for each fold."""
        name:
            f"train_network{jobs}"
        input:
            folds=FOLDS,
            faces=every(FACES),
            initial=lambda wildcards: INITIAL if network.is_pretrained(wildcards) else [],
        output:
            weights=some.outputs(WEIGHTS, "fold"),
            history=some.outputs(HISTORY, "fold"),
            predictions=some.outputs(PREDICTIONS, "fold"),
            record=some.outputs(RECORDS, "fold"),
        log:
            some.log("train_network/{network}/repeat{repeat}", "fold{fold}"),
        wildcard_constraints:
            results=some.folders,
            network=some.networks,
        conda:
            ENVIRONMENT
        threads: SETTINGS["threads"]
        resources:
            gpu=GPU,
        params:
            recipe=network.row,
            seed=setting("study", "seed"),
            machine=MACHINE,
            code=code("train_network"),
        script:
            "../scripts/train_network.py"


rule audit_network:
    """Try whether a network that is not trained here does better where faces are shown otherwise."""
    input:
        table=every(TABLE, view=""),
        checkpoint=network.checkpoint,
        tables=corpus.tables,
    output:
        AUDIT,
    log:
        "{results}/logs/audit_network/{network}/{corpus}.log",
    conda:
        ENVIRONMENT
    threads: SETTINGS["threads"]
    resources:
        gpu=GPU,
    params:
        network=network.row,
        corpus=corpus.row,
        alignment=setting("study", "alignment"),
        seed=setting("study", "seed"),
        machine=MACHINE,
        code=code("audit_network", corpus.kind),
    script:
        "../scripts/audit_network.py"


rule ask_finished:
    """Have a network that is not trained here answer for all faces, and say which it is."""
    input:
        folds=every(FOLDS, repeat=0),
        faces=every(FACES),
        checkpoint=network.checkpoint,
        audits=every(AUDIT, network=network.audited),
    output:
        history=once(HISTORY),
        predictions=once(PREDICTIONS),
        record=once(RECORDS),
    log:
        "{results}/logs/ask_finished/{network}.log",
    wildcard_constraints:
        network=either(*STUDIES["results"].finished),
    conda:
        ENVIRONMENT
    threads: SETTINGS["threads"]
    resources:
        gpu=GPU,
    params:
        network=network.row,
        machine=MACHINE,
        code=code("ask_finished"),
    script:
        "../scripts/ask_finished.py"


rule score_classification:
    """Score each network's predictions of unseen people: the mean over folds, and each repeat's."""
    input:
        predictions=every(PREDICTIONS),
        table=every(FOLDS, repeat=0),
    output:
        networks="{results}/classification.csv",
        repeats="{results}/classification/repeats.csv",
    log:
        "{results}/logs/score_classification.log",
    conda:
        ENVIRONMENT
    params:
        code=code("score_classification"),
    script:
        "../scripts/score_classification.py"
