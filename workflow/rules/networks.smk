"""Networks: fetch weights, train each network in each fold, score its predictions."""


rule fetch_weights:
    """Get the weights that a pre-trained network starts from, once for all its folds."""
    input:
        # A missing file is left to the job, whose error says what to do.
        file=lambda wildcards: [path for path in [weights_of(wildcards)] if can_be_input(path)],
    output:
        INITIAL,
    log:
        "{results}/logs/fetch_weights/{network}.log",
    conda:
        ENVIRONMENT
    params:
        architecture=lambda wildcards: recipe(wildcards)["architecture"],
        weights=weights_of,
        code=code("fetch_weights"),
    script:
        "../scripts/fetch_weights.py"


for jobs, folders in JOBS.items():

    rule:
        """Train a network on the other folds' faces, and predict this fold's; or for each fold."""
        name:
            f"train_network{jobs}"
        input:
            folds=FOLDS,
            faces=every(FACES),
            initial=lambda wildcards: [] if recipe(wildcards)["weights"] == "random" else INITIAL,
        output:
            weights=of_job(folders, WEIGHTS, "fold"),
            history=of_job(folders, HISTORY, "fold"),
            predictions=of_job(folders, PREDICTIONS, "fold"),
            record=of_job(folders, RECORDS, "fold"),
        log:
            log_of_job(folders, "train_network/{network}/repeat{repeat}", "fold{fold}"),
        wildcard_constraints:
            results=either(*folders),
        conda:
            ENVIRONMENT
        threads: SETTINGS["threads"]
        resources:
            gpu=GPU,
        params:
            recipe=recipe,
            seed=setting("study", "seed"),
            machine=MACHINE,
            code=code("train_network"),
        script:
            "../scripts/train_network.py"


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
