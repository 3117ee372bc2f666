"""What several rules need, and how much one job of theirs makes."""

from facsimile.jobs import explaining_jobs, once, training_jobs

# Some jobs make the files of several folds, repeats or expressions, as many as their networks have.
# So their rules are there several times, all alike.
TRAINING, EXPLAINING = training_jobs(STUDIES), explaining_jobs(STUDIES)

answered = every(EXPLANATIONS, explainer=explainer.passes)
superpixels_of = every(SUPERPIXELS, superpixels=explainer.superpixels, size=explainer.size)
throughput = every(THROUGHPUT, network=network.measured)

# The faces of a study as they were aligned: their table with folds, pixels, and landmarks.
ALIGNED = {"table": every(FOLDS, repeat=0), "faces": every(FACES), "landmarks": every(LANDMARKS)}

# Networks that did not learn are marked wherever they are shown.
LEARNED = {"classification": with_faces("{results}/classification.csv")}

# The tables of agreement that figures and the page show.
TOLD = {
    name: f"{{results}}/{name}.csv"
    for name in ("agreement", "overall", "specificity", "contrasts", "pretraining")
}


def background(wildcards):
    """Return what heatmaps are drawn on: the average face, or where there is none, an outline."""
    return AVERAGE if study_of(wildcards).has_faces else OUTLINE
