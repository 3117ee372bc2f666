"""What jobs need: from the rows of their study to files and parameters."""

from functools import cache

from facsimile.atlas.references import reference_of
from facsimile.errors import unknown
from facsimile.atlas.rivals import rivals_of
from facsimile.explain import asking
from facsimile.faces import corpora
from facsimile.faces.inventory import inventory
from facsimile.files import can_be_input, files_in
from facsimile.jobs import explaining_jobs, training_jobs
from facsimile.networks.finished import is_finished, located, network_of
from facsimile.plugins import placed

SCORES = all_in("facsimile.measure.scores")
corpus_row = row("corpora", "corpus")
superpixels_row = row("superpixels", "superpixels")
reference_row = row("references", "reference")


def there(places):
    """Return the files at some places of the user's. A missing one is left to the job's error."""
    return [local(str(path)) for path in files_in(map(Path, places))]


def corpus_options(options):
    """Return a corpus' row, with its places as seen from where the study runs."""
    return placed(type(corpora.corpus_of(options)), options, place)


def corpus_of(options):
    """Return the corpus of a row, likewise."""
    return corpora.corpus_of(corpus_options(options))


def corpus_tables(wildcards):
    """Return those of the project's tables that a corpus is drawn from."""
    return [resource(name) for name in corpus_of(corpus_row(wildcards)).tables]


def corpus_places(wildcards):
    """Return the files of the user's that a corpus' row names: where one changes, it is read again.

    For a missing one the run stops at its start, so that a plan can be made without the corpora.
    """
    found = corpus_of(corpus_row(wildcards)).places()
    return [local(str(path)) for path in found if os.path.isfile(path) and can_be_input(path)]


@cache
def corpus_files(results, name):
    """Return what the files in a corpus' folders are, as a digest; likewise."""
    try:
        return inventory(corpus_of(STUDIES[results].settings["corpora"][name]).files())
    except UserError:
        return "files unreadable"  # the job says why


def view_settings(wildcards):
    """Return how the faces of a job are cut and coloured."""
    return study_of(wildcards).views[wildcards.view].settings


def recipe(wildcards):
    """Return the row of a job's network, its file as seen from where the study runs."""
    return located(row("networks", "network")(wildcards), place)


def checkpoint(wildcards):
    """Return the files of a finished network; of one that is trained none."""
    found = recipe(wildcards)
    return there(network_of(found).files) if is_finished(found) else []


def audits(wildcards):
    """Return the audits of a job's network, or of all: none of those that are trained."""
    audited = study_of(wildcards).audited
    wanted = [name for name in audited if wildcards.get("network", name) == name]
    return every(AUDIT, network=wanted)(wildcards)


def trained(paths):
    """Return a function for files that a training makes; none of a finished network."""
    return lambda wildcards: [] if is_finished(recipe(wildcards)) else paths(wildcards)


def once(pattern):
    """Return the one file that a finished network has of those that trainings make."""
    return pattern.replace("{repeat}", "0").replace("{fold}", "0")


def explainer_of(wildcards):
    """Return the row of a job's explainer."""
    rows = study_of(wildcards).explainers
    if wildcards.explainer not in rows:
        raise unknown("explainer", wildcards.explainer, rows, wildcards.results)
    return rows[wildcards.explainer]


# Some jobs make the files of several folds, repeats or expressions, as many as their networks have.
# So their rules are there several times, all alike.
TRAINED, EXPLAINED = training_jobs(STUDIES), explaining_jobs(STUDIES)


def size_of(wildcards):
    """Return the input size of a job's network, or of its networks that know nothing."""
    return int(wildcards.get("size") or recipe(wildcards)["input_size"])


def superpixels_of(wildcards):
    """Return the superpixels that an explainer asks about, at the network's input size."""
    superpixels, size = explainer_of(wildcards)["superpixels"], size_of(wildcards)
    return every(SUPERPIXELS, superpixels=superpixels, size=size)(wildcards) if superpixels else []


def further_images(wildcards, *baselines):
    """Return the images of faces that an explainer, and baselines, need beside the faces."""
    return every(FURTHER, image=asking.needs(asked(wildcards), *baselines))(wildcards)


def judges(wildcards, explainer=None):
    """Return the two baselines that a job's explainer, or another, is judged with."""
    study = study_of(wildcards)
    default, others = study.settings["study"]["baseline"], study.settings["faith"]["baselines"]
    return asking.judges(study.explainers[explainer or wildcards.explainer], default, others)


def judging_rows(wildcards):
    """Return the settings of these baselines by their names."""
    return {name: setting("baselines", name)(wildcards) for name in judges(wildcards)}


def drawn_corpora(wildcards):
    """Return the rows of the corpora of a study whose faces are drawn."""
    return {name: setting("corpora", name)(wildcards) for name in study_of(wildcards).drawn}


def superpixels_judged(wildcards):
    """Return the superpixels that an explainer is judged by: where it has none, the first."""
    study = study_of(wildcards)
    name = explainer_of(wildcards)["superpixels"] or next(iter(study.settings["superpixels"]))
    return every(SUPERPIXELS, superpixels=name, size=size_of(wildcards))(wildcards)


def asked(wildcards):
    """Return an explainer's row without what matters only after the network has answered."""
    return asking.asked(explainer_of(wildcards), setting("baselines")(wildcards))


def asked_modules(wildcards):
    """Return the modules of an explainer's parts."""
    return asking.modules(asked(wildcards))


def of_all_corpora(pattern):
    """Return a function for a file of each corpus, whichever a job is of."""
    return lambda wildcards: every(pattern, corpus=study_of(wildcards).names["corpus"])(wildcards)


def cut_row(wildcards):
    """Return the settings of the superpixels that an explainer weighs, if it does."""
    name = explainer_of(wildcards)["superpixels"]
    return study_of(wildcards).settings["superpixels"][name] if name else {}


def judging_modules(wildcards):
    """Return the modules of an explainer's parts, of its superpixels, and of its judges."""
    cut = cut_row(wildcards)
    kinds = [f"facsimile.explain.superpixels.{cut['kind']}"] if cut else []
    return asking.modules(asked(wildcards), *judging_rows(wildcards).values()) + kinds


def throughput(wildcards):
    """Return what was measured of a network's speed, where no batch size is given."""
    return [] if setting("inference", "batch_size")(wildcards) else every(THROUGHPUT)(wildcards)


def answered(wildcards):
    """Return the explanations of a job's explainer, or of all: of rows that share a pass, one's."""
    study, names = study_of(wildcards), study_of(wildcards).names["explainer"]
    if "explainer" in dict(wildcards):
        explainer_of(wildcards)  # there is one of that name
        names = [wildcards.explainer]
    passes = dict.fromkeys(study.passes[name] for name in names)
    return every(EXPLANATIONS, explainer=passes)(wildcards)


def reference_options(wildcards):
    """Return a reference's row, with its places as seen from where the study runs."""
    options = reference_row(wildcards)
    return placed(type(reference_of(options)), options, place)


def reference_sources(wildcards):
    """Return the files that a reference is read from, those of a folder one by one."""
    return there(reference_of(reference_options(wildcards)).places())


def origins_given(wildcards):
    """Return the table of where networks come from, beside heatmaps made elsewhere, if any."""
    if study_of(wildcards).has_faces:
        return []
    table = place(f"{SETTINGS['external_heatmaps']}/networks.csv")
    return [table] if can_be_input(table) else []


def in_conditions(pattern):
    """Return a file of every condition of the validation, for each name that its study has."""
    folders = [CONDITION.format(condition=name) for name in CONDITIONS]
    return [path for one in folders for path in STUDIES[one].paths(pattern, {"results": one})]


def planting(wildcards):
    """Return the row of the one corpus of a condition of the validation."""
    (planted,) = study_of(wildcards).settings["corpora"].values()
    return planted


def all_superpixels(wildcards):
    """Return the superpixels of all explainers of a study, at the input sizes of its networks."""
    study = study_of(wildcards)
    cuts = {row["superpixels"] for row in study.explainers.values()} - {None}
    sizes = sorted(set(study.input_sizes.values()))
    return every(SUPERPIXELS, superpixels=sorted(cuts), size=sizes)(wildcards)


def ceilings(wildcards):
    """Return how well each reference agrees with itself; nothing of what was planted."""
    own = study_of(wildcards).settings["references"]
    return every("{results}/references/{reference}/ceiling.csv", reference=own)(wildcards)
