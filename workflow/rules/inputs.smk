"""What jobs need: from the rows of their study to files and parameters."""

from facsimile.atlas.references import reference_of
from facsimile.explain.baselines import load_baseline
from facsimile.explain.methods import load_method
from facsimile.faces import corpora
from facsimile.plugins import placed

SCORES = all_in("facsimile.measure.scores")
corpus_row = row("corpora", "corpus")
superpixels_row = row("superpixels", "superpixels")
reference_row = row("references", "reference")
recipe = row("networks", "network")


def corpus_options(options):
    """Return a corpus' row, with its places as seen from where the study runs."""
    return placed(type(corpora.corpus_of(options)), options, place)


def corpus_of(options):
    """Return the corpus of a row, likewise."""
    return corpora.corpus_of(corpus_options(options))


def corpus_tables(wildcards):
    """Return those of the project's tables that a corpus is drawn from."""
    return [resource(name) for name in corpus_of(corpus_row(wildcards)).tables]


def missing_corpora():
    """Return one sentence on all corpora that are not where they should be, if any."""
    wanted = {name: corpus_of(options) for name, options in SETTINGS["corpora"].items()}
    missing = {
        (name, Path(path).resolve())
        for name, corpus in wanted.items()
        for path in corpus.places()
        if not os.path.exists(path)
    }
    if not missing:
        return None
    sentences = [
        f"\n  {name}: nothing at {path}\n    expected is {wanted[name].LAYOUT}."
        for name, path in sorted(missing)
    ]
    return (
        f"{len(dict(missing))} of {len(wanted)} corpora missing. Put them in place, or change "
        "`corpora` in the configuration; docs/corpora.md says how to obtain each."
        + "".join(sentences)
    )


def weights_of(wildcards):
    """Return where a network's weights come from: imagenet, or the path of a file."""
    weights = recipe(wildcards)["weights"]
    return weights if weights in ("random", "imagenet") else place(weights)


def explainer_of(wildcards):
    """Return the row of a job's explainer."""
    return study_of(wildcards).explainers[wildcards.explainer]


def of_job(pattern):
    """Return what one explaining job makes: a file for its expression, or for all six."""
    if SETTINGS["study"]["job"] == "expression":
        return [pattern]
    return expand(pattern, expression=EXPRESSIONS, allow_missing=True)


def log_of_job(rule):
    """Return the log of one explaining job."""
    job = "{network}/{expression}" if SETTINGS["study"]["job"] == "expression" else "{network}"
    return f"{{results}}/logs/{rule}/{{explainer}}/{job}.log"


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
    return every("{results}/faces/{corpus}/{need}.npy", need=needs)(wildcards)


def asked(wildcards):
    """Return an explainer's row without what matters only after the network has answered."""
    options = explainer_of(wildcards)
    after = load_method(options["method"]).AFTER
    return {key: value for key, value in options.items() if key not in after}


def answered(wildcards):
    """Return the explanations that an explainer's heatmaps are made of: maybe another row's."""
    shared = study_of(wildcards).passes[wildcards.explainer]
    given = {**dict(wildcards.items()), "explainer": shared}
    return [path.format(**given) for path in of_job(EXPLANATIONS)]


def distinct_explanations(wildcards):
    """Return the explanations of all rows of a study, those that rows share once."""
    study = study_of(wildcards)
    shared = dict.fromkeys(study.passes[name] for name in study.names["explainer"])
    return every(EXPLANATIONS, explainer=shared)(wildcards)


def reference_options(wildcards):
    """Return a reference's row, with its places as seen from where the study runs."""
    options = reference_row(wildcards)
    return placed(type(reference_of(options)), options, place)


def reference_sources(wildcards):
    """Return the files that a reference is read from, those of a folder one by one."""
    found = []
    for source in reference_of(reference_options(wildcards)).places():
        # A missing file is left to the job, whose error says what to do.
        found += sorted(source.iterdir()) if source.is_dir() else [source] * source.is_file()
    return [local(str(path)) for path in found if not path.name.startswith(".")]


def origins(wildcards):
    """Return the architecture and the weights at start of each network that the study trains."""
    if not study_of(wildcards).has_faces:
        return {}
    recipes = study_of(wildcards).settings["networks"]
    return {name: [one["architecture"], one["weights"]] for name, one in recipes.items()}


def origins_given(wildcards):
    """Return the table of where networks come from, beside heatmaps made elsewhere, if any."""
    if study_of(wildcards).has_faces:
        return []
    table = place(f"{SETTINGS['external_heatmaps']}/networks.csv")
    return [table] if Path(table).is_file() else []


def bootstrap_samples(wildcards):
    """Return how often people are drawn anew: never where there are none."""
    one = study_of(wildcards)
    return one.settings["measure"]["bootstrap_samples"] if one.has_faces else 0


def in_conditions(pattern):
    """Return a file of every condition of the validation, for each name that its study has."""
    folders = [CONDITION.format(condition=name) for name in CONDITIONS]
    return [path for one in folders for path in STUDIES[one].paths(pattern, {"results": one})]
