"""Plantings: the settings of the validation, checked; its names and what belongs to each."""

import yaml

VALIDATION = PROJECT / "config" / "validation.yaml"
try:
    PLANTED = settings.check(yaml.safe_load(VALIDATION.read_text()), schema)
except UserError as error:
    raise WorkflowError(f"config/validation.yaml: {error}") from None
for wrong, sentence in (
    (
        any(one["kind"] != "embedded" for one in PLANTED["corpora"].values()),
        "evidence can be planted only in corpora of kind: embedded",
    ),
    (
        any(one["weights"] != "random" for one in PLANTED["networks"].values()),
        "its networks start from weights: random, since it needs nothing from elsewhere",
    ),
    (
        PLANTED["hidden_by"] != "black",
        "hidden_by must be black here: grey is tried beside it by itself",
    ),
    (not PLANTED["inference"]["batch"], "inference: batch must be given here, such as 16"),
):
    if wrong:
        raise WorkflowError(f"config/validation.yaml: {sentence}.")

PLANTINGS, PLANTED_NETWORKS = list(PLANTED["corpora"]), list(PLANTED["networks"])
PLANTED_MACHINE = {"device": PLANTED["device"], "threads": PLANTED["threads"]}
PLACES = {name: corpus["units"] for name, corpus in PLANTED["corpora"].items()}
MIXED = [name for name, corpus in PLANTED["corpora"].items() if corpus["shuffle_labels"]]
# Shuffled labels do not change what is shown: its regions are those of the planting that is shuffled.
DRAWN_IN = {
    name: next(
        (
            twin
            for twin, one in PLANTED["corpora"].items()
            if one | {"shuffle_labels": True} == corpus
        ),
        name,
    )
    for name, corpus in PLANTED["corpora"].items()
}

# Cuts of a face: the study's, one much finer, and the study's again.
CUTS = {
    "slic": PLANTED["superpixels"],
    "fine": {
        **PLANTED["superpixels"],
        "n_segments": min(4 * PLANTED["superpixels"]["n_segments"], 255),
    },
    # Hidden is not black: the mean grey of the face, or the same face without its units.
    "grey": PLANTED["superpixels"],
    "undone": PLANTED["superpixels"],
}
# What is done on each cut: all on the study's, and on the others only what hangs on the cut. Of
# networks after the first, only what tells whether its limits are theirs too.
STUDYS = PLANTED["explainers"][0]
LOOKS = [("slic", explainer) for explainer in (*PLANTED["explainers"], "ceiling")]
LOOKS += [("fine", STUDYS), ("fine", "ceiling"), ("grey", STUDYS), ("undone", STUDYS)]
OTHERS_LOOKS = [("slic", STUDYS), ("slic", "ceiling"), ("grey", STUDYS), ("undone", STUDYS)]
DEFINITIONS = ("exact", "visible", "change")

P = "results/validation"
PLANTED_FACES = f"{P}/faces/{{corpus}}/faces.npy"
PLANTED_FOLDS = f"{P}/faces/{{corpus}}/folds.csv"
PLANTED_LANDMARKS = f"{P}/faces/{{corpus}}/landmarks.npy"
PLANTED_PREDICTIONS = f"{P}/networks/{{corpus}}/{{network}}/fold{{fold}}/predictions.csv"
PLANTED_WEIGHTS = f"{P}/networks/{{corpus}}/{{network}}/fold{{fold}}/weights.safetensors"
PLANTED_EXPLANATIONS = (
    f"{P}/explanations/{{corpus}}/{{cut}}/{{explainer}}/{{network}}/{{expression}}.npz"
)
PLANTED_HEATMAPS = f"{P}/heatmaps/{{corpus}}/{{cut}}/{{explainer}}/{{network}}/{{expression}}.npy"
PLANTED_REGIONS = f"{P}/references/{{corpus}}/{{definition}}/{{expression}}.npy"
PLANTED_AGREEMENT = f"{P}/agreement/{{corpus}}/{{cut}}/{{explainer}}/{{network}}.npz"
PLANTED_FOLD_NUMBERS = range(PLANTED["study"]["folds"])


def looks_at(planting, network):
    """Return what is measured of a planting, where labels are mixed only what is promised there."""
    if planting in MIXED:
        return [("slic", STUDYS), ("grey", STUDYS)]
    return LOOKS if network == PLANTED_NETWORKS[0] else OTHERS_LOOKS


def elsewhere(planting):
    """Return the plantings whose evidence lies in another place."""
    return [name for name in PLACES if name not in MIXED and PLACES[name] != PLACES[planting]]


def planted_references(wildcards, definitions=DEFINITIONS):
    """Return the maps of a planting's own evidence, all expressions of each definition."""
    return expand(
        PLANTED_REGIONS,
        corpus=DRAWN_IN[wildcards.corpus],
        definition=definitions,
        expression=EXPRESSIONS,
    )


def all_references(wildcards):
    """Return the maps that a planting's heatmaps are held against: its own, and other places."""
    others = expand(
        PLANTED_REGIONS,
        corpus=elsewhere(wildcards.corpus),
        definition="exact",
        expression=EXPRESSIONS,
    )
    return planted_references(wildcards) + others


def planted_superpixels(wildcards):
    size = PLANTED["networks"][wildcards.network]["input_size"]
    cut = "slic" if wildcards.cut in ("grey", "undone") else wildcards.cut
    return [f"{P}/faces/{wildcards.corpus}/superpixels/{cut}/{size}.npy"]
