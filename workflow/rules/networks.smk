"""Networks: fetch weights, train each network in each fold, score its predictions."""


rule networks:
    """Named target: all networks trained and their predictions scored."""
    input:
        "results/classification.csv",
        "results/figures/training.png",
        "results/figures/confusion.png",


rule fetch_weights:
    """Get the weights that a pre-trained network starts from, once for all its folds."""
    input:
        # A missing file is left to the job, whose error says what to do.
        file=lambda wildcards: [path for path in [weights_of(wildcards)] if Path(path).is_file()],
        code=code("fetch_weights"),
    output:
        "results/networks/{network}/initial.safetensors",
    log:
        "results/logs/fetch_weights/{network}.log",
    conda:
        ENVIRONMENT
    params:
        architecture=lambda wildcards: NETWORKS[wildcards.network]["architecture"],
        weights=weights_of,
    script:
        "../scripts/fetch_weights.py"


rule train_network:
    """Train a network on the other folds' faces, and predict this fold's."""
    input:
        folds="results/faces/folds.csv",
        faces=expand("results/faces/{corpus}/faces.npy", corpus=CORPORA),
        initial=lambda wildcards: (
            []
            if NETWORKS[wildcards.network]["weights"] == "random"
            else "results/networks/{network}/initial.safetensors"
        ),
        code=code("train_network"),
    output:
        weights="results/networks/{network}/fold{fold}/weights.safetensors",
        history="results/networks/{network}/fold{fold}/history.csv",
        predictions="results/networks/{network}/fold{fold}/predictions.csv",
    log:
        "results/logs/train_network/{network}/fold{fold}.log",
    conda:
        ENVIRONMENT
    threads: config["threads"]
    resources:
        gpu=GPU,
    params:
        recipe=recipe,
        corpora=list(CORPORA),
        seed=STUDY["seed"],
        machine=MACHINE,
    script:
        "../scripts/train_network.py"


rule score_classification:
    """Score each network's predictions of unseen people: the mean over folds."""
    input:
        predictions=expand(
            "results/networks/{network}/fold{fold}/predictions.csv", network=NETWORKS, fold=FOLDS
        ),
        code=code("score_classification"),
    output:
        report(
            "results/classification.csv",
            caption="../report/classification.rst",
            category="Networks",
            labels={"figure": "classification scores"},
        ),
    log:
        "results/logs/score_classification.log",
    conda:
        ENVIRONMENT
    params:
        networks=list(NETWORKS),
    script:
        "../scripts/score_classification.py"


rule plot_networks:
    """Draw how the networks learned, and what they confuse."""
    input:
        history=expand(
            "results/networks/{network}/fold{fold}/history.csv", network=NETWORKS, fold=FOLDS
        ),
        predictions=expand(
            "results/networks/{network}/fold{fold}/predictions.csv", network=NETWORKS, fold=FOLDS
        ),
        code=code("plot_networks"),
    output:
        training=report(
            "results/figures/training.png",
            caption="../report/training.rst",
            category="Networks",
            labels={"figure": "training"},
        ),
        confusion=report(
            "results/figures/confusion.png",
            caption="../report/confusion.rst",
            category="Networks",
            labels={"figure": "confusion"},
        ),
    log:
        "results/logs/plot_networks.log",
    conda:
        ENVIRONMENT
    params:
        networks=list(NETWORKS),
        folds=STUDY["folds"],
    script:
        "../scripts/plot_networks.py"
