"""Faith: are explanations true of their networks, and may their heatmaps be read?"""


rule probe_explanations:
    """Follow a network's answers as an explainer's superpixels are hidden; explain faces again."""
    input:
        **ALIGNED,
        explanations=answered,
        superpixels=every(
            SUPERPIXELS, superpixels=explainer.judging_superpixels, size=explainer.size
        ),
        extras=every(FURTHER, image=explainer.judging_images),
        weights=network.trained(WEIGHTS),
        checkpoint=network.checkpoint,
        throughput=throughput,
        canonical=CANONICAL,
    output:
        areas=FAITH_AREAS,
        again=FAITH_AGAIN,
    log:
        "{results}/logs/probe_explanations/{explainer}/{network}.log",
    wildcard_constraints:
        results=WITH_FACES,
    conda:
        ENVIRONMENT
    threads: SETTINGS["threads"]
    resources:
        gpu=GPU,
    params:
        row=explainer.asked,
        baselines=explainer.judges,
        contrast=explainer.contrast,
        faces=setting("faith", "faces"),
        sanity=setting("faith", "sanity"),
        superpixels=explainer.cut,
        recipe=network.row,
        inference=setting("inference"),
        seed=setting("study", "seed"),
        machine=MACHINE,
        code=code("probe_explanations", explainer.judging_modules),
    script:
        "../scripts/probe_explanations.py"


rule tabulate_faith:
    """Say of each network and explainer how true its explanations are, with intervals."""
    input:
        **LEARNED,
        areas=every(FAITH_AREAS),
        again=every(FAITH_AGAIN),
        repeats=every(REPEAT_HEATMAPS),
        null=every(NULL_HEATMAPS),
        table=every(FOLDS, repeat=0),
    output:
        "{results}/faith.csv",
    log:
        "{results}/logs/tabulate_faith.log",
    wildcard_constraints:
        results=WITH_FACES,
    conda:
        ENVIRONMENT
    params:
        baselines=explainer.all_judges,
        sizes=fact("input_sizes"),
        bootstrap_samples=fact("bootstrap_samples"),
        seed=setting("study", "seed"),
        code=code("tabulate_faith"),
    script:
        "../scripts/tabulate_faith.py"
